import { randomUUID } from 'node:crypto'
import type { LocalGitHub } from '../local-github/local-github.ts'
import { startApp } from './baselines/forked.ts'
import { type Bench, median, ms, now, quantile } from './figure.ts'
import { type Acknowledged, type Load, sendLoad } from './load.ts'
import { watchCpu } from './processes.ts'
import { longestWaits, timeByPart } from './spans.ts'
import { OWNER, startWorld } from './world.ts'

const ABREAST = 50
const WARM = 500
const OURS = 5_000
const THEIRS = 1_000
const BYTES = 26_000
/** Comments on so many issues: those of one are worked on one after the other. */
const ISSUES = 50

/** How soon GitHub hears that we have a webhook, fifty abreast, against stock Probot whose handler takes 300 ms. */
export const benchAcknowledge: Bench = async ({ say, tell, quick, profiles, latency }) => {
  const world = await startWorld({ probed: true, profiles, latency })
  const stock = await startApp('stock-probot.ts', world.gh)
  try {
    const talk = talkOn(world.gh, world.repo)
    const secret = world.gh.app.webhookSecret
    const send = (url: string, count: number) =>
      sendLoad({ url, secret, deliveries: talk(), abreast: ABREAST, count: quick ? 100 : count })
    await send(world.bridge.url, WARM)
    await world.bridge.spans()
    const cpu = watchCpu(world.bridge.pid, world.dataDir)
    const began = now()
    const ours = await send(world.bridge.url, OURS)
    const [used, spans] = [cpu(), await world.bridge.spans()]
    const { all, own, took } = timeByPart(spans, began, now())
    const theirs = await send(stock.url, THEIRS)
    const part = (time: number) => `${((time / all) * 100).toFixed(0)} %`
    say(
      `${ABREAST} abreast of ${BYTES / 1000} kB, comments without a command. Ours: ${told(ours)}. Stock Probot: ` +
        `${told(theirs)}. The bridge waited for Postgres ${part(took.postgres)} of the time, for nobody ${part(own)}; ` +
        `what it had stored it worked on meanwhile. CPU: ${used}.`,
    )
    if (profiles !== undefined) for (const line of longestWaits(spans)) say(line)
    const ratio = quantile(ours.took, 0.99) / median(theirs.took)
    tell({ what: 'acknowledgement p99, of stock Probot’s p50', is: ratio, limit: ['at most', 1] })
  } finally {
    stock.stop()
    await world.close()
  }
}

const told = ({ took }: Acknowledged) => `p50 ${ms(median(took))}, p99 ${ms(quantile(took, 0.99))}`

/** Comments of talk, as large as GitHub's payloads are; each time under GUIDs of their own. */
function talkOn(gh: LocalGitHub, repo: string): () => Load['deliveries'] {
  gh.hold()
  const talk = Array.from({ length: ISSUES }, () => {
    const { number } = gh.as(OWNER).openIssue(repo, { title: 'Talk' })
    gh.as(OWNER).comment(repo, number, 'x')
    const { event, payload } = gh.deliveries.at(-1)!
    const room = BYTES - JSON.stringify(payload).length
    return {
      event,
      payload: { ...payload, comment: { ...payload.comment, body: 'word '.repeat(Math.ceil(room / 5)) } },
    }
  })
  return () => talk.map((said) => ({ ...said, guid: randomUUID() }))
}
