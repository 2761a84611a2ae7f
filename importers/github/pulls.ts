import { TooMuch } from './errors.ts'
import type { Answer } from './answers.ts'
import type { Asking } from './fetching.ts'
import { allPages, askEach, type Gathered, NOTHING, pageOf, within } from './gather.ts'
import { PULL_COUNTS, PULL_SAMPLE, PULLS, together } from './queries.ts'

/** The largest number of results that GitHub's search gives. */
const SEARCHED = 1_000

/** `-user`: pull requests to one's own repositories are most of many people's, and do not count. */
const ofTheirs = (login: string) => `is:pr is:public author:${login} -user:${login}`
const ended = (login: string) => `${ofTheirs(login)} is:closed sort:created-desc`
const counts = (login: string) => ({
  merged: `${ofTheirs(login)} is:merged`,
  closed: `${ofTheirs(login)} is:closed is:unmerged`,
})

/** All closed and merged pull requests of `login` to others, as far as GitHub shows them. */
export async function askAllPulls(github: Asking, login: string, signal: AbortSignal): Promise<Gathered> {
  const seen = new Map<unknown, unknown>()
  let before = ''
  for (;;) {
    const query = ended(login) + before
    const found = await allPages(github, PULLS, { ended: query }, (data) => data['pulls'], signal)
    const known = seen.size
    for (const node of found.nodes) seen.set(within(node, 'url'), node)
    if (!found.whole && seen.size === 0 && found.faults.length > 0) return askSample(github, login, signal)
    const oldest = within(found.nodes.at(-1), 'createdAt')
    const isOver = !found.whole || found.nodes.length < SEARCHED || seen.size === known || typeof oldest !== 'string'
    if (isOver) return { nodes: [...seen.values()], whole: found.whole }
    before = ` created:<=${oldest}`
  }
}

async function askSample(github: Asking, login: string, signal: AbortSignal): Promise<Gathered> {
  const at = (data: Answer['data']) => within(data, 'user', 'pullRequests')
  const { nodes, whole } = await allPages(github, PULL_SAMPLE, { login }, at, signal)
  return { nodes, whole }
}

export async function askCounts(github: Asking, login: string, signal: AbortSignal): Promise<Gathered> {
  const [answer] = await askEach(github, PULL_COUNTS, [counts(login)], 1, signal)
  return countsIn(answer!)
}

function countsIn(answer: Answer | TooMuch): Gathered {
  if (answer instanceof TooMuch || answer.data['merged'] == null || answer.data['closed'] == null) return NOTHING
  return { nodes: [{ merged: answer.data['merged'], closed: answer.data['closed'] }], whole: true }
}

const PULLS_AND_COUNTS = together(PULLS, PULL_COUNTS)

/** For each login a page of its closed and merged pull requests to others, and their total. */
export async function askPulls(
  github: Asking,
  logins: readonly string[],
  { size, first }: { size: number; first: number },
  signal: AbortSignal,
): Promise<{ pulls: Gathered; counts: Gathered }[]> {
  const items = logins.map((login) => ({ ended: ended(login), first, after: null, ...counts(login) }))
  const answers = await askEach(github, PULLS_AND_COUNTS, items, size, signal)
  const pages = answers.map((answer) => (answer instanceof TooMuch ? answer : pageOf(answer.data['pulls'])))
  const unsearched = logins.filter((_, index) => pages[index] === undefined)
  const samples = await askEach(
    github,
    PULL_SAMPLE,
    unsearched.map((login) => ({ login, first, after: null })),
    size,
    signal,
  )
  return answers.map((answer, index) => {
    const page = pages[index] ?? sampleIn(samples.shift()!)
    const pulls = page === undefined || page instanceof TooMuch ? NOTHING : { nodes: page.nodes, whole: true }
    return { pulls, counts: countsIn(answer) }
  })
}

function sampleIn(answer: Answer | TooMuch) {
  return answer instanceof TooMuch ? undefined : pageOf(within(answer.data, 'user', 'pullRequests'))
}
