import { accountById, accountByLogin, demand, demandWritable, may, repositoryByName } from '../access.ts'
import type { NewCommit } from '../actor.ts'
import type { Files, Identity } from '../git.ts'
import { baseTip, commitsOf, filesOf } from '../pulls.ts'
import { invalid, Refusal } from '../refusal.ts'
import type { Doer, Issue, PullRequest, Repository, World } from '../world.ts'
import { accountOfEmail } from '../present/commit.ts'
import { forkOf, identityOf, moveBranch, webFlow } from './commits.ts'
import { closeIssue, newIssue, openWith, setClosed, type NewIssue } from './issues.ts'
import { record, sayIssue } from './say.ts'

export type NewPull = NewIssue & { head: string; base: string; draft?: boolean | undefined }

/** `head` is `branch` or `owner:branch`. */
export function openPull(world: World, doer: Doer, repo: Repository, about: NewPull): PullRequest {
  demand(world, repo, doer, 'read')
  demandWritable(repo)
  const head = resolveHead(world, repo, about.head)
  const base = repo.branches.get(about.base)
  if (!head) throw invalid('PullRequest', 'head', 'invalid')
  if (base === undefined) throw invalid('PullRequest', 'base', 'invalid')
  const twin = repo.issues
    .values()
    .some(
      ({ state, pull }) =>
        state === 'open' &&
        pull?.head.repositoryId === head.repositoryId &&
        pull.head.branch === head.branch &&
        pull.base.branch === about.base,
    )
  if (twin) throw custom(`A pull request already exists for ${accountById(world, head.ownerId).login}:${head.branch}.`)
  if (world.git.between(base, head.sha).length === 0)
    throw custom(`No commits between ${about.base} and ${head.branch}`)
  const issue = {
    ...newIssue(world, doer, repo, about),
    pull: {
      id: world.id('pull'),
      head,
      base: { branch: about.base, sha: base },
      draft: about.draft ?? false,
      merged: null,
      linked: [],
      reviews: [],
      reviewComments: [],
    },
  }
  openWith(world, doer, repo, issue, about.labels ?? [])
  return issue
}

const custom = (message: string) =>
  new Refusal(422, 'Validation Failed', [{ resource: 'PullRequest', code: 'custom', message }])

function resolveHead(world: World, repo: Repository, head: string): PullRequest['pull']['head'] | null {
  const [owner, branch] = head.includes(':') ? (head.split(':', 2) as [string, string]) : [null, head]
  const account = owner === null ? accountById(world, repo.ownerId) : accountByLogin(world, owner)
  if (!account) return null
  const from = account.id === repo.ownerId ? repo : forkOf(world, repo, account)
  const sha = from?.branches.get(branch)
  return from && sha ? { repositoryId: from.id, ownerId: account.id, branch, sha } : null
}

export function setDraft(world: World, doer: Doer, repo: Repository, issue: PullRequest, draft: boolean): void {
  demandWritable(repo)
  if (issue.userId !== doer.account.id) demand(world, repo, doer, 'write')
  if (issue.pull.draft === draft || issue.state === 'closed') return
  issue.pull.draft = draft
  record(world, doer, issue, draft ? 'convert_to_draft' : 'ready_for_review')
  sayIssue(world, doer, repo, issue, draft ? 'converted_to_draft' : 'ready_for_review')
}

export function changeBase(world: World, doer: Doer, repo: Repository, issue: PullRequest, branch: string): void {
  demandWritable(repo)
  if (issue.userId !== doer.account.id) demand(world, repo, doer, 'write')
  const sha = repo.branches.get(branch)
  if (sha === undefined) throw invalid('PullRequest', 'base', 'invalid')
  const { base } = issue.pull
  if (base.branch === branch) return
  const changes = { base: { ref: { from: base.branch }, sha: { from: base.sha } } }
  issue.pull.base = { branch, sha }
  record(world, doer, issue, 'base_ref_changed')
  sayIssue(world, doer, repo, issue, 'edited', { changes })
}

export type MergeMethod = 'merge' | 'squash' | 'rebase'
type MergeText = { title?: string | undefined; message?: string | undefined }

/** Merges and closes; returns the sha that the base branch then has. */
export function merge(
  world: World,
  doer: Doer,
  repo: Repository,
  issue: PullRequest,
  method: MergeMethod = 'merge',
  text: MergeText = {},
): string {
  demandWritable(repo)
  demand(world, repo, doer, 'write')
  const tip = baseTip(repo, issue)
  const files = world.git.merge(tip, issue.pull.head.sha)
  if (issue.pull.draft && issue.state === 'open') throw new Refusal(405, 'Pull Request is still a draft')
  if (issue.state === 'closed' || !files) throw new Refusal(405, 'Pull Request is not mergeable')
  const sha = makeMerge[method]({ world, doer, repo, issue, tip, files, text })
  issue.pull.merged = { sha, byId: doer.account.id, at: world.clock.iso() }
  record(world, doer, issue, 'merged', { commitSha: sha })
  // Closed first, so that the base is recorded as it was before the merge.
  setClosed(world, doer, repo, issue, null)
  moveBranch(world, doer, repo, issue.pull.base.branch, sha)
  sayIssue(world, doer, repo, issue, 'closed')
  closeLinked(world, doer, repo, issue)
  return sha
}

