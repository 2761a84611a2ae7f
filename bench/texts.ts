import { setTimeout as sleep } from 'node:timers/promises'
import { send } from '../test/crash/signed.ts'
import { startBeside } from './beside.ts'
import { type Bench, median, ms, now } from './figure.ts'
import { TANGLED } from './hostile.ts'
import { OWNER, startWorld, type World } from './world.ts'

/** Each hostile comment has others' commands beside it for so long. */
const WINDOW_MS = 1_500
const QUIET = 40
const RECEIVING_MS = 20
const COMMANDS_MS = 250
const BYTES = 60_000

/** More of what is slow to read: what opens and never closes, and what may mean many things. */
const MORE = ['![](', '](', '*a_ ', '**a', '<b ', '&#x41;', '[a]: b\n', '- \t', '~~~\n', '\\', '\u00e9_'].map((piece) =>
  piece.repeat(Math.floor(BYTES / Buffer.byteLength(piece))),
)

/**
 * Hostile comments of 60 kB one by one, each with a command at its end: how long other deliveries and the commands of
 * others are held up by them.
 */
export const benchTexts: Bench = async ({ say, tell, quick, profiles, latency }) => {
  const texts = quick ? TANGLED.slice(0, 2) : [...TANGLED, ...MORE]
  const world = await startWorld({ profiles, latency })
  try {
    const command = commandsOf(world)
    const hostile = issueOf(world, 'ada/attacked', 'mallory')
    const watch = await watcherOf(world)
    // What is loaded and compiled at the first use is not the text's.
    for (let n = 0; n < 5; n++) await command()
    await deliver(world, hostile('Some words of a long comment.\n'.repeat(100)))
    await world.idle()

    const before = await watch()
    const usual: number[] = []
    while (usual.length < (quick ? 2 : QUIET)) usual.push(await command())
    const quiet = await before.ask(0)

    const during = await watch()
    const took: number[] = []
    for (const text of texts) {
      await deliver(world, hostile(`${text}\n\n/wl status\n`))
      const end = now() + WINDOW_MS
      do took.push(await command())
      while (now() < end)
    }
    const received = await during.ask(0)
    await world.idle()
    say(
      `${texts.length} texts of ${BYTES / 1000} kB. A command of others took ${ms(median(took))} (p50) and ` +
        `${ms(Math.max(...took))} (longest), with no such text about ${ms(median(usual))} and ` +
        `${ms(Math.max(...usual))}. Deliveries were acknowledged in ${ms(median(received))} and ` +
        `${ms(Math.max(...received))}, before in ${ms(median(quiet))} and ${ms(Math.max(...quiet))}.`,
    )
    const pause = (all: readonly number[], normal: readonly number[]) => Math.max(...all) - median(normal)
    tell({ what: 'longest pause of receiving, ms', is: pause(received, quiet), limit: ['at most', RECEIVING_MS] })
    tell({ what: 'longest pause of others’ commands, ms', is: pause(took, usual), limit: ['at most', COMMANDS_MS] })
  } finally {
    await world.close()
  }
}

type Said = { comment: number; delivery: World['gh']['deliveries'][number] }

/** An issue on which one person comments; the webhooks are kept back for the bench to send. */
function issueOf({ gh }: World, repo: string, login: string): (body: string) => Said {
  gh.hold()
  gh.repository(repo, { files: { 'a.ts': 'one\n' } })
  gh.user(login)
  const { number } = gh.as(OWNER).openIssue(repo, { title: 'Talk' })
  return (body) => {
    const { id } = gh.as(login).comment(repo, number, body)
    return { comment: id, delivery: gh.deliveries.at(-1)! }
  }
}

/** Somebody's commands elsewhere; each resolves to the milliseconds until it was answered. */
function commandsOf(world: World): () => Promise<number> {
  const say = issueOf(world, 'ada/elsewhere', 'bob')
  return async () => {
    const said = say('/wl status')
    const began = now()
    await deliver(world, said)
    while (world.gh.reactions(said.comment).length === 0) await sleep(2)
    return now() - began
  }
}

/** Watches how soon talk elsewhere is acknowledged. */
async function watcherOf(world: World) {
  const { delivery } = issueOf(world, 'ada/talk', 'eve')('A remark.')
  const { payload } = delivery
  return () => startBeside('receiving', { url: world.bridge.url, secret: world.gh.app.webhookSecret, payload })
}

async function deliver({ gh, bridge }: World, { delivery }: Said): Promise<void> {
  const status = await send(gh, bridge, delivery)
  if (status !== 202) throw new Error(`the webhook was answered with ${status}`)
}
