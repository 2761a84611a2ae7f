import { setTimeout as sleep } from 'node:timers/promises'
import { count as counted } from '../src/domain/text.ts'
import type { Bench } from './figure.ts'
import { rowsOf } from './ledger-rows.ts'
import { bringIntoReview, MAINTAINER, openPulls, OWNER, type Pull, startWorld, type World } from './world.ts'

/** Answers about permissions are kept for a minute. */
const COLD_MS = 61_000
const STAMP = 5
const COLD_STAMP = 7
const PULL_EVENT = 3
const UNCHANGED = 1
const NO_ITEM = 1

/** Something done on GitHub, and the most requests that it may cost. */
interface Act {
  what: string
  most: number
  /** Done twice, on two pull requests: the first time only warms up. */
  act(n: 0 | 1): unknown
}

/** What each command and event costs of GitHub's limits: requests to REST and GraphQL, and points of the latter. */
export const benchCalls: Bench = async ({ say, tell, quick, profiles, latency }) => {
  const world = await startWorld({ profiles, latency })
  const count = async (what: string, act: () => unknown): Promise<number> => {
    const { requests, text } = await costOf(world, act)
    say(`${what}: ${text}.`)
    return requests
  }
  try {
    const [cold] = await bringIntoReview(world, await postFromIssues(world, 1))
    for (const { what, most, act } of await actsIn(world)) {
      await costOf(world, () => act(0))
      tell({ what: `requests, ${what}`, is: await count(what, () => act(1)), limit: ['at most', most] })
    }
    let worst = 0
    for (const { what, act } of await actsWithoutItem(world)) {
      await costOf(world, () => act(0))
      worst = Math.max(worst, await count(`a pull request that names no item: ${what}`, () => act(1)))
    }
    tell({ what: 'requests, pull request without an item, any event', is: worst, limit: ['at most', NO_ITEM] })
    await sleep(quick ? 0 : COLD_MS)
    const what = 'stamp, a minute after the last'
    const is = await count(what, () => stamp(world, cold!))
    if (!quick) tell({ what: `requests, ${what}`, is, limit: ['at most', COLD_STAMP] })
  } finally {
    await world.close()
  }
}

/** Until nothing is left to do. */
async function costOf({ gh, idle }: World, act: () => unknown): Promise<{ requests: number; text: string }> {
  const count = () => ({ ...gh.limits.usage(), spent: gh.limits.spent() })
  const before = count()
  act()
  await idle()
  const after = count()
  const [rest, graphql, points] = (['rest', 'graphql', 'points'] as const).map((key) => after[key] - before[key])
  const unchanged = rest! - (after.spent - before.spent)
  const requests = rest! + graphql!
  return {
    requests,
    text:
      `${counted(requests, 'request')}: ${rest} REST${unchanged > 0 ? ` (${unchanged} unchanged, 304)` : ''}, ` +
      `${graphql} GraphQL for ${counted(points!, 'point')}`,
  }
}

function stamp({ gh, repo }: World, { number }: Pull): void {
  gh.as(MAINTAINER).comment(repo, number, '/wl stamp quality=4')
}

async function actsIn(world: World): Promise<Act[]> {
  const { gh, repo, idle } = world
  const two = async () => bringIntoReview(world, await postFromIssues(world, 2))
  const [stamped, pushed, checked, merged] = [await two(), await two(), await two(), await two()]
  const items = await postFromIssues(world, 2)
  const labelled = openPulls(world, ['labelled-0', 'labelled-1'], () => 'It is needed.')
  for (const pull of merged) stamp(world, pull)
  for (const pull of checked) endCheck(world, pull)
  await idle()
  return [
    { what: 'stamp', most: STAMP, act: (n) => stamp(world, stamped[n]!) },
    {
      what: 'label that names an item',
      most: PULL_EVENT,
      act: (n) => gh.as(MAINTAINER).label(repo, labelled[n]!.number, `wl:${items[n]}`),
    },
    { what: 'push', most: PULL_EVENT, act: (n) => push(world, pushed[n]!) },
    { what: 'check that ends and changes nothing', most: UNCHANGED, act: (n) => endCheck(world, checked[n]!) },
    {
      what: 'merge of stamped work',
      most: PULL_EVENT,
      act: (n) => gh.as(OWNER).merge(repo, merged[n]!.number),
    },
  ]
}

/** Items as most are: each from an issue, which the bridge keeps informed. */
async function postFromIssues({ gh, repo, idle, ledger }: World, count: number): Promise<string[]> {
  const issues = Array.from({ length: count }, () => {
    const issue = gh.as(OWNER).openIssue(repo, { title: 'Count the loops', body: 'It should count.' })
    gh.as(OWNER).comment(repo, issue.number, '/wl post')
    return issue
  })
  await idle()
  const rows = await rowsOf(ledger, 'SELECT id, description FROM wanted')
  return issues.map(({ html_url: url }) => {
    const item = rows.find(({ description }) => String(description).startsWith(`${url} `))
    if (item === undefined) throw new Error(`no item was posted from ${url}`)
    return String(item['id'])
  })
}

/** Every event that a pull request usually has. */
async function actsWithoutItem(world: World): Promise<Omit<Act, 'most'>[]> {
  const { gh, repo } = world
  const pulls: Pull[] = []
  return [
    { what: 'opened', act: (n) => pulls.push(...openPulls(world, [`nothing-${n}`], () => 'It names nothing.')) },
    { what: 'a comment', act: (n) => gh.as(MAINTAINER).comment(repo, pulls[n]!.number, 'What is it for?') },
    { what: 'a label', act: (n) => gh.as(MAINTAINER).label(repo, pulls[n]!.number, 'bug') },
    { what: 'a push', act: (n) => push(world, pulls[n]!) },
    { what: 'a check that ends', act: (n) => endCheck(world, pulls[n]!) },
    {
      what: 'an approval',
      act: (n) => gh.as(MAINTAINER).review(repo, pulls[n]!.number, { state: 'APPROVE', body: '' }),
    },
    { what: 'a merge', act: (n) => gh.as(OWNER).merge(repo, pulls[n]!.number) },
  ]
}

function push({ gh, repo }: World, { number, author }: Pull): void {
  gh.as(author.login).push(repo, number, { message: 'More', files: { [`src/more-${number}.ts`]: 'export {}\n' } })
}

function endCheck({ gh, repo }: World, { number }: Pull): void {
  const { sha } = gh.pull(repo, number).head
  gh.as(OWNER).addCheckRun(repo, { sha, name: 'tests', conclusion: 'success' })
}
