import type { Installations } from '../github/client.ts'
import type { RepositoryRef } from '../domain/refs.ts'
import type { Account } from '../domain/rig.ts'
import { type SuggestingComment, suggestedLines, suggestersOf } from '../domain/suggestions.ts'
import { refusalIn } from '../github/github-answer.ts'
import { coAuthorsOf } from '../github/co-authors.ts'
import { type Edits, readEdits } from '../github/comment-edits.ts'
import { type PullRequestCommit, getCommit } from '../github/commits.ts'
import { listReviewComments, type ReviewComment } from '../github/review-comments.ts'

/** A commit of a pull request, with the accounts whose work it is. */
export interface AuthoredCommit extends PullRequestCommit {
  /**
   * The accounts that the commit counts for; none where it accepts suggestions, merges the base, or is by e-mail
   * addresses without an account.
   */
  authors: Account[]
  /** The accounts whose suggestions the commit accepts; set only where it does nothing else. */
  suggesters: Account[]
  /** True for a merge of the base, of which only the further changes are somebody's work (`linesOfMerge`). */
  mergesBase: boolean
}

/**
 * The most commits that are checked for accepted suggestions, for each costs a request. Those beyond count as their
 * authors' own work.
 */
const MOST_CLAIMS = 30
/**
 * The most characters of all suggesting comments and their edits, which are read for each such commit. With more, no
 * suggestion counts.
 */
const MOST_TEXT = 262_144

/**
 * Finds the accounts whose work each commit is. `isWhole` is false where GitHub does not show whom some commits name as
 * co-authors. When somebody accepts a suggestion, GitHub makes a commit with them as author and with the suggester as
 * co-author. Anybody can write such a commit in GitHub's editor, so its lines are compared with the comments.
 */
export async function withAuthors(
  github: Installations,
  at: RepositoryRef,
  number: number,
  commits: readonly PullRequestCommit[],
): Promise<{ commits: AuthoredCommit[]; isWhole: boolean }> {
  const claims = commits.filter(mayAcceptSuggestions)
  const answer = await coAuthorsOf(github, at, claims)
  const coAuthors = 'refused' in answer ? NOBODY : answer.known
  const accepted = await acceptedBy(github, at, number, claims.slice(0, MOST_CLAIMS), coAuthors)
  const shas = new Set(commits.map(({ sha }) => sha))
  const authored = commits.map((commit) => {
    const suggesters = accepted.get(commit.sha) ?? []
    const mergesBase = isMergeOfBase(commit, shas)
    const authors = suggesters.length > 0 || mergesBase ? [] : accountsOf(commit, coAuthors)
    return { ...commit, authors, suggesters, mergesBase }
  })
  return { commits: authored, isWhole: refusalIn(answer) === undefined }
}

const NOBODY: ReadonlyMap<string, Account[]> = new Map()

/**
 * The accounts that one commit counts for where no comment can show that it accepts suggestions; undefined where GitHub
 * does not show its co-authors.
 */
export async function authorsOf(
  github: Installations,
  at: RepositoryRef,
  commit: PullRequestCommit,
): Promise<Account[] | undefined> {
  const answer = await coAuthorsOf(github, at, [commit].filter(mayAcceptSuggestions))
  return 'refused' in answer || answer.missing !== undefined ? undefined : accountsOf(commit, answer.known)
}

/** True for an account that one of these commits counts for. */
export function isAuthorOf(commits: readonly AuthoredCommit[], accountId: number): boolean {
  return commits.some(({ authors }) => authors.some(({ id }) => id === accountId))
}

/** True for a commit by e-mail addresses without an account. A merge is none: its changes are in other commits. */
export function isNobodys({ authors, suggesters, isMerge }: AuthoredCommit): boolean {
  return authors.length === 0 && suggesters.length === 0 && !isMerge
}

/**
 * The author of a commit. Where GitHub made the commit, its co-authors count too, for its author may only have clicked
 * a button.
 */
