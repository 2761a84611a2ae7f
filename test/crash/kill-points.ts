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

/**
 * Runs of the story, several at a time, in each of which `strike` hits once. All must come to the same end as one
 * that nothing hits. A run's packets are not quite the same number each time: one that ended before its point is run
 * again with an earlier point, until it is hit. Returns how many were.
 */
export async function runKillPoints(
  stores: Stores,
  lanes: number,
  pointsOf: (counts: Counts) => KillPoint[],
  strike: (life: Tapped) => void,
): Promise<number> {
  const series = `s${Date.now().toString(36)}`
  const failures: string[] = []
  let points: KillPoint[] | undefined
  let runs = 0
  let struck = 0

  async function lane(number: number) {
    // Ids and hashes hold GitHub's address, so each lane has a measure of its own.
    const port = await freePort()
    const measure = await live(stores, `${series}_lane_${number}`, port, () => {})
    points ??= pointsOf(measure.counts)
    for (let point = points.shift(); point !== undefined; point = points.shift()) {
      const name = `${point.when} ${point.at} ${point.n}`
      try {
        let n = point.n
        for (let isStruck = false; !isStruck && n >= 1; n = Math.floor(n * 0.8)) {
          const { outcome } = await live(stores, `${series}_${++runs}`, port, (life, isOver) =>
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
  }
  await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)))
  expect(failures).toEqual([])
  return struck
}

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
