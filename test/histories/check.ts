import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { expect } from 'vitest'
import type { Fate, History } from './acts.ts'
import { SEED as SEED_OF_COMMIT } from '../seed.ts'
import { type Failure, playAll, type Stage } from './stage.ts'

const SHRINK_MS = 90_000
const BATCH = 50

const ASKED = process.env['HISTORIES_SEED'] ?? String(SEED_OF_COMMIT)

/**
 * Each commit plays others, as everything that is drawn in the tests; HISTORIES_SEED=random, or a number, plays those of
 * that. HISTORIES plays more or fewer of them.
 */
export const SEED = ASKED === 'random' ? Math.floor(Math.random() * 2 ** 31) : Number(ASKED)

/** What may become of a delivery, and GitHub's list of deliveries tells of it. */
export const DISTURBED: readonly Fate[] = ['twice', 'again', 'late', 'swapped', 'failed']

export function howMany(usual: number): number {
  return Number(process.env['HISTORIES'] ?? usual)
}

/** How long so many may take on a machine that is busy with other things, in milliseconds. */
export function longest(count: number): number {
  return 600_000 + count * 10_000
}

/** Plays many and fails with a short history for the first that did not end as the oracle says. */
export async function checkHistories(stage: Stage, histories: fc.Arbitrary<History>, count: number): Promise<void> {
  const all = fc.sample(histories, { seed: SEED, numRuns: count })
  for (let from = 0; from < count; from += BATCH) {
    const failures = await playAll(stage, all.slice(from, from + BATCH))
    const [first] = failures
    if (first === undefined) continue
    const path = String(from + first.index)
    expect.fail(`${failures.length} of ${BATCH} histories failed\n${await shorten(stage, histories, path, first)}`)
  }
  if (count >= ENOUGH) await expectVariety(stage)
}

/** So many histories reach every state: otherwise they show little. */
export const ENOUGH = 100

async function expectVariety({ sql }: Stage) {
  const states = await sql('SELECT DISTINCT status FROM wanted ORDER BY status')
  expect(states.map(({ status }) => status)).toEqual(['claimed', 'completed', 'in_review', 'open'])
  const done = await sql(`SELECT DISTINCT regexp_substr(message, '^wl [a-z]+') AS word FROM dolt_log`)
  const words = ['wl accept', 'wl claim', 'wl done', 'wl note', 'wl reject', 'wl unclaim', 'wl undo']
  expect(done.map(({ word }) => word)).toEqual(expect.arrayContaining(words))
  for (const trailer of ['Merged', 'Closed', 'Reverted-By', 'Restored-By'])
    expect(await sql('SELECT 1 FROM dolt_log WHERE message LIKE ? LIMIT 1', [`%\n${trailer}: %`])).toHaveLength(1)
}

async function aWhile({ gh }: Stage) {
  await gh.settled()
  await sleep(200)
}

/** The same history alone, and the shortest that fails likewise. */
async function shorten(stage: Stage, histories: fc.Arbitrary<History>, path: string, first: Failure): Promise<string> {
  let shortest = first
  const alone = fc.asyncProperty(histories, async (history) => {
    // Among many the bridge sees what lies between two acts, or does not: alone, one after the other.
    const [failure] = [...(await playAll(stage, [history])), ...(await playAll(stage, [history], () => aWhile(stage)))]
    if (failure === undefined) return
    shortest = failure
    throw new Error('it fails')
  })
  const run = await fc.check(alone, { seed: SEED, path, numRuns: 1, interruptAfterTimeLimit: SHRINK_MS })
  return [
    `HISTORIES_SEED=${SEED}, path ${run.counterexamplePath ?? path}`,
    run.failed ? `shortened in ${run.numShrinks} steps:` : 'which, played alone, does not fail; as it was played:',
    ...shortest.lines.map((line) => `  ${line}`),
    ...shortest.faults,
  ].join('\n')
}
