import { type LocalGitHub, startLocalGitHub } from '../../local-github/local-github.ts'
import { askDolt, askPostgres, type Row } from './stores.ts'
import { unsigned } from '../ledger/key.ts'
import { deadLetters, unfinishedJobs } from '../queue-rows.ts'

const OWNER = 'ada'
export const REPO = `${OWNER}/engine`
const ISSUE = 1
export const PULL = 2

/** GitHub's clock stands at a time of its own for each step, so that every run has the same times. */
const BEGIN = new Date(Math.floor(Date.now() / 60_000) * 60_000)

/**
 * The main job as people do it on GitHub. Ids, shas and times come out the same in each run on one port, so that
 * the ledgers of two runs can be compared column by column.
 */
export const STEPS: ((gh: LocalGitHub) => void)[] = [
  (gh) => {
    gh.as(OWNER).openIssue(REPO, { title: 'Count the loops', body: 'It should count.' })
    gh.as(OWNER).comment(REPO, ISSUE, '/wl post type=feature effort=small tags=loops')
  },
  (gh) => {
    gh.as('bob').openPullRequest({
      repo: REPO,
      title: 'Count the loops',
      head: 'count',
      commits: [{ message: 'Count', files: { 'src/count.ts': 'export const n = 1\nexport const m = 2\n' } }],
    })
    gh.as(OWNER).label(REPO, PULL, postedLabel(gh))
  },
  (gh) => void gh.as('bob').push(REPO, PULL, { message: 'More', files: { 'src/more.ts': 'export {}\n' } }),
  (gh) => void gh.as('mia').comment(REPO, PULL, '/wl stamp quality=9'),
  (gh) =>
    void gh.as('mia').reviewComment(REPO, PULL, {
      path: 'src/count.ts',
      line: 1,
      body: 'Good.\n\n/wl stamp quality=4 creativity=5',
    }),
  (gh) => void gh.as(OWNER).merge(REPO, PULL),
]

export async function startStoryGitHub(port: number): Promise<LocalGitHub> {
  const gh = await startLocalGitHub({ port, app: { owner: OWNER, webhookSecret: 'secret-of-the-story' } })
  gh.clock.set(BEGIN)
  for (const login of [OWNER, 'mia', 'bob']) gh.user(login)
  gh.repository(REPO, { files: { 'src/a.ts': 'one\ntwo\nthree\n' }, collaborators: { mia: 'maintain' } })
  gh.as(OWNER).installApp({ account: OWNER })
  return gh
}

export function act(gh: LocalGitHub, step: number): void {
  gh.clock.set(new Date(BEGIN.getTime() + (step + 1) * 600_000))
  STEPS[step]!(gh)
}

function postedLabel(gh: LocalGitHub): string {
  const { labels } = gh.issue(REPO, ISSUE) as { labels: { name: string }[] }
  return labels[0]!.name
}

/** What the ledger, GitHub and the operations store hold after a run, without what may differ. */
export interface Outcome {
  rows: Record<string, Row[]>
  /** Subject, author and trailers of each Dolt commit, oldest first. */
  commits: string[]
  uncommitted: Row[]
  comments: Record<number, string[]>
  reactions: string[]
  labels: string[]
  operations: Record<string, Row[]>
}

export async function outcome(gh: LocalGitHub, ledger: string, database: string): Promise<Outcome> {
  return {
    ...(await ledgerOutcome(ledger)),
    comments: { [ISSUE]: commentsOn(gh, ISSUE), [PULL]: commentsOn(gh, PULL) },
    reactions: reactionsIn(gh),
    labels: (gh.issue(REPO, ISSUE) as { labels: { name: string }[] }).labels.map((label) => label.name),
    operations: {
      items: await askPostgres(
        database,
        'SELECT pull_request_id, wanted_id, author_id, linked_at, linked FROM pull_request_items ORDER BY 1, 2',
      ),
      commands: await askPostgres(database, 'SELECT command FROM commands_run ORDER BY 1'),
      given: await askPostgres(database, 'SELECT stamp, given FROM stamps_given ORDER BY 1'),
      replies: await askPostgres(
        database,
        // GraphQL tells no number of a check run.
        `SELECT key, CASE WHEN key LIKE 'check/%' THEN sent_body IS NOT NULL ELSE comment_id::int8 > 0 END AS sent, refused
          FROM replies ORDER BY key`,
      ),
      deadLetters: await deadLetters((query) => askPostgres(database, query)),
      unfinished: await unfinishedJobs((query) => askPostgres(database, query), ['deliveries']),
    },
  }
}

async function ledgerOutcome(ledger: string): Promise<Pick<Outcome, 'rows' | 'commits' | 'uncommitted'>> {
  const rows: Record<string, Row[]> = {}
  for (const table of ['rigs', 'wanted', 'completions', 'stamps'] as const) {
    rows[table] = await askDolt(ledger, `SELECT * FROM ${table} ORDER BY 1`)
  }
  const log = await askDolt(ledger, 'SELECT * FROM dolt_log ORDER BY commit_order')
  return {
    rows,
    commits: log.map(({ message, author, author_email: mail }) =>
      // Deliveries have another GUID in each run.
      `${unsigned(message)} — ${String(author)} <${String(mail)}>`.replace(/^Delivery: .*$/gm, 'Delivery: …'),
    ),
    uncommitted: await askDolt(ledger, 'SELECT * FROM dolt_status'),
  }
}

/** Who said what, without the bridge's hidden markers. */
function commentsOn(gh: LocalGitHub, number: number): string[] {
  return gh
    .comments(REPO, number)
    .map((comment) => `${comment.user?.login}: ${String(comment.body).replace(/\n*<!--.*?-->/gs, '')}`)
}

/** Reactions on every comment that holds a command. */
function reactionsIn(gh: LocalGitHub): string[] {
  const ids = gh.deliveries.flatMap(({ payload }) => {
    const { comment } = payload as { comment?: { id: number; body: string } }
    return comment?.body.includes('/wl ') === true ? [comment] : []
  })
  const unique = new Map(ids.map((comment) => [comment.id, comment.body.split('\n').at(-1)!]))
  return [...unique].flatMap(([id, line]) =>
    gh.reactions(id).map(({ content, user }) => `${line}: ${content} by ${user}`),
  )
}
