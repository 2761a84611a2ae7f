import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startEmbeddedDolt } from '../src/ledger/dolt/embedded-dolt.ts'
import { installedDolt } from '../test/ledger/installed-dolt.ts'
import { startApp } from './baselines/forked.ts'
import { type Bench, median, ms, now, quantile, type Run } from './figure.ts'
import { connectLedger, type LedgerSql, people, registerPeople, rowsOf, submitWork } from './ledger-rows.ts'
import { sendLoad } from './load.ts'
import { watchCpu } from './processes.ts'
import { longestWaits } from './spans.ts'
import { HOST } from './stored-stamp.ts'
import { openPulls, pullsInReview, type Pull, sayStamp, startWorld, type World } from './world.ts'

const STAMPS = 200
const TIMES_PLAIN = 2
const P99_MS = 250
const P99_OF_PLAIN = 0.05
/** Commands whose stamps do not come for so long never come. */
const TIMEOUT_MS = 60_000

/** 200 stamp commands at once, against a Probot app that does the same in its handler. */
export const benchRush: Bench = async (run) => {
  const { say, tell, quick, profiles, latency } = run
  const count = quick ? 5 : STAMPS
  const world = await startWorld({ probed: true, profiles, latency })
  try {
    const ours = await rushOurs(world, await pullsInReview(world, 'rush', count), run)
    const plain = await rushPlain(world, count)
    say(`Ours: ${told(ours)}. The plain app: ${told(plain)}.`)
    tell({
      what: 'stamps a second, times the plain app’s',
      is: ours.rate / plain.rate,
      limit: ['at least', TIMES_PLAIN],
    })
    tell({ what: 'acknowledgement p99, ms', is: ours.p99, limit: ['at most', P99_MS] })
    const is = ours.p99 / plain.p99
    tell({ what: 'acknowledgement p99, of the plain app’s', is, limit: ['at most', P99_OF_PLAIN] })
  } finally {
    await world.close()
  }
}

interface Rushed {
  rate: number
  p50: number
  p99: number
}

const told = ({ rate, p50, p99 }: Rushed) =>
  `${rate.toFixed(1)} stamps/s, acknowledged in ${ms(p50)} (p50) and ${ms(p99)} (p99)`

async function rushOurs(world: World, pulls: readonly Pull[], { say, profiles }: Run): Promise<Rushed> {
  const { gh, bridge, dataDir, ledger } = world
  const said = pulls.map((pull) => sayStamp(world, pull))
  await bridge.spans()
  const cpu = watchCpu(bridge.pid, dataDir)
  const rushed = await rush(world, bridge.url, said, ledger)
  const used = cpu()
  const spans = await bridge.spans()
  const each = (part: string) => (spans.filter((span) => span.part === part).length / pulls.length).toFixed(1)
  const ended = now()
  while (said.some(({ comment }) => gh.reactions(comment).length === 0)) {
    if (now() - ended > TIMEOUT_MS) throw new Error('not every command is answered')
    await sleep(20)
  }
  say(
    `A command: ${each('github')} requests to GitHub, ${each('dolt')} statements to Dolt, ${each('postgres')} to ` +
      `Postgres, by the time its stamp was in the ledger. CPU: ${used}. The last answer came ` +
      `${ms(now() - ended)} after the last stamp.`,
  )
  if (profiles !== undefined) for (const line of longestWaits(spans, 16)) say(line)
  return rushed
}

/** On the same ledger and the same GitHub, once the bridge has left them. */
async function rushPlain(world: World, count: number): Promise<Rushed> {
  const { gh, bridge, dataDir } = world
  await bridge.stop()
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  const dolt = await startEmbeddedDolt({ dir: join(dataDir, 'dolt'), bin: (await installedDolt()).bin, log })
  const ledger = await connectLedger(dolt.url('commons'))
  const app = await startApp('plain-app.ts', gh, { args: [dolt.url('commons')] })
  try {
    const authors = people('contributor', 20, 9_100_001)
    await registerPeople(ledger, HOST, authors)
    const works = await submitWork(ledger, HOST, { name: 'plain', count, authors })
    const pulls = openPulls(
      world,
      works.map(({ wantedId }) => wantedId),
    )
    return await rush(
      world,
      app.url,
      pulls.map((pull) => sayStamp(world, pull)),
      ledger,
    )
  } finally {
    app.stop()
    ledger.destroy()
    await dolt.stop()
  }
}

async function rush(
  { gh }: World,
  url: string,
  said: readonly ReturnType<typeof sayStamp>[],
  ledger: LedgerSql,
): Promise<Rushed> {
  const stamps = async () => Number((await rowsOf(ledger, 'SELECT count(*) AS n FROM stamps'))[0]!['n'])
  const before = await stamps()
  const deliveries = said.map(({ delivery }) => delivery)
  const many = { abreast: said.length, count: said.length }
  const sending = sendLoad({ url, secret: gh.app.webhookSecret, deliveries, ...many })
  const ended = await allWritten(async () => (await stamps()) - before, said.length)
  const { began, took } = await sending
  return { rate: said.length / ((ended - began) / 1000), p50: median(took), p99: quantile(took, 0.99) }
}

/** When the last stamp was seen in the ledger. */
async function allWritten(written: () => Promise<number>, count: number): Promise<number> {
  let seen = 0
  for (let last = now(); now() - last < TIMEOUT_MS; await sleep(20)) {
    const found = await written()
    if (found === count) return now()
    if (found > seen) last = now()
    seen = found
  }
  throw new Error(`${seen} of ${count} stamps are in the ledger`)
}
