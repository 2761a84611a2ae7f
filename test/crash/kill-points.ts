import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'
import { freePort } from '../../src/ops/port.ts'
import { randomOf } from '../seed.ts'
import { beginTapped } from './life.ts'
import type { Stores } from './stores.ts'

const TALKS = ['GitHub', 'Dolt', 'Postgres'] as const
type Talk = (typeof TALKS)[number]

/** The n-th request to GitHub, or the n-th packet to a store, of a phase: the start (0), or a step of the story. */
export interface KillPoint {
  at: Talk
  when: 'before' | 'after'
  phase: number
  n: number
}

type Tapped = Awaited<ReturnType<typeof beginTapped>>
/** How many requests and packets each phase takes. */
type Counts = Record<Talk, number>[]

/** A run of the story that nothing hits: what comes of it, and where the others listen, as ids and hashes hold the address. */
export interface Measure {
  port: number
  outcome: unknown
  counts: Counts
}

export async function measureStory(stores: Stores): Promise<Measure> {
  const port = await freePort()
  return { port, ...(await live(stores, port, () => {})) }
}

/**
 * One point a phase, for as many lives as give each of these talks `kills` points. The seed draws them. In each life a
 * phase is hit at another talk than in the one before.
 */
export function drawPoints(name: string, { counts }: Measure, talks: readonly Talk[], kills: number): KillPoint[][] {
  const random = randomOf(`kill points: ${name}`)
  const below = (most: number) => Math.floor(random() * most)
  const first = below(talks.length)
  return Array.from({ length: Math.ceil((kills * talks.length) / counts.length) }, (_, life) =>
    counts.flatMap((taken, phase): KillPoint[] => {
      const turned = talks.map((_one, n) => talks[(first + life + phase + n) % talks.length]!)
      const at = turned.find((one) => taken[one] > 0)
      if (at === undefined) return []
      return [{ at, when: random() < 0.5 ? 'before' : 'after', phase, n: 1 + below(taken[at]) }]
    }),
  )
}

/**
 * Lives of the story, one after the other, in each of which `strike` hits once in each phase: between two of them all
 * work is done, so that none hides another. All must come to the same end as the one that was measured. A phase's packets
 * are not quite the same number each time: where it ended before its point, it is hit earlier in a life of its own.
 * Returns how many hit.
 */
export async function runKillPoints(
  stores: Stores,
  measure: Measure,
  lives: readonly (readonly KillPoint[])[],
  strike: (life: Tapped, point: KillPoint) => void,
): Promise<number> {
  const failures: string[] = []
  let struck = 0
  const waiting = lives.map((points) => [...points])
  for (let points = waiting.shift(); points !== undefined; points = waiting.shift()) {
    const name = points.map(({ at, when, phase, n }) => `${when} ${at} ${n} of phase ${phase}`).join(', ')
    const missed = new Set(points)
    try {
      const { outcome } = await live(stores, measure.port, (life, phase, isIn) => {
        for (const point of points.filter((one) => one.phase === phase))
          arm(life, point, () => {
            // An answer comes in several parts; and what is struck in the next phase is another's.
            if (!missed.has(point) || !isIn()) return
            missed.delete(point)
            struck++
            strike(life, point)
          })
      })
      failures.push(...differences(measure.outcome, outcome).map((line) => `${name}: ${line}`))
    } catch (error) {
      failures.push(`${name}: ${(error as Error).message}`)
      continue
    }
    const earlier = [...missed].map((point) => ({ ...point, n: Math.floor(point.n * 0.8) })).filter(({ n }) => n >= 1)
    if (earlier.length > 0) waiting.push(earlier)
  }
  expect(failures).toEqual([])
  return struck
}

const series = `s${Date.now().toString(36)}`
let runs = 0

async function live(
  stores: Stores,
  port: number,
  begins: (life: Tapped, phase: number, isIn: () => boolean) => void,
): Promise<{ outcome: unknown; counts: Counts }> {
  const life = await beginTapped(stores, `${series}_${++runs}`, port)
  const { gh, dolt, postgres } = life
  const taken = () => ({ GitHub: gh.requests.length, Dolt: dolt.packets(), Postgres: postgres.packets() })
  const marks: Record<Talk, number>[] = []
  let now = 0
  try {
    await life.play(undefined, (phase) => {
      now = phase
      marks.push(taken())
      dolt.off()
      postgres.off()
      begins(life, phase, () => now === phase)
    })
    now = -1
    marks.push(taken())
    const counts = marks.slice(1).map((mark, phase) => since(marks[phase]!, mark))
    return { outcome: await life.outcome(), counts }
  } finally {
    await life.close()
  }
}

function since(before: Record<Talk, number>, after: Record<Talk, number>): Record<Talk, number> {
  const of = (talk: Talk) => after[talk] - before[talk]
  return { GitHub: of('GitHub'), Dolt: of('Dolt'), Postgres: of('Postgres') }
}

function arm(life: Tapped, { at, when, n }: KillPoint, strike: () => void) {
  if (at === 'Dolt') return life.dolt.at(n, when, strike)
  if (at === 'Postgres') return life.postgres.at(n, when, strike)
  const nth = life.gh.requests.length + n
  life.gh.onRequest(async (request) => {
    if (request.n !== nth) return
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
