import { setTimeout as sleep } from 'node:timers/promises'
import type { Account } from '../src/domain/rig.ts'
import { nextPlace } from '../src/domain/stamp.ts'
import { commitByHand, stampOf } from './baselines/by-hand.ts'
import { setsByHand } from './baselines/sets.ts'
import { type Bench, now, type Run } from './figure.ts'
import { people, registerPeople, rowsOf, submitWork } from './ledger-rows.ts'
import { type Rested, restOf, watchCpu } from './processes.ts'
import { longestWaits, timeByPart } from './spans.ts'
import { HOST, type StoredStamp } from './stored-stamp.ts'
import { startWorld, type World } from './world.ts'

const STAMPS = 5_000
const STAMPERS = 20
const AUTHORS = 100
const SET = 50
const SINGLES = 500
const LIMIT = 1_000
const OF_SETS = 0.6
const REST_MS = 10_000

let drained: Promise<Rested> | undefined

/** Stored stamps through the queue into Dolt, against sets by hand and one Dolt commit each. */
export const benchStamps: Bench = async (run) => void (await drainStamps(run))

/** Once a run: another figure asks for what memory it left. */
export function drainStamps(run: Run): Promise<Rested> {
  return (drained ??= drain(run))
}

async function drain(run: Run): Promise<Rested> {
  const { say, tell, quick, profiles } = run
  const [count, singles] = quick ? [60, 20] : [STAMPS, SINGLES]
  const world = await startWorld({ program: 'serve-and-drain.ts', probed: true, profiles })
  try {
    const stampers = people('stamper', STAMPERS, 9_000_001)
    await registerPeople(world.ledger, HOST, stampers, world.dataDir)
    const lot = (n: number, name: string, of: number) => storedStamps(world, { n, name, count: of, stampers })
    const [ours, inSets, single] = [
      await lot(1, 'ours', count),
      await lot(2, 'sets', count),
      await lot(3, 'single', singles),
    ]
    const rate = await drainOurs(world, ours, run)
    await sleep(quick ? 0 : REST_MS)
    const rested = restOf(world.bridge.pid, world.dataDir)
    const sets = await rateOf(count, () => setsByHand(world.ledger, inSets, SET))
    const each = await rateOf(singles, () => eachByHand(world, single))
    await expectStamps(world, count * 2 + singles)
    say(
      `Sets of ${SET} by hand ${sets.toFixed(0)}/s, one Dolt commit each ${each.toFixed(0)}/s: ours are ` +
        `${(rate / sets).toFixed(2)} of the one and ${(rate / each).toFixed(2)} times the other.`,
    )
    tell({ what: 'stored stamps drained a second', is: rate, limit: ['at least', LIMIT] })
    tell({ what: `the same, of sets of ${SET} by hand`, is: rate / sets, limit: ['at least', OF_SETS] })
    return rested
  } finally {
    await world.close()
  }
}

/** Stamps on work of people whom no other lot has. */
async function storedStamps(
  { ledger, dataDir }: World,
  { n, name, count, stampers }: { n: number; name: string; count: number; stampers: readonly Account[] },
): Promise<StoredStamp[]> {
  const authors = people(`${name}-author`, AUTHORS, 9_100_000 + n * AUTHORS)
  await registerPeople(ledger, HOST, authors, dataDir)
  const works = await submitWork(ledger, HOST, { name, count, authors })
  return works.map((work, at) => ({
    comment: n * 1_000_000 + at,
    delivery: work.id,
    stamper: stampers[at % stampers.length]!,
    work,
  }))
}

async function drainOurs({ bridge, dataDir }: World, stamps: StoredStamp[], { say, profiles }: Run): Promise<number> {
  await answered(bridge.ask({ store: stamps }))
  await bridge.spans()
  const cpu = watchCpu(bridge.pid, dataDir)
  const began = now()
  const took = await answered(bridge.ask({ drain: stamps.length }))
  const used = cpu()
  const spans = await bridge.spans()
  const { all, own, took: waited, asked } = timeByPart(spans, began, began + took)
  const part = (time: number) => `${((time / all) * 100).toFixed(0)} %`
  const each = (n: number) => (n / stamps.length).toFixed(1)
  const commits = spans.filter(({ what }) => what.startsWith('CALL DOLT_COMMIT')).length
  say(
    `${stamps.length} stamps in ${(took / 1000).toFixed(1)} s and ${commits} Dolt commits. Something waited for Dolt ` +
      `${part(waited.dolt)} of the time (${each(asked.dolt)} statements a stamp), for Postgres alone ` +
      `${part(waited.postgres)} (${each(asked.postgres)}), nothing ${part(own)}. CPU: ${used}.`,
  )
  if (profiles !== undefined) for (const line of longestWaits(spans)) say(line)
  return stamps.length / (took / 1000)
}

async function answered(answer: Promise<unknown>): Promise<number> {
  const { took, error } = (await answer) as { took?: number; error?: string }
  if (error !== undefined) throw new Error(error)
  return took ?? 0
}

async function rateOf(count: number, work: () => Promise<void>): Promise<number> {
  const began = now()
  await work()
  return count / ((now() - began) / 1000)
}

async function eachByHand({ ledger }: World, stamps: readonly StoredStamp[]): Promise<void> {
  const ends = new Map<string, { id: string; stampIndex: number }>()
  for (const stored of stamps) {
    const { id, subject } = stampOf(stored)
    const place = nextPlace(ends.get(subject))
    ends.set(subject, { id, stampIndex: place.stampIndex })
    await commitByHand(ledger, stored, place)
  }
}

async function expectStamps({ ledger }: World, count: number): Promise<void> {
  const [row] = await rowsOf(
    ledger,
    `SELECT count(*) AS n FROM stamps JOIN completions ON stamps.id = stamp_id
      JOIN wanted ON wanted.id = wanted_id WHERE wanted.status = 'completed'`,
  )
  if (Number(row!['n']) !== count) throw new Error(`${String(row!['n'])} of ${count} stamps are in the ledger`)
}