type Merging = {
  world: World
  doer: Doer
  repo: Repository
  issue: PullRequest
  tip: string
  files: Files
  text: MergeText
}

const makeMerge: Record<MergeMethod, (merging: Merging) => string> = {
  merge({ world, doer, issue, tip, files, text }) {
    const { head } = issue.pull
    const author = identityOf(world, doer.account)
    const title =
      text.title ?? `Merge pull request #${issue.number} from ${accountById(world, head.ownerId).login}/${head.branch}`
    const message = `${title}\n\n${text.message ?? issue.title}`
    return world.git.commit({
      parents: [tip, head.sha],
      files,
      author,
      committer: { ...webFlow, date: author.date },
      message,
      signed: true,
    }).sha
  },
  squash({ world, repo, issue, tip, files, text }) {
    const commits = commitsOf(world, repo, issue)
    const author = identityOf(world, accountById(world, issue.userId))
    const others = commits
      .filter((commit) => accountOfEmail(world, commit.author.email)?.id !== issue.userId)
      .map(({ author: { name, email } }) => `Co-authored-by: ${name} <${email}>`)
    const list = commits.length > 1 ? commits.map((commit) => `* ${commit.message}`).join('\n\n') : ''
    const body = text.message ?? [list, [...new Set(others)].join('\n')].filter(Boolean).join('\n\n')
    const message = [text.title ?? `${issue.title} (#${issue.number})`, body].filter(Boolean).join('\n\n')
    const committer = { ...webFlow, date: author.date }
    return world.git.commit({ parents: [tip], files, author, committer, message, signed: true }).sha
  },
  rebase({ world, doer, repo, issue, tip }) {
    const committer: Identity = identityOf(world, doer.account)
    let onto = tip
    for (const commit of commitsOf(world, repo, issue).filter(({ parents }) => parents.length < 2)) {
      const files = replay(world, commit.parents[0], commit.files, onto)
      if (!files) throw new Refusal(405, "This branch can't be rebased")
      onto = world.git.commit({ parents: [onto], files, author: commit.author, committer, message: commit.message }).sha
    }
    return onto
  },
}

/** Applies one commit's changes to another tip; null where that tip has different files. */
function replay(world: World, parent: string | undefined, after: Files, onto: string): Files | null {
  const before: Files = parent === undefined ? new Map() : world.git.get(parent).files
  const files = new Map(world.git.get(onto).files)
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    const content = after.get(path)
    if (before.get(path) === content) continue
    if (files.get(path) !== before.get(path) && files.get(path) !== content) return null
    if (content === undefined) files.delete(path)
    else files.set(path, content)
  }
  return files
}

/**
 * The changes of the Revert button of a merged pull request: its files as they were before, onto the tip of its base.
 */
export function inverseOf(world: World, repo: Repository, issue: PullRequest): NonNullable<NewCommit['files']> {
  if (issue.pull.merged === null) throw new Refusal(422, 'The pull request is not merged')
  const base = world.git.mergeBase(issue.pull.base.sha, issue.pull.head.sha)
  const before: Files = base === null ? new Map() : world.git.get(base).files
  const files = filesOf(world, repo, issue).flatMap(({ path, previousPath }) => [path, previousPath ?? path])
  return Object.fromEntries(files.map((path) => [path, before.get(path) ?? null]))
}

const closing = /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+(?:([\w.-]+\/[\w.-]+))?#(\d+)\b/gi

/** Links an issue as the sidebar of a pull request does. */
export function linkIssue(
  world: World,
  doer: Doer,
  repo: Repository,
  issue: PullRequest,
  linked: { repo: Repository; number: number },
): void {
  demandWritable(repo)
  demand(world, repo, doer, 'triage')
  issue.pull.linked.push({ repositoryId: linked.repo.id, number: linked.number })
  // GitHub sends no webhook for it.
  record(world, doer, issue, 'connected')
}

/**
 * Issues that merging a pull request closes, linked by hand or by its body; by the body only when it merges into the
 * default branch.
 */
export function closingIssues(
  world: World,
  repo: Repository,
  issue: PullRequest,
  byHandOnly = false,
): { repo: Repository; issue: Issue }[] {
  const byHand = issue.pull.linked.map(({ repositoryId, number }) => ({
    repo: world.repositories.get(repositoryId),
    number,
  }))
  const isClosing = !byHandOnly && issue.pull.base.branch === repo.defaultBranch
  const byBody = [...(isClosing ? (issue.body ?? '') : '').matchAll(closing)].map(([, name, number]) => ({
    repo: name === undefined ? repo : repositoryByName(world, name),
    number: Number(number),
  }))
  const found = [...byHand, ...byBody].flatMap(({ repo: at, number }) => {
    const linked = at?.issues.get(number)
    return at && linked && !linked.pull ? [{ repo: at, issue: linked }] : []
  })
  return found.filter((one, at) => found.findIndex((other) => other.issue === one.issue) === at)
}

function closeLinked(world: World, doer: Doer, repo: Repository, issue: PullRequest): void {
  for (const linked of closingIssues(world, repo, issue)) {
    if (may(world, linked.repo, doer, 'write')) closeIssue(world, doer, linked.repo, linked.issue)
  }
}
