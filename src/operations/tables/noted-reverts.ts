import { sql } from 'kysely'
import { readTrailers } from '../../domain/commit-message.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { caughtUp } from './index-catch-up.ts'
import { indexedRead } from './indexed-read.ts'
import { readRevertNote, type Revert } from './revert-index.ts'
import { settle } from '../postgres/store.ts'
import type { OperationsStore } from '../schema.ts'

/**
 * Every revert of these completions, and every one that these pull requests and commits (`pull_request/<id>`) changed
 * last.
 */
export async function revertsOf(
  store: OperationsStore,
  ledger: Ledger,
  of: { completions: readonly string[] } | { by: readonly string[] },
): Promise<Revert[]> {
  const [reverts, keys] = 'by' in of ? ([revertsBy, of.by] as const) : ([revertsOn, of.completions] as const)
  const found = await Promise.all([...new Set(keys)].map((key) => reverts(store, ledger, key)))
  return inOrder(found.flat())
}

/** Every revert that this pull request or commit is, or changed last. */
export async function revertsMadeBy(store: OperationsStore, ledger: Ledger, key: string): Promise<Revert[]> {
  const [own, others] = await Promise.all([revertsNamed(store, ledger, key), revertsBy(store, ledger, key)])
  return inOrder([...own, ...others.filter(({ revert }) => revert !== key)])
}

function inOrder(reverts: readonly Revert[]): Revert[] {
  return reverts.toSorted((a, b) => (a.revert < b.revert ? -1 : Number(a.revert > b.revert)))
}

const revertsBy = readReverts('by')
const revertsNamed = readReverts('revert')
const revertsOn = readReverts('completion')

function readReverts(column: 'by' | 'completion' | 'revert') {
  return indexedRead(
    ({ db, wasteland }, keys: readonly string[]) =>
      db
        .selectFrom('reverts')
        .select(['completion', 'revert', 'by', 'url', 'stands'])
        .where('wasteland', '=', wasteland)
        .where(column, 'in', keys),
    (rows: readonly Revert[], keys) => {
      const ordered = inOrder(
        rows.map(({ completion, revert, by, url, stands }) => ({ completion, revert, by, url, stands })),
      )
      return keys.map((key) => ordered.filter((row) => row[column] === key))
    },
  )
}

/** The full history of a completion's reverts, oldest first. Scans the whole history of the ledger. */
export async function revertNotes(
  ledger: Pick<Ledger, 'commitsSince'>,
  { completion, revert }: Pick<Revert, 'completion' | 'revert'>,
): Promise<Revert[]> {
  const { commits } = await ledger.commitsSince(undefined)
  const notes = commits.flatMap(({ message }) => readTrailers(message).flatMap((one) => readRevertNote(one) ?? []))
  return notes.filter((note) => note.completion === completion && note.revert === revert)
}

/** The pages, in a repository `owner/repo`, of the causes that last changed reverts. */
export async function pagesOfReverts(store: OperationsStore, ledger: Ledger, fullName: string): Promise<string[]> {
  await caughtUp(store, ledger)
  const rows = await settle(
    store.db
      .selectFrom('reverts')
      .select('url')
      .distinct()
      .where('wasteland', '=', store.wasteland)
      .where(sql<boolean>`strpos(lower(url), ${`/${fullName.toLowerCase()}/`}) > 0`)
      .orderBy('url')
      .execute(),
  )
  return rows.map(({ url }) => url)
}
