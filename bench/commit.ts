import { embeddedDoltUrl } from '../src/ledger/dolt/embedded-dolt.ts'
import { join } from 'node:path'
import { turnByHand } from './baselines/by-hand.ts'
import { startApp } from './baselines/forked.ts'
import { type Bench, median, ms, now, type Run } from './figure.ts'
import { people, registerPeople, submitWork } from './ledger-rows.ts'
import { bridgeOf, stampThrough, type Stamping } from './one-stamp.ts'
import type { Times } from './spans.ts'
import { HOST } from './stored-stamp.ts'
import { openPulls, pullsInReview, startWorld, type World } from './world.ts'

const LATENCIES_MS = [0, 80]
/** The first warms up and is not counted. */
const ROUNDS = 6
const EACH = 8
const TIMES_BY_HAND = 5
const TIMES_PLAIN = 2
const ROUND_TRIPS = 3
/** What a stamp may take beside its round trips. */
const REST_MS = 60

/**
 * A signed webhook to the Dolt commit of its stamp, with nothing else going on: against the same SQL by hand, against
 * the plain app, and in round trips to GitHub.
 */
export const benchCommit: Bench = async (run) => {
  const latencies = run.latency === undefined ? LATENCIES_MS : [run.latency]
  const [rounds, each] = run.quick ? [2, 1] : [ROUNDS, EACH]
  const world = await startWorld({ probed: true, profiles: run.profiles })
  try {
    // One more a round, which is not counted: before it others have written to the ledger.
    const ours = await oursIn(world, latencies.length * rounds * (each + 1))
    const byHand = await byHandIn(world, latencies.length * rounds * each)
    const plain = await plainIn(world, latencies.length * rounds * each)
    try {
      for (const latency of latencies) {
        world.gh.setLatency(latency)
        const took: Took[] = []
        // In turn, so that what else the machine does hits all of them.
        for (let round = 0; round < rounds; round++)
          took.push({
            ours: (await repeated(each + 1, ours)).slice(1),
            byHand: await repeated(each, byHand),
            plain: await repeated(each, plain.stamp),
          })
        report(took.slice(1), latency, run)
      }
    } finally {
      plain.stop()
    }
  } finally {
    await world.close()
  }
}

interface Took {
  ours: Times[]
  byHand: number[]
  plain: Times[]
}

async function repeated<T>(count: number, once: () => Promise<T>): Promise<T[]> {
  const all: T[] = []
  while (all.length < count) all.push(await once())
  return all
}

async function oursIn(world: World, count: number): Promise<() => Promise<Times>> {
  const pulls = await pullsInReview(world, 'commit', count)
  return () => stampThrough(world, pulls.pop()!, bridgeOf(world))
}

async function byHandIn({ ledger }: World, count: number): Promise<() => Promise<number>> {
  const stampers = people('stamper', 1, 9_000_001)
  const authors = people('contributor', 20, 9_100_001)
  await registerPeople(ledger, HOST, [...stampers, ...authors])
  const works = await submitWork(ledger, HOST, { name: 'by hand', count, authors })
  return async () => {
    const work = works.pop()!
    const began = now()
    await turnByHand(ledger, { comment: works.length, delivery: `bench-${work.id}`, stamper: stampers[0]!, work })
    return now() - began
  }
}

/** On the same ledger and the same GitHub; the bridge hears nothing of it. */
async function plainIn(world: World, count: number): Promise<{ stamp(): Promise<Times>; stop(): void }> {
  const { gh, ledger, dataDir } = world
  gh.hold()
  const authors = people('contributor', 20, 9_100_001)
  const works = await submitWork(ledger, HOST, { name: 'plain', count, authors })
  const items = works.map(({ wantedId }) => wantedId)
  const pulls = openPulls(world, items)
  const address = await embeddedDoltUrl(join(dataDir, 'dolt'), 'commons')
  const app = await startApp('plain-app.ts', gh, { args: [address], probed: true })
  // Its handler has ended when GitHub is answered.
  const stamping: Stamping = { url: app.url, spans: app.spans, answered: async () => {} }
  return { stamp: () => stampThrough(world, pulls.pop()!, stamping), stop: app.stop }
}

function report(rounds: readonly Took[], latency: number, { say, tell }: Run): void {
  const [ours, plain] = [rounds.flatMap((round) => round.ours), rounds.flatMap((round) => round.plain)]
  const p50 = (of: (times: Times) => number, times = ours) => median(times.map(of))
  const all = (times: readonly Times[]) => median(times.map((each) => each.all))
  const hand = median(rounds.flatMap((round) => round.byHand))
  say(
    `GitHub at ${latency} ms, p50 of ${ours.length}: ${ms(all(ours))} from the webhook to the commit. Waited for GitHub ` +
      `${ms(p50(({ took }) => took.github))} in ${p50(({ asked }) => asked.github)} requests, Dolt ` +
      `${ms(p50(({ took }) => took.dolt))} in ${p50(({ asked }) => asked.dolt)} statements, Postgres ` +
      `${ms(p50(({ took }) => took.postgres))} in ${p50(({ asked }) => asked.postgres)}; our own ` +
      `${ms(p50(({ own }) => own))}. The plain app ${ms(all(plain))}, of which GitHub ` +
      `${ms(p50(({ took }) => took.github, plain))} in ${p50(({ asked }) => asked.github, plain)} requests. By hand ` +
      `${ms(hand)}.`,
  )
  const at = latency === 0 ? '' : `, GitHub at ${latency} ms`
  const isOf = all(ours) / all(plain)
  tell({ what: `one stamp, of the plain app’s${at}`, is: isOf, limit: ['at most', TIMES_PLAIN] })
  if (latency === 0) {
    const without = p50((times) => times.all - times.took.github)
    tell({ what: 'one stamp, of the SQL by hand', is: without / hand, limit: ['at most', TIMES_BY_HAND] })
  } else {
    const is = (all(ours) - REST_MS) / latency
    tell({ what: `round trips of one stamp but for ${REST_MS} ms${at}`, is, limit: ['at most', ROUND_TRIPS] })
  }
}
