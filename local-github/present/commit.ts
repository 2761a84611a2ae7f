import { diffFiles, type FileChange } from '../diff.ts'
import { type Commit, type Identity, payloadOf, SIGNATURE } from '../git.ts'
import { nodeId } from '../ids.ts'
import type { Account, Repository, World } from '../world.ts'
import { presentAccount } from './account.ts'
import { repositoryPage, repositoryUrl } from './urls.ts'

const unsigned = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null }

function verification(commit: Commit) {
  if (commit.signed !== true) return unsigned
  const signed = { signature: SIGNATURE, payload: payloadOf(commit), verified_at: commit.committer.date }
  return { verified: true, reason: 'valid', ...signed }
}

/** The account of an e-mail address: one of its own, or its `users.noreply.github.com` one. */
export function accountOfEmail(world: World, email: string): Account | undefined {
  const wanted = email.toLowerCase()
  const id = /^(\d+)\+.*@users\.noreply\.github\.com$/.exec(wanted)?.[1]
  return world.accounts
    .values()
    .find((account) => !account.deleted && (account.id === Number(id) || account.emails.includes(wanted)))
}

function presentIdentity(world: World, identity: Identity) {
  const account = accountOfEmail(world, identity.email)
  return account ? presentAccount(world, account) : null
}

export function commitNodeId(repo: Repository, sha: string): string {
  return nodeId('C', repo.id) + sha.slice(0, 12)
}

/** The commit of lists and of `GET /repos/{owner}/{repo}/commits/{ref}` without its files. */
export function presentCommit(world: World, repo: Repository, commit: Commit) {
  const url = `${repositoryUrl(world, repo)}/commits/${commit.sha}`
  const git = `${repositoryUrl(world, repo)}/git`
  return {
    sha: commit.sha,
    node_id: commitNodeId(repo, commit.sha),
    commit: {
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      tree: { sha: commit.tree, url: `${git}/trees/${commit.tree}` },
      url: `${git}/commits/${commit.sha}`,
      comment_count: 0,
      verification: verification(commit),
    },
    url,
    html_url: `${repositoryPage(world, repo)}/commit/${commit.sha}`,
    comments_url: `${url}/comments`,
    author: presentIdentity(world, commit.author),
    committer: presentIdentity(world, commit.committer),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${repositoryUrl(world, repo)}/commits/${sha}`,
      html_url: `${repositoryPage(world, repo)}/commit/${sha}`,
    })),
  }
}

export function presentCommitWithFiles(world: World, repo: Repository, commit: Commit) {
  const files = changesOf(world, commit)
  return {
    ...presentCommit(world, repo, commit),
    stats: stats(files),
    files: files.map((file) => presentFile(world, repo, commit.sha, file)),
  }
}

/** `GET /repos/{owner}/{repo}/git/commits/{sha}` */
export function presentGitCommit(world: World, repo: Repository, commit: Commit) {
  const git = `${repositoryUrl(world, repo)}/git`
  const page = `${repositoryPage(world, repo)}/commit`
  return {
    sha: commit.sha,
    node_id: commitNodeId(repo, commit.sha),
    url: `${git}/commits/${commit.sha}`,
    html_url: `${page}/${commit.sha}`,
    author: commit.author,
    committer: commit.committer,
    tree: { sha: commit.tree, url: `${git}/trees/${commit.tree}` },
    message: commit.message,
    parents: commit.parents.map((sha) => ({ sha, url: `${git}/commits/${sha}`, html_url: `${page}/${sha}` })),
    verification: verification(commit),
  }
}

export function presentFile(world: World, repo: Repository, sha: string, file: FileChange) {
  const page = repositoryPage(world, repo)
  const path = file.path.split('/').map(encodeURIComponent).join('/')
  return {
    sha: file.sha,
    filename: file.path,
    ...(file.previousPath ? { previous_filename: file.previousPath } : {}),
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${page}/blob/${sha}/${path}`,
    raw_url: `${page}/raw/${sha}/${path}`,
    contents_url: `${repositoryUrl(world, repo)}/contents/${path}?ref=${sha}`,
    ...(file.patch ? { patch: file.patch } : {}),
  }
}

/** The changes against the first parent, as GitHub shows a commit. */
export function changesOf(world: World, commit: Commit): FileChange[] {
  const parent = commit.parents[0]
  return diffFiles(parent === undefined ? new Map() : world.git.get(parent).files, commit.files)
}

export function stats(files: FileChange[]) {
  const additions = files.reduce((sum, file) => sum + file.additions, 0)
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0)
  return { additions, deletions, total: additions + deletions }
}

/** The commit of a `push` webhook. */
export function presentPushedCommit(world: World, repo: Repository, commit: Commit) {
  const changes = changesOf(world, commit)
  const paths = (...statuses: FileChange['status'][]) =>
    changes.filter((change) => statuses.includes(change.status)).map((change) => change.path)
  const person = (identity: Identity) => {
    const account = accountOfEmail(world, identity.email)
    return { name: identity.name, email: identity.email, ...(account ? { username: account.login } : {}) }
  }
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: commit.committer.date,
    url: `${repositoryPage(world, repo)}/commit/${commit.sha}`,
    author: person(commit.author),
    committer: person(commit.committer),
    added: paths('added', 'renamed'),
    removed: paths('removed'),
    modified: paths('modified'),
  }
}
