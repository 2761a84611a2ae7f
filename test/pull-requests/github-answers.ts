import { countChecks } from '../../src/github/checks.ts'
import { listCommits } from '../../src/github/commits.ts'
import { listReviews, type PullRequest } from '../../src/github/pull-requests.ts'
import { gatherWork } from '../../src/pull-requests/evidence.ts'
import { ownWork } from '../../src/pull-requests/own-work.ts'
import type { Client } from '../../src/github/client.ts'
import { reaching } from '../github/reaching.ts'

export const name = { installation: 1, owner: 'acme', repo: 'app' }
export const sha = (id: string) => id.repeat(40).slice(0, 40)
export const user = (id: number, login = `user${id}`) => ({ id, login, type: 'User' })
export const [bob, alice, carol] = [user(1, 'bob'), user(2, 'alice'), user(3, 'carol')]
/** bob's. */
export const pull = {
  id: 9,
  number: 5,
  url: 'https://github.com/acme/app/pull/5',
  headSha: sha('b'),
  mergeSha: undefined,
  open: true,
  base: { branch: 'main', sha: sha('0') },
  author: { ...bob, type: 'User' },
  commits: 2,
  lines: 100,
} as PullRequest
/** The newest of its commits. */
export const head = { id: 'b' }

export interface MadeFile {
  filename: string
  status?: string
  patch?: string
  sha?: string
}
export interface Made {
  /** One digit of its SHA, or all of them. */
  id: string
  author?: { id: number } | null
  lines?: number
  parents?: string[]
  message?: string
  committer?: string
  verified?: boolean
  files?: MadeFile[]
}
const BASE = '0'

const file = ({ filename, status = 'modified', patch, sha: blob }: MadeFile) => ({
  filename,
  status,
  additions: 0,
  deletions: 0,
  ...(patch !== undefined && { patch }),
  ...(blob !== undefined && { sha: blob }),
})

const commit = ({ id, author = bob, lines = 0, parents = [BASE], message = 'Work', ...made }: Made) => ({
  sha: sha(id),
  node_id: `C_${id}`,
  commit: {
    message,
    tree: { sha: sha('e') },
    committer: { date: '2026-11-02T12:00:00Z' },
    verification: { verified: made.verified ?? false },
  },
  author,
  committer: { login: made.committer ?? 'bob' },
  parents: parents.map((parent) => ({ sha: sha(parent) })),
  files: (made.files ?? []).map(file),
  stats: { additions: lines, deletions: 0 },
})

/** A review comment: by default on the line `old` of `src/a.ts`, an hour before the commits. */
export interface MadeComment {
  by?: { id: number; login: string }
  path?: string
  body: string
  hunk?: string
  lines?: number
  at?: string
  /** Its texts, oldest first, where it was edited. */
  edits?: { at: string; by: { id: number; login: string }; text: string }[]
}

const comment = ({ by = carol, path = 'src/a.ts', body, hunk, lines = 1, at = BEFORE }: MadeComment, n: number) => ({
  node_id: `PRRC_${n}`,
  user: by,
  path,
  body,
  created_at: at,
  diff_hunk: hunk ?? '@@ -1,2 +1,2 @@\n first\n old',
  side: 'RIGHT',
  original_line: 10,
  original_start_line: lines === 1 ? null : 11 - lines,
})
export const BEFORE = '2026-11-02T11:00:00Z'

export interface Answers {
  commits?: Made[]
  /** How many GitHub says there are, where it is more than it gives. */
  total?: number
  reviews?: object[]
  runs?: object[]
  statuses?: object[]
  comments?: MadeComment[]
  /** Whom GitHub resolves for a commit, its author first, by its node id. */
  authors?: Record<string, ({ id: number; login: string } | null)[]>
  /** The files of a comparison, by `base...head` with the digits of the SHAs. */
  compared?: Record<string, MadeFile[] | undefined>
}

/** GitHub's answers. `asked` collects the comparisons asked for, and `routes` what else was asked. */
export function client(answers: Answers, asked: object[] = [], routes: string[] = []): Client {
  const commits = (answers.commits ?? []).map(commit)
  const comments = answers.comments ?? []
  const lists: Record<string, object[]> = {
    commits: commits.slice(0, 250),
    reviews: answers.reviews ?? [],
    comments: comments.map(comment),
    'check-runs': answers.runs ?? [],
    status: [{ statuses: answers.statuses ?? [] }],
  }
  const compare = (basehead: string, page: number) => {
    const digits = basehead.split('...').map((one) => one[0])
    const files = answers.compared?.[digits.join('...')]
    const from = (page - 1) * 100
    return {
      base_commit: { sha: sha('9') },
      commits: commits.slice(from, from + 100),
      total_commits: answers.total ?? commits.length,
      ...(files && { files: files.map(file) }),
    }
  }
  const node = (id: string) => {
    const found = commits.find((one) => one.node_id === id)
    const authors = (answers.authors?.[id] ?? []).map((one) => ({
      user: one && { login: one.login, databaseId: one.id },
    }))
    return { authors: { nodes: authors }, ...found?.stats }
  }
  const edited = (id: string) => {
    const { by = carol, edits = [] } = comments[Number(id.slice(5))]!
    const actor = (one: { id: number; login: string }) => ({ login: one.login, databaseId: one.id })
    const nodes = edits.map(({ at, by: editor, text }) => ({ editedAt: at, diff: text, editor: actor(editor) }))
    return {
      id,
      author: actor(by),
      editor: edits.length === 0 ? null : actor(edits.at(-1)!.by),
      lastEditedAt: edits.at(-1)?.at ?? null,
      userContentEdits: { totalCount: nodes.length, nodes: nodes.toReversed() },
    }
  }
  return {
    paginate: async (route: string) => {
      routes.push(route)
      return lists[route.split('/').at(-1)!]
    },
    request: async (route: string, about: { ref?: string; basehead?: string; page?: number }) => {
      if (about.basehead === undefined) {
        routes.push(route)
        return { data: commits.find((one) => one.sha === about.ref) ?? commit({ id: about.ref! }) }
      }
      asked.push(about)
      return { data: compare(about.basehead, about.page!) }
    },
    graphql: async (query: string, { ids }: { ids: string[] }) => {
      routes.push('graphql')
      return { nodes: ids.map((id) => (query.includes('userContentEdits') ? edited(id) : node(id))) }
    },
  } as unknown as Client
}

export const gather = (client: Client, given = pull, trailers = {}) => {
  const github = reaching(client)
  const look = {
    pull: given,
    commits: () => listCommits(github, name, given),
    reviews: () => listReviews(github, name, given.number),
    checks: () => countChecks(github, name, given.headSha, 1),
  }
  return gatherWork(github, name, look, trailers)
}

/** What alice wrote of a pull request. */
export const ownOf = async (github: Client, given = pull) =>
  ownWork(reaching(github), name, given, await gather(github, given), alice.id)
