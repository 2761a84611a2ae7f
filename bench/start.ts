import { setTimeout as sleep } from 'node:timers/promises'
import { type Bench, median, ms } from './figure.ts'
import { bridgeOf, stampThrough } from './one-stamp.ts'
import type { Times } from './spans.ts'
import { pullsInReview, restart, startWorld } from './world.ts'

const STARTS = 6
/** Stamps a start. */
const STAMPS = 10
const READY_MS = 1_000
const TIMES_USUAL = 2
const SETTLES_MS = 3_000

/**
 * How soon it is ready on stores that are there, and the first stamp of a start against the later ones: once it has
 * come to rest, and at once.
 */
export const benchStart: Bench = async ({ say, tell, quick, profiles, latency }) => {
  const [starts, stamps] = quick ? [2, 2] : [STARTS, STAMPS]
  const probed = { probed: true, profiles }
  const world = await startWorld({ probed: true, latency })
  try {
    const pulls = await pullsInReview(world, 'start', starts * stamps + 1)
    // The first of all also registers who stamps.
    await stampThrough(world, pulls.pop()!, bridgeOf(world))
    const anew = world.bridge.startedIn
    const ready: number[] = []
    const firsts: { rested: Times[]; atOnce: Times[] } = { rested: [], atOnce: [] }
    const later: Times[] = []
    for (let n = 0; n < starts; n++) {
      await restart(world, probed)
      ready.push(world.bridge.startedIn)
      const waits = n % 2 === 0
      if (waits) await sleep(SETTLES_MS)
      for (let stamp = 0; stamp < stamps; stamp++) {
        const times = await stampThrough(world, pulls.pop()!, bridgeOf(world))
        if (stamp > 0) later.push(times)
        else (waits ? firsts.rested : firsts.atOnce).push(times)
      }
    }
    say(`Ready in ${ms(anew)} where nothing was, on stores that are there in ${ready.map(ms).join(', ')}.`)
    tell({ what: 'ready on stores that are there, ms', is: median(ready), limit: ['at most', READY_MS] })
    const usual = median(later.map(({ all }) => all))
    say(`Later stamps: ${told(later)}.`)
    for (const [when, times] of [
      ['once at rest', firsts.rested],
      ['at once', firsts.atOnce],
    ] as const) {
      say(`The first of a start, ${when}: ${told(times)}; each ${times.map(({ all }) => ms(all)).join(', ')}.`)
      const is = median(times.map(({ all }) => all)) / usual
      tell({ what: `first stamp of a start ${when}, of the median`, is, limit: ['at most', TIMES_USUAL] })
    }
  } finally {
    await world.close()
  }
}

/** Medians by part. */
function told(times: readonly Times[]): string {
  const p50 = (of: (each: Times) => number) => ms(median(times.map(of)))
  return (
    `${p50(({ all }) => all)}, of which GitHub ${p50(({ took }) => took.github)}, Dolt ` +
    `${p50(({ took }) => took.dolt)}, Postgres ${p50(({ took }) => took.postgres)}, our own ${p50(({ own }) => own)}`
  )
}
