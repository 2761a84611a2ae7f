import { isIn, readIssueLink } from '../domain/issue-link.ts'
import { isWellFormedWantedId } from '../domain/ids.ts'
import type { GitHubAnswer } from '../github/github-answer.ts'
import type { RepositoryName } from '../github/pull-requests.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { findWanted, itemsLinked } from '../ledger/tables/wanted.ts'
import { textFormsSince } from '../operations/tables/parser-version.ts'
import { mergeReferences, readOldReferences, readReferences, type Reference, type References } from './references.ts'
import type { OperationsStore } from '../operations/schema.ts'

interface NamedItemDeps {
  host: string
  ledger: Ledger
  store: OperationsStore
}

interface Labelled {
  labels: readonly string[]
  body: string
}

/** A pull request, and when its description was written. */
export interface Described extends Labelled {
  /** ISO 8601. */
  createdAt: string
  /** When the description was last edited, null where it never was. Called only where it decides. */
  editedAt(): Promise<GitHubAnswer<string | null>>
}

/**
 * The items that a pull request names now. A description that was written for an earlier version of this bridge
 * (`textFormsSince`) names only what that version read in it: no work is to be claimed by a line of years ago.
 */
export async function namedNow(deps: NamedItemDeps, name: RepositoryName, pull: Described): Promise<References> {
  const all = await namedBy(deps, name, pull)
  const since = await textFormsSince(deps.store)
  if (new Date(pull.createdAt) >= since) return all
  const old = await readOldReferences(pull)
  if (isSame(all, old)) return all
  const edited = await pull.editedAt()
  // The time of the edit is not known: no item is claimed for it, and none is released.
  if ('refused' in edited) return { ...old, unread: true }
  return edited.known !== null && new Date(edited.known) >= since ? all : old
}

function isSame(one: References, other: References): boolean {
  const namesOf = ({ items, malformed, unread }: References) =>
    JSON.stringify([items.map(({ wanted }) => wanted).toSorted(byText), malformed.toSorted(byText), unread])
  return namesOf(one) === namesOf(other)
}

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/**
 * The items that the labels and the description of a pull request name. An issue of its repository means the item that
 * was posted from it. A word that may be no id (`Fixes w-full`) counts where there is such an item.
 */
export async function namedBy(
  deps: Pick<NamedItemDeps, 'host' | 'ledger'>,
  name: RepositoryName,
  pull: Labelled,
): Promise<References> {
  const found = await readReferences(pull)
  const [items, { posted, missing }] = await Promise.all([known(deps, found.items), ofIssues(deps, name, found)])
  return mergeReferences({ ...found, items, malformed: [...found.malformed, ...missing] }, posted)
}

/** Leaves out doubtful words without an item. Labels stay: a label that is no id has a rule of its own. */
async function known({ ledger }: Pick<NamedItemDeps, 'ledger'>, items: readonly Reference[]): Promise<Reference[]> {
  const isDoubtful = ({ label, certain, wanted }: Reference) =>
    label === undefined && !certain && !isWellFormedWantedId(wanted)
  if (!items.some(isDoubtful)) return [...items]
  return ledger.read(async (db) => {
    const counts = await Promise.all(
      items.map(async (item) => !isDoubtful(item) || (await findWanted(db, item.wanted)) !== undefined),
    )
    return items.filter((_, n) => counts[n])
  })
}

async function ofIssues(
  { host, ledger }: Pick<NamedItemDeps, 'host' | 'ledger'>,
  name: RepositoryName,
  { issues = [] }: References,
) {
  const posted: Reference[] = []
  const missing: string[] = []
  if (issues.length === 0) return { posted, missing }
  await ledger.read(async (db) => {
    for (const issue of issues) {
      const number = numberOf(issue, host, name)
      const start = `http%://%/${name.owner}/${name.repo}/issues/${number}`
      const linked = number === undefined ? [] : await itemsLinked(db, start)
      const item = linked.find(({ link }) => isOf(link, host, name) && link.number === number)
      if (item !== undefined) posted.push({ wanted: item.id, label: undefined, certain: true })
      else if (issue.startsWith('#')) missing.push(issue)
    }
  })
  return { posted, missing }
}

/** The number of an issue of this repository; undefined for an issue of another. */
function numberOf(issue: string, host: string, name: RepositoryName): number | undefined {
  if (issue.startsWith('#')) return Number(issue.slice(1))
  const link = readIssueLink(issue)
  return isOf(link, host, name) ? link?.number : undefined
}

function isOf(link: ReturnType<typeof readIssueLink>, host: string, { owner, repo }: RepositoryName): boolean {
  return isIn(link, host, `${owner}/${repo}`)
}
