import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import { findEvent } from '../../src/events/registry.ts'
import type { Delivery, LocalGitHub } from '../../local-github/local-github.ts'
import type { Row } from '../scenarios/world.ts'
import type { History } from './acts.ts'
import { faultsOf, readRows } from './compare.ts'
import { type Dispatch, play, type Played } from './play.ts'

/** Where many histories are played side by side: one GitHub, one bridge, one ledger. */
export interface Stage {
  gh: LocalGitHub
  sql(query: string, values?: unknown[]): Promise<Row[]>
  dispatch: Dispatch
  /** Moves GitHub's clock and the bridge's on. */
  advance(seconds: number): void | Promise<void>
  /** Resolves when the bridge has heard of all and has done all. `last`: also of what echoes. */
  rest(last: boolean): Promise<void>
}

/** A history that did not end as it should. */
export interface Failure {
  index: number
  lines: string[]
  faults: string[]
}

/** More than the overlap with which the bridge reads GitHub's list of deliveries again. */
export const BETWEEN_RESTS_SECONDS = 31 * 60
let played = 0

/**
 * Plays all, an act of each in turn, and compares with the oracle whenever the bridge has heard of all. `between` is
 * waited for after each turn.
 */
export async function playAll(
  stage: Stage,
  histories: readonly History[],
  between?: () => Promise<void>,
): Promise<Failure[]> {
  const begun = await begin(stage, histories)
  const failures: Failure[] = []
  for (let going = begun; going.length > 0;) {
    const rested = await stretchOf(going, between)
    await stage.rest(rested.length === 0)
    const failed = await compare(stage, going)
    failures.push(...failed)
    await stage.advance(BETWEEN_RESTS_SECONDS)
    going = rested.filter(({ index }) => failed.every((failure) => failure.index !== index))
  }
  // What echoed may have reached one that had ended before.
  const late = await compare(stage, begun)
  return [...failures, ...late.filter(({ index }) => failures.every((failure) => failure.index !== index))]
}

export type Begun = Played & { index: number }

export async function begin({ gh, sql, dispatch }: Stage, histories: readonly History[]): Promise<Begun[]> {
  const begun = histories.map((history, index) => {
    const n = ++played
    const name = `h${process.pid}-${n}`
    const items = [idOf(2 * n), idOf(2 * n + 1)] as const
    return { ...play(gh, name, items, history, dispatch), index }
  })
  const ids = begun.flatMap(({ scene }) => scene.items)
  await sql(
    `INSERT IGNORE INTO wanted (id, title, status, tags) VALUES ${ids.map(() => `(?, 'Count', 'open', '[]')`).join(', ')}`,
    ids,
  )
  await sql(`CALL DOLT_COMMIT('-Am', 'wl post: many', '--skip-empty')`)
  return begun
}

function idOf(n: number): string {
  return `w-${n.toString(16).padStart(10, '0')}`
}

/** Plays each until it needs a rest, an act of each in turn; returns those that go on after it. */
export async function stretchOf(
  going: readonly Begun[],
  between: () => void | Promise<void> = () => {},
): Promise<Begun[]> {
  const rested: Begun[] = []
  for (let moving = [...going]; moving.length > 0;) {
    const still: Begun[] = []
    for (const one of moving) {
      const came = one.step()
      if (came === 'done') still.push(one)
      if (came === 'rest') rested.push(one)
      await turn()
    }
    moving = still
    await between()
  }
  return rested
}

export async function compare({ gh, sql }: Stage, going: readonly Begun[]): Promise<Failure[]> {
  const rows = await readRows(sql)
  return going.flatMap(({ index, scene, lines }) => {
    const faults = faultsOf(gh, scene, rows)
    return faults.length === 0 ? [] : [{ index, lines: [...lines], faults }]
  })
}

/** Those of GitHub's deliveries that were never answered with a 2xx, and that the bridge must ask for. */
export function missing(gh: LocalGitHub): Delivery[] {
  // What the bridge does not act on it does not ask for.
  const isTaken = ({ event, action, attempts }: Delivery) =>
    attempts.some(({ statusCode }) => statusCode < 300) || findEvent(event, action) === undefined
  return gh.deliveries.filter((delivery) => !isTaken(delivery))
}

export async function allTaken(gh: LocalGitHub): Promise<void> {
  const deadline = Date.now() + 60_000
  for (await gh.settled(); missing(gh).length > 0; await gh.settled()) {
    if (Date.now() > deadline) throw new Error(`${missing(gh).length} deliveries were not asked for again`)
    await sleep(50)
  }
}
