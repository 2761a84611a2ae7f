import { fetchBulk } from '../../importers/github/fetch-bulk.ts'
import type { BulkResult, Github } from '../../importers/github/fetching.ts'
import type { CharacterSheet } from '../../importers/github/sheet-json.ts'
import { sheetOf } from '../../importers/github/sheet.ts'
import { nextToSeed, type Seeded, saveSeeded } from '../operations/tables/seeding.ts'
import type { ImportDeps } from './deps.ts'

/** The number of profiles that are fetched and then written in one Dolt commit: a power cut loses at most these. */
const SET = 240
/** Progress is reported each time this many have been fetched. */
const TELLING = 20

type SeedDeps = Pick<ImportDeps, 'host' | 'store' | 'profiles' | 'optOuts' | 'now'>

/**
 * Seeds the profile store with the planned people who are not done yet, set by set: fetched, scored, written, and only
 * then recorded as done. Safe to interrupt at any point and to repeat. Calls `fetched` now and then with the number
 * since the start. Rejects as `Github.query` does, and when `signal` ends it.
 */
export async function seed(
  deps: SeedDeps,
  github: Github,
  fetched: (profiles: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const admits = async (id: number) => !(await deps.optOuts.barsImports(deps.host, id))
  for (let before = 0; ;) {
    signal.throwIfAborted()
    const next = await nextToSeed(deps.store, deps.host, SET)
    if (next.length === 0) return
    const logins = next.map(({ login }) => login)
    // Scored as they arrive: a sheet is a small part of its profile.
    const sheets: SeedScore[] = []
    try {
      for await (const result of fetchBulk(github, logins, { admits, signal }))
        if (sheets.push(scored(result, deps.now())) % TELLING === 0) fetched(before + sheets.length)
    } finally {
      // The profiles fetched before an interruption are written: their requests are spent.
      const outcomes = await write(deps, sheets)
      await saveSeeded(
        deps.store,
        deps.host,
        outcomes.map((outcome, index) => ({ place: next[index]!.place, ...outcome })),
      )
    }
    before += sheets.length
    fetched(before)
  }
}

type SeedScore = CharacterSheet | { refused: string }

function scored(result: BulkResult, now: Date): SeedScore {
  return 'profile' in result ? sheetOf(result.profile, now) : { refused: result.why }
}

/** The outcome of each sheet, in order. */
async function write(deps: SeedDeps, sheets: readonly SeedScore[]): Promise<Omit<Seeded, 'place'>[]> {
  const good = sheets.filter((sheet): sheet is CharacterSheet => 'json' in sheet)
  const { written, unchanged, refused, failed } = await deps.profiles.write(good, (host, id) =>
    deps.optOuts.barsImports(host, id),
  )
  const outcomes = new Map<CharacterSheet, Omit<Seeded, 'place' | 'github_id'>>([
    ...written.map(({ sheet }) => [sheet, { outcome: 'written' as const }] as const),
    ...unchanged.map(({ sheet }) => [sheet, { outcome: 'unchanged' as const }] as const),
    ...refused.map((sheet) => [sheet, { outcome: 'skipped' as const, reason: 'declined' }] as const),
    ...failed.map(({ sheet }) => [sheet, { outcome: 'skipped' as const, reason: 'not-written' }] as const),
  ])
  return sheets.map((sheet) => {
    if ('refused' in sheet) return { outcome: 'skipped', reason: sheet.refused }
    // One person under one login or two: the last one counts.
    return { github_id: sheet.id, ...(outcomes.get(sheet) ?? { outcome: 'skipped', reason: 'twice' }) }
  })
}
