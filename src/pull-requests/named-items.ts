import { isIn, readIssueLink } from '../domain/issue-link.ts'
import { isWellFormedWantedId } from '../domain/ids.ts'
import type { RepositoryName } from '../github/pull-requests.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { findWanted, itemsLinked } from '../ledger/wanted.ts'
import { mergeReferences, readReferences, type Reference, type References } from './references.ts'

interface Rooms {
  host: string
  ledger: Ledger
}

/**
 * What the labels and the description of a pull request name: issues of its repository stand for the items that were
 * posted from them, and what may be no id (`Fixes w-full`) counts where there is such an item.
 */
export async function namedBy(
  rooms: Rooms,
  name: RepositoryName,
  pull: { labels: readonly string[]; body: string },
): Promise<References> {
  const found = await readReferences(pull)
  const [items, { posted, missing }] = await Promise.all([known(rooms, found.items), ofIssues(rooms, name, found)])
  return mergeReferences({ ...found, items, malformed: [...found.malformed, ...missing] }, posted)
}

/** Labels stay as they are: their own rule says what becomes of one that is no id. */
async function known({ ledger }: Rooms, items: readonly Reference[]): Promise<Reference[]> {
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

async function ofIssues({ host, ledger }: Rooms, name: RepositoryName, { issues = [] }: References) {
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

/** Undefined for an issue of another repository. */
function numberOf(issue: string, host: string, name: RepositoryName): number | undefined {
  if (issue.startsWith('#')) return Number(issue.slice(1))
  const link = readIssueLink(issue)
  return isOf(link, host, name) ? link?.number : undefined
}

function isOf(link: ReturnType<typeof readIssueLink>, host: string, { owner, repo }: RepositoryName): boolean {
  return isIn(link, host, `${owner}/${repo}`)
}
