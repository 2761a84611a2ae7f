import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres, removeEmbeddedPostgres } from '../src/operations/embedded-postgres.ts'
import { type Bench, median, ms, now } from './figure.ts'
import { grownLedger, stampedPeople, startGrown } from './grown-ledger.ts'
import { people, registerPeople, submitWork } from './ledger-rows.ts'
import { longestWaits, type Span, timeByPart, type Times } from './spans.ts'
import { giveStored, HOST, openStampDeps, type StoredStamp } from './stored-stamp.ts'

const FEW = 1_000
const MANY = 1_000_000
const STAMPS = 80
const WARM = 10
const LIMIT = 1.5

const log = { info: () => {}, warn: () => {}, error: () => {} }

/** One stamp's commit on a ledger of few stamps and on one of many, in turn. */
export const benchGrowth: Bench = async ({ say, tell, quick, profiles }) => {
  const many = quick ? 5_000 : MANY
  const dir = await mkdtemp(join(tmpdir(), 'wasteland-bench-'))
  const postgres = await startEmbeddedPostgres({ dir: join(dir, 'postgres'), log })
  const open = async (stamps: number) =>
    openGrown({
      stamps,
      dir: await grownLedger(stamps, say),
      database: postgres.url,
      count: quick ? 3 : STAMPS,
      home: dir,
    })
  const opened: Awaited<ReturnType<typeof open>>[] = []
  try {
    for (const stamps of [FEW, many]) opened.push(await open(stamps))
    const [few, most] = opened.map(() => [] as Times[])
    for (let n = 0; n < opened[0]!.commands.length; n++)
      for (const [at, times] of [few!, most!].entries()) times.push(await timed(opened[at]!, n))
    const warm = quick ? 0 : WARM
    const p50 = (times: Times[], of: (each: Times) => number) => median(times.slice(warm).map(of))
    const [small, large] = [few!, most!].map((times) => ({
      all: p50(times, ({ all }) => all),
      dolt: p50(times, ({ took }) => took.dolt),
      postgres: p50(times, ({ took }) => took.postgres),
      own: p50(times, ({ own }) => own),
    }))
    for (const [stamps, { all, dolt, postgres: store, own }] of [
      [FEW, small!],
      [many, large!],
    ] as const)
      say(
        `At ${stamps} stamps: p50 ${ms(all)}, of which Dolt ${ms(dolt)}, Postgres alone ${ms(store)}, our own ${ms(own)}.`,
      )
    if (profiles !== undefined) for (const { waits } of opened) for (const line of longestWaits(waits)) say(line)
    tell({ what: `one stamp at ${many}, of at ${FEW}`, is: large!.all / small!.all, limit: ['at most', LIMIT] })
    tell({ what: 'the same, Dolt’s part alone', is: large!.dolt / small!.dolt, limit: ['at most', LIMIT] })
  } finally {
    for (const each of opened) await each.close()
    await postgres.stop()
    removeEmbeddedPostgres(join(dir, 'postgres'))
    await rm(dir, { recursive: true, force: true })
  }
}

type Grown = Awaited<ReturnType<typeof openGrown>>

interface Where {
  stamps: number
  dir: string
  database: string
  count: number
  home: string
}

async function openGrown({ stamps, dir, database, count, home }: Where) {
  const { url, sql, stop } = await startGrown(dir)
  const deps = await openStampDeps({ ledger: url, database }, home, `grown-${stamps}`)
  const [stamper] = people('stamper', 1, 9_000_001)
  await registerPeople(sql, HOST, [stamper!], home)
  const authors = stampedPeople(FEW)
  const works = await submitWork(sql, HOST, { name: 'growth', count, authors })
  const commands = works.map((work, n): StoredStamp => ({ comment: n + 1, delivery: work.id, stamper: stamper!, work }))
  const waits: Span[] = []
  return { deps, commands, waits, close: async () => (await deps.close(), await stop()) }
}

async function timed({ deps, commands, waits }: Grown, n: number): Promise<Times> {
  // Only now: it would also note what other benches do in this process.
  const { takeSpans } = await import('./probe.ts')
  takeSpans()
  const began = now()
  await giveStored(deps, commands[n]!)
  const [ended, spans] = [now(), takeSpans()]
  waits.push(...spans)
  return timeByPart(spans, began, ended)
}
