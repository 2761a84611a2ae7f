import { setTimeout as sleep } from 'node:timers/promises'
import { send } from '../test/crash/signed.ts'
import { turnByHand } from './baselines/by-hand.ts'
import { type Bench, median, ms, now } from './figure.ts'
import { people, registerPeople, submitWork } from './ledger-rows.ts'
import { type Span, timeByPart, type Times } from './spans.ts'
import { HOST } from './stored-stamp.ts'
import { pullsInReview, type Pull, sayStamp, startWorld, type World } from './world.ts'

const WARM = 5
const STAMPS = 40
const LIMIT = 5

/** A signed webhook to the Dolt commit of its stamp, with nothing else going on, against the same SQL by hand. */
export const benchCommit: Bench = async ({ say, tell, quick, profiles }) => {
  const count = (quick ? 2 : STAMPS) + WARM
  const world = await startWorld({ probed: true, profiles })
  try {
    const pulls = await pullsInReview(world, 'commit', count)
    const stampers = people('stamper', 1, 9_000_001)
    const authors = people('contributor', 20, 9_100_001)
    await registerPeople(world.ledger, HOST, [...stampers, ...authors])
    const works = await submitWork(world.ledger, HOST, { name: 'by hand', count, authors })
    const ours: Times[] = []
    const byHand: number[] = []
    // In turn, so that what else the machine does hits both.
    for (const [n, pull] of pulls.entries()) {
      ours.push(await stampThrough(world, pull))
      const began = now()
      const stored = { comment: n, delivery: `bench-${n}`, stamper: stampers[0]!, work: works[n]! }
      await turnByHand(world.ledger, stored)
      byHand.push(now() - began)
    }
    const [times, hand] = [ours.slice(WARM), median(byHand.slice(WARM))]
    const p50 = (of: (times: Times) => number) => median(times.map(of))
    const without = p50(({ all, took }) => all - took.github)
    say(
      `p50 of ${times.length}: ${ms(p50(({ all }) => all))} from the webhook to the commit. Waited for GitHub ` +
        `${ms(p50(({ took }) => took.github))} in ${p50(({ asked }) => asked.github)} requests, Dolt ` +
        `${ms(p50(({ took }) => took.dolt))} in ${p50(({ asked }) => asked.dolt)} statements, Postgres ` +
        `${ms(p50(({ took }) => took.postgres))} in ${p50(({ asked }) => asked.postgres)}; our own ` +
        `${ms(p50(({ own }) => own))}. By hand ${ms(hand)}.`,
    )
    tell({ what: 'one stamp, of the SQL by hand', is: without / hand, limit: ['at most', LIMIT] })
  } finally {
    await world.close()
  }
}

/** From the POST of the webhook until Dolt's answer to the COMMIT of the stamp. */
async function stampThrough(world: World, pull: Pull): Promise<Times> {
  const { gh, bridge } = world
  const { comment, delivery } = sayStamp(world, pull)
  await bridge.spans()
  const began = now()
  const status = await send(gh, bridge, delivery)
  if (status !== 202) throw new Error(`the webhook was answered with ${status}`)
  while (gh.reactions(comment).length === 0) await sleep(5)
  await world.idle()
  const spans = await bridge.spans()
  return timeByPart(spans, began, committedAt(spans))
}

function committedAt(spans: readonly Span[]): number {
  const dolt = spans.filter(({ part }) => part === 'dolt').toSorted((a, b) => a.began - b.began)
  const call = dolt.findLastIndex(({ what }) => what.startsWith('CALL DOLT_COMMIT'))
  const commit = dolt.slice(call).find(({ what }) => what === 'COMMIT')
  if (call === -1 || commit === undefined) throw new Error('the stamp was not committed')
  return commit.ended
}