function accountsOf(commit: PullRequestCommit, coAuthors: ReadonlyMap<string, Account[]>): Account[] {
  return [...(commit.author === undefined ? [] : [commit.author]), ...(coAuthors.get(commit.sha) ?? [])]
}

function mayAcceptSuggestions({ byGitHub, isMerge, coAuthors }: PullRequestCommit): boolean {
  return byGitHub && !isMerge && coAuthors.length > 0
}

/** True for a merge of which one parent is not in the pull request: that one is in the base. */
function isMergeOfBase({ parents }: PullRequestCommit, shas: ReadonlySet<string>): boolean {
  return parents.length === 2 && !parents.every((sha) => shas.has(sha))
}

/** The accounts whose suggestions each of these commits accepts, by its SHA. */
async function acceptedBy(
  github: Installations,
  at: RepositoryRef,
  number: number,
  claims: readonly PullRequestCommit[],
  coAuthors: ReadonlyMap<string, Account[]>,
): Promise<Map<string, Account[]>> {
  const accepted = new Map<string, Account[]>()
  const named = new Set(claims.flatMap(({ sha }) => coAuthors.get(sha) ?? []).map(({ id }) => id))
  if (named.size === 0) return accepted
  const comments = await suggestionsBy(github, at, number, named)
  for (const { sha, committedAt, author } of claims) {
    // A person who accepts their own suggestion has written both.
    const people = (coAuthors.get(sha) ?? []).filter(({ id }) => id !== author?.id)
    const theirs = comments.filter(({ by }) => people.some(({ id }) => id === by))
    const before = theirs.map((comment) => ({ ...comment, texts: textsUntil(comment, committedAt) }))
    if (before.every(({ texts }) => texts.length === 0)) continue
    const { files } = await getCommit(github, at, sha)
    const found = files && suggestersOf(files, before)
    if (found !== undefined)
      accepted.set(
        sha,
        people.filter(({ id }) => found.has(id)),
      )
  }
  return accepted
}

/** A suggesting comment, with each text that its author wrote there and the time of each. */
interface Suggestion extends Omit<SuggestingComment, 'texts'> {
  versions: { at: string; text: string }[]
}

async function suggestionsBy(
  github: Installations,
  at: RepositoryRef,
  number: number,
  people: ReadonlySet<number>,
): Promise<Suggestion[]> {
  const all = await listReviewComments(github, at, number)
  const byThem = all.filter(({ author }) => people.has(author?.id ?? -1))
  if (lengthOf(byThem.map(({ body }) => body)) > MOST_TEXT) return []
  const theirs = byThem.filter(({ body }) => suggestedLines(body).length > 0)
  const edits = await readEdits(
    github,
    at,
    theirs.map(({ nodeId }) => nodeId),
  )
  const suggestions = theirs.map((comment) => ({
    by: comment.author!.id,
    path: comment.path,
    hunk: comment.hunk,
    lines: comment.lines,
    versions: versionsOf(comment, edits.get(comment.nodeId)),
  }))
  const texts = suggestions.flatMap(({ versions }) => versions.map(({ text }) => text))
  return lengthOf(texts) > MOST_TEXT ? [] : suggestions
}

function lengthOf(texts: readonly string[]): number {
  return texts.reduce((length, text) => length + text.length, 0)
}

/** The author's versions of a comment; none where GitHub does not show who wrote its text. */
function versionsOf({ body: text, createdAt: at }: ReviewComment, edits: Edits | undefined): Suggestion['versions'] {
  if (edits === undefined) return []
  return edits.lastEditedAt === undefined ? [{ at, text }] : (edits.history ?? []).filter(({ byAuthor }) => byAuthor)
}

/** The texts that were written before a commit: it cannot have accepted later ones. */
function textsUntil({ versions }: Suggestion, committedAt: string | undefined): string[] {
  const until = Date.parse(committedAt ?? '')
  return versions.filter(({ at }) => Date.parse(at) <= until).map(({ text }) => text)
}
