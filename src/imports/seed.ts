import { fetchBulk } from '../../importers/github/fetch-bulk.ts'
import type { BulkResult, Github } from '../../importers/github/fetching.ts'
import type { CharacterSheet } from '../../importers/github/sheet-json.ts'
import { sheetOf } from '../../importers/github/sheet.ts'
import { nextToSeed, type Seeded, saveSeeded } from '../operations/tables/seeding.ts'
import type { ImportDeps } from './deps.ts'

/** So many are fetched and then written in one Dolt commit: a power cut costs at most these. */
const SET = 240
/** Of so many each is told. */
const TELLING = 20

type SeedDeps = Pick<ImportDeps, 'host' | 'store' | 'profiles' | 'optOuts' | 'now'>

/**
 * Seeds the profile store with those who are planned and not done yet, set by set: fetched, scored, written, and only then noted
 * as done. Safe to end at any point and to begin again. Tells `fetched` now and then how many came since it began.
 * Rejects as `Github.query` does, and when `signal` ends it.
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
    // Scored as they come: a sheet is a small part of its profile.
    const sheets: SeedScore[] = []
    try {
      for await (const result of fetchBulk(github, logins, { admits, signal }))
        if (sheets.push(scored(result, deps.now())) % TELLING === 0) fetched(before + sheets.length)
    } finally {
      // What came before a stop is paid for.
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

/** In the order of the sheets, what became of each. */
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
    // The same person twice under one login or two: the last one counts.
    return { github_id: sheet.id, ...(outcomes.get(sheet) ?? { outcome: 'skipped', reason: 'twice' }) }
  })
}
