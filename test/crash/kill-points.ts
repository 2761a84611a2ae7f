import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'
import { freePort } from '../../src/ops/port.ts'
import { beginTapped } from './life.ts'
import type { Stores } from './stores.ts'

/** The n-th request to GitHub, or the n-th packet to a store. */
export interface KillPoint {
  at: 'GitHub' | 'Dolt' | 'Postgres'
  when: 'before' | 'after'
  n: number
}

type Tapped = Awaited<ReturnType<typeof beginTapped>>
/** How many requests and packets a whole run takes. */
type Counts = Record<KillPoint['at'], number>

/** A run of the story that nothing hits: what comes of it, and where the others listen, as ids and hashes hold the address. */
export interface Measure {
  port: number
  outcome: unknown
  counts: Counts
}

export async function measureStory(stores: Stores): Promise<Measure> {
  const port = await freePort()
  return { port, ...(await live(stores, nextName(), port, () => {})) }
}

/**
 * Runs of the story, one after the other, in each of which `strike` hits once. All must come to the same end as the
 * one that was measured. A run's packets are not quite the same number each time: one that ended before its point is
 * run again with an earlier point, until it is hit. Returns how many were.
 */
export async function runKillPoints(
  stores: Stores,
  measure: Measure,
  points: readonly KillPoint[],
  strike: (life: Tapped) => void,
): Promise<number> {
  const failures: string[] = []
  let struck = 0
  for (const point of points) {
    const name = `${point.when} ${point.at} ${point.n}`
    try {
      let n = point.n
      for (let isStruck = false; !isStruck && n >= 1; n = Math.floor(n * 0.8)) {
        const { outcome } = await live(stores, nextName(), measure.port, (life, isOver) =>
          arm(life, { ...point, n }, () => {
            // An answer comes in several parts; and what is struck at the end of a run shows nothing.
            if (isStruck || isOver()) return
            isStruck = true
            struck++
            strike(life)
          }),
        )
        failures.push(...differences(measure.outcome, outcome).map((line) => `${name}: ${line}`))
      }
    } catch (error) {
      failures.push(`${name}: ${(error as Error).message}`)
    }
  }
  expect(failures).toEqual([])
  return struck
}

const series = `s${Date.now().toString(36)}`
let runs = 0
const nextName = () => `${series}_${++runs}`

async function live(
  stores: Stores,
  name: string,
  port: number,
  prepare: (life: Tapped, isOver: () => boolean) => void,
) {
  const life = await beginTapped(stores, name, port)
  let isOver = false
  prepare(life, () => isOver)
  try {
    await life.play()
    isOver = true
    const outcome = await life.outcome()
    const { gh, dolt, postgres } = life
    return { outcome, counts: { GitHub: gh.requests.length, Dolt: dolt.packets(), Postgres: postgres.packets() } }
  } finally {
    await life.close()
  }
}

function arm(life: Tapped, { at, when, n }: KillPoint, strike: () => void) {
  if (at === 'Dolt') return life.dolt.at(n, when, strike)
  if (at === 'Postgres') return life.postgres.at(n, when, strike)
  life.gh.onRequest(async (request) => {
    if (request.n !== n) return
    if (when === 'before') life.gh.fault({ drop: true })
    const bridge = life.bridge()
    strike()
    await bridge.ended
  }, when)
}

/** Where two outcomes differ, a line each. */
export function differences(whole: unknown, got: unknown, path = ''): string[] {
  if (isDeepStrictEqual(whole, got)) return []
  const isNode = (value: unknown): value is object => typeof value === 'object' && value !== null
  if (!isNode(whole) || !isNode(got) || whole instanceof Date) {
    return [`${path} is ${JSON.stringify(got)} instead of ${JSON.stringify(whole)}`]
  }
  const keys = new Set([...Object.keys(whole), ...Object.keys(got)])
  const [one, other] = [whole, got] as Record<string, unknown>[]
  return [...keys].flatMap((key) => differences(one![key], other![key], `${path}.${key}`))
}

/** `count` points from the first to the last of `total`, evenly spread, every other one before and after. */
export function spread(at: KillPoint['at'], total: number, count: number): KillPoint[] {
  // A run may take a packet less than the one that was counted.
  const last = at === 'GitHub' ? total : total - 5
  return Array.from({ length: count }, (_, i) => ({
    at,
    when: i % 2 === 0 ? 'before' : 'after',
    n: Math.round(1 + (count === 1 ? 0.5 : i / (count - 1)) * (last - 1)),
  }))
}
