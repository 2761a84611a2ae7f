import { wantedId } from '../domain/ids.ts'
import { clip, oneLine } from '../domain/text.ts'
import { type Effort, JUDGED_ANYWHERE, OPEN_BOUNTY, WANTED_TYPES, type WantedType } from '../domain/wanted.ts'
import type { Issue } from '../github/repositories.ts'
import type { NewWanted } from '../ledger/tables/wanted.ts'
import { partOf } from '../replies/items.ts'

/** The values of an item that its poster gives; the others are read from its issue. */
export interface WantedInput {
  title?: string | undefined
  type?: WantedType | undefined
  effort?: Effort | undefined
  priority?: number | undefined
  tags?: readonly string[] | undefined
  parent?: string | undefined
  bounty?: unknown
  judged?: 'anywhere' | 'here' | undefined
}

export interface Poster {
  host: string
  /** `owner/repo`. */
  repository: string
  /** The label that posts an issue; it becomes no tag. */
  label: string
  postedBy: string
  /** ISO 8601. */
  at: string
}

const MAX_TAGS = 10
const MAX_PROJECT = 64

/** The wanted item that an issue becomes: its title and text, its labels as tags. */
export function itemOfIssue(
  issue: Issue,
  { host, repository, label: posts, postedBy, at }: Poster,
  given: WantedInput,
): NewWanted {
  const labels = issue.labels
    .map((label) => oneLine(label, 50).toLowerCase())
    .filter((label) => !/^(wl:|w-|$)/.test(label) && label !== posts.toLowerCase() && label !== JUDGED_ANYWHERE)
  // The protocol has no column for the parent: the description names it to the peers' readers, the commit's trailer to
  // ours.
  const part = given.parent === undefined ? '' : partOf(given.parent)
  return {
    id: wantedId(host, issue.id),
    title: given.title ?? (oneLine(issue.title, 200) || `Issue ${issue.number}`),
    description: oneLine(`${issue.url} ${part}${issue.body}`, 4000),
    project: projectOf(repository),
    type: given.type ?? labels.map((label) => TYPE_OF_LABEL.get(label)).find((type) => type !== undefined) ?? null,
    priority: given.priority ?? 2,
    tags: tagsOf(given, labels),
    postedBy,
    effort: given.effort ?? 'medium',
    at,
  }
}

/** The tags of an item: its flags, then the given tags, then the labels; each once, and ten at most. */
export function tagsOf(
  { tags = [], bounty, judged }: Pick<WantedInput, 'tags' | 'bounty' | 'judged'>,
  labels: readonly string[] = [],
): string[] {
  const flags = [...(bounty === undefined ? [] : [OPEN_BOUNTY]), ...(judged === 'anywhere' ? [JUDGED_ANYWHERE] : [])]
  // Only its option sets this flag: anybody's label may have its name.
  const words = tags.filter((tag) => tag !== JUDGED_ANYWHERE)
  return [...new Set([...flags, ...words, ...labels])].slice(0, MAX_TAGS)
}

function projectOf(repository: string): string {
  return repository.length <= MAX_PROJECT ? repository : clip(repository.split('/')[1]!, MAX_PROJECT)
}

/** GitHub's default labels beside the protocol's own words. */
const TYPE_OF_LABEL = new Map<string, WantedType>([
  ...WANTED_TYPES.map((type) => [type, type] as const),
  ['enhancement', 'feature'],
  ['documentation', 'docs'],
])
