import { parse } from 'graphql'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Fault } from '../../local-github/faults.ts'
import { costOf, operationOf } from '../../local-github/graphql/cost.ts'
import { githubSchema } from '../../local-github/graphql/schema.ts'
import { listVersions } from '../../src/github/issue-edits.ts'
import { MOST_ISSUES, pullRequestQuery, variablesOf } from '../../src/github/pull-request-query.ts'
import { fetchSnapshot, type PullRequestSnapshot } from '../../src/pull-requests/snapshot.ts'
import { connect } from '../github/connect.ts'
import { openPull, start } from '../local-github/start.ts'
import { randomOf } from '../seed.ts'

const REPO = 'acme/tool'
const NAME = '/repos/{owner}/{repo}'
/** What is asked by REST of each part. */
const BY_REST = {
  pull: [`${NAME}/pulls/{pull_number}`],
  commits: [`${NAME}/pulls/{pull_number}/commits`],
  reviews: [`${NAME}/pulls/{pull_number}/reviews`],
  checks: [`${NAME}/commits/{ref}/check-runs`, `${NAME}/commits/{ref}/status`],
  events: [`${NAME}/issues/{issue_number}/events`],
}
type Part = keyof typeof BY_REST

/** A GitHub with a pull request of bob's, and what our program asks of it. */
async function stage() {
  const world = await start()
  const { gh, installation, asApp } = world
  const github = await connect(gh)
  await github.identity()
  for (const login of ['kim', 'zoe']) gh.user(login)
  gh.user('helper[bot]', { bot: true })
  gh.repository('acme/docs')
  const { number } = openPull(gh)
  const at = { installation, owner: 'acme', repo: 'tool', number }
  const asked: string[] = []
  gh.onExchange(({ path, template, body }) => {
    asked.push(path === '/graphql' ? nameOf(body.query) : String(template))
  })
  const look = async () => {
    asked.length = 0
    const snapshot = await fetchSnapshot(github, at)
    const told = snapshot && (await partsOf(snapshot))
    return { told, asked: asked.filter((one) => !one.endsWith('access_tokens')).toSorted() }
  }
  /** The same with a GraphQL that refuses the query. */
  const lookByRest = async () => {
    const end = gh.fault({ ...QUERY, status: 404, times: Infinity })
    const { told } = await look()
    end()
    return told
  }
  return {
    ...world,
    github,
    number,
    at,
    asked,
    look,
    lookByRest,
    asApp,
    alice: gh.as('alice'),
    bob: gh.as('bob'),
    kim: gh.as('kim'),
  }
}
type Stage = Awaited<ReturnType<typeof stage>>

const nameOf = (query: string) =>
  /query (\w+)|closingIssues|lastEdited|userContentEdits/.exec(query)!.findLast((one) => one !== undefined)!

const QUERY: Fault = { path: /^\/graphql/, asking: 'query PullRequest(' }

async function partsOf(snapshot: PullRequestSnapshot) {
  const [pull, commits, reviews, checks, events, closing, edited] = [
    snapshot.pull,
    await snapshot.commits(),
    await snapshot.reviews(),
    await snapshot.checks(),
    await snapshot.events(),
    await snapshot.closingIssues(),
    await snapshot.editedAt(),
  ]
  return { pull, commits, reviews, checks, events, closing, edited }
}

const helperOf = ({ gh }: Stage) => ({ name: 'helper', email: `${gh.as('helper[bot]').id}+h@users.noreply.github.com` })

/** Odd pull requests, and which parts of them have to be asked by REST. */
const ODD: Record<string, { make: (on: Stage) => unknown; rest?: Part[] }> = {
  'of which nothing has happened': { make: () => {} },
  'that is a draft, with labels set, taken off and set again': {
    make({ gh, alice, bob, number }) {
      alice.label(REPO, number, 'wl:w-0123456789', 'bug')
      bob.convertToDraft(REPO, number)
      gh.clock.advance(5)
      alice.unlabel(REPO, number, 'bug')
      alice.label(REPO, number, 'a first one', 'Zed', 'bug')
      bob.readyForReview(REPO, number)
      bob.convertToDraft(REPO, number)
    },
  },
  'with a label that was renamed since': {
    make({ gh, alice, number }) {
      alice.label(REPO, number, 'bug')
      gh.clock.advance(5)
      alice.renameLabel(REPO, 'bug', 'wl:w-0123456789')
    },
    rest: ['events'],
  },
  'with a label that was renamed before': {
    make({ gh, alice, number }) {
      alice.renameLabel(REPO, 'bug', 'wl:w-0123456789')
      gh.clock.advance(5)
      alice.label(REPO, number, 'wl:w-0123456789')
    },
  },
  'with a label that is gone': {
    make({ alice, number }) {
      alice.label(REPO, number, 'bug')
      alice.unlabel(REPO, number, 'bug')
      alice.deleteLabel(REPO, 'bug')
    },
    rest: ['events'],
  },
  'with commits of others': {
    make: ({ bob, number }) => bob.push(REPO, number, { author: 'kim', files: { k: '1' } }, { files: { b: '2' } }),
  },
  'with a commit by nobody’s address': {
    make: ({ bob, number }) =>
      bob.push(REPO, number, { author: { name: 'x', email: 'x@example.org' }, files: { k: '1' } }),
    rest: ['commits'],
  },
  'with a commit by a bot': {
    make: (on) => on.bob.push(REPO, on.number, { author: helperOf(on), files: { k: '1' } }),
    rest: ['commits'],
  },
  'with commits that GitHub made, of co-authors and reverts': {
    make({ gh, alice, bob, number }) {
      const trailer = 'Co-authored-by: Zoe <zoe@example.org>'
      bob.push(REPO, number, { onPage: true, message: `Apply\n\n${trailer}`, files: { k: '1' } })
      bob.push(REPO, number, { message: `Undo\n\nThis reverts commit ${'a'.repeat(40)}.`, files: { k: '2' } })
      bob.push(REPO, number, { committer: { name: 'GitHub', email: 'noreply@github.com' }, files: { k: '3' } })
      const tip = alice.writeFile(REPO, 'src/main.ts', 'main\n')
      bob.push(REPO, number, { merges: tip, message: 'Merge main' })
      gh.as('bob').push(REPO, number, { message: 'One more', files: { z: 'z' } })
    },
  },
  'that was pushed to by force, onto another base': {
    make({ gh, alice, bob, number }) {
      alice.commit(REPO, { branch: 'next', files: { next: 'x' } })
      gh.clock.advance(3)
      bob.forcePush(REPO, number, { files: { forced: 'x' } })
      gh.clock.advance(3)
      bob.changeBase(REPO, number, 'next')
    },
  },
  'with reviews of every kind': {
    make({ gh, alice, kim, bob, number }) {
      kim.review(REPO, number, { state: 'REQUEST_CHANGES', body: 'no' })
      gh.clock.advance(2)
      const { id } = kim.review(REPO, number, { state: 'APPROVE' })
      bob.push(REPO, number, { files: { later: '1' } })
      gh.as('zoe').review(REPO, number, { state: 'COMMENT', body: 'hm' })
      alice.reviewComment(REPO, number, { path: 'src/a.ts', line: 2, body: 'Why?' })
      alice.dismissReview(REPO, number, id)
    },
  },
  'with a review of somebody who is gone': {
    make({ gh, number }) {
      gh.as('zoe').review(REPO, number, { state: 'APPROVE' })
      gh.deleteUser('zoe')
    },
    rest: ['reviews'],
  },
  'with checks of all ends, ours among them, and statuses': {
    async make({ gh, alice, asApp, number }) {
      const { sha } = gh.pull(REPO, number).head
      for (const conclusion of ['success', 'failure', 'neutral', 'cancelled', 'skipped', 'timed_out', null] as const)
        alice.addCheckRun(REPO, { sha, name: `ends ${conclusion}`, conclusion })
      for (const name of ['wasteland', 'ends null'])
        await asApp('POST', `/repos/${REPO}/check-runs`, { name, head_sha: sha, conclusion: 'failure' })
      for (const state of ['success', 'failure', 'error', 'pending'] as const)
        alice.addStatus(REPO, { sha, context: `ci/${state}`, state })
      alice.addStatus(REPO, { sha, context: 'ci/failure', state: 'success' })
    },
  },
  'with a check that failed, and was run again later': {
    make({ gh, alice, number }) {
      const { sha } = gh.pull(REPO, number).head
      alice.addCheckRun(REPO, { sha, name: 'test', conclusion: 'failure' })
      gh.clock.advance(60)
      alice.addCheckRun(REPO, { sha, name: 'test', conclusion: 'success' })
    },
  },
  'with a check that failed, and was run again in the same second': {
    make({ gh, alice, number }) {
      const { sha } = gh.pull(REPO, number).head
      alice.addCheckRun(REPO, { sha, name: 'test', conclusion: 'failure' })
      alice.addCheckRun(REPO, { sha, name: 'test', conclusion: 'success' })
    },
    rest: ['checks'],
  },
  'with no check but ours': {
    async make({ gh, asApp, number }) {
      const { sha } = gh.pull(REPO, number).head
      await asApp('POST', `/repos/${REPO}/check-runs`, { name: 'wasteland', head_sha: sha, conclusion: 'failure' })
    },
  },
  'that closes issues by words and by hand, here and elsewhere, and was edited': {
    make({ gh, alice, bob, number }) {
      const [one, two] = ['One', 'Two'].map((title) => alice.openIssue(REPO, { title }))
      const there = alice.openIssue('acme/docs', { title: 'Three' })
      gh.clock.advance(9)
      bob.editBody(REPO, number, `Closes #${one!.number}, fixes acme/docs#${there.number}\r\n\r\nünïcode 🦀`)
      alice.linkIssue(REPO, number, { repo: REPO, number: two!.number })
      bob.editTitle(REPO, number, 'An "other" <title>')
    },
  },
  'that is closed, and opened again': {
    make({ gh, bob, number }) {
      bob.close(REPO, number)
      gh.clock.advance(3)
      bob.reopen(REPO, number)
    },
  },
  'that is closed': { make: ({ bob, number }) => bob.close(REPO, number) },
  'that is merged': { make: ({ alice, number }) => alice.merge(REPO, number) },
  'that is squashed': { make: ({ alice, number }) => alice.merge(REPO, number, 'squash') },
  'that is rebased': { make: ({ alice, number }) => alice.merge(REPO, number, 'rebase') },
  'whose fork is gone': { make: ({ bob }) => bob.deleteFork(REPO) },
  'whose author is gone': { make: ({ gh }) => gh.deleteUser('bob'), rest: ['pull', 'commits'] },
  'in an archived repository that is private, and called otherwise now': {
    make({ alice }) {
      alice.archive(REPO)
      alice.privatize(REPO)
      alice.renameRepository(REPO, 'tools')
    },
  },
}

describe('a pull request by one query is what it is by REST', () => {
  it.each(Object.entries(ODD))('%s', async (_, { make, rest = [] }) => {
    const on = await stage()
    await make(on)
    const { told, asked } = await on.look()
    expect(told).toEqual(await on.lookByRest())
    expect(told).toBeDefined()
    expect(asked).toEqual(['PullRequest', ...rest.flatMap((part) => BY_REST[part])].toSorted())
    expect(on.unlawful).toEqual([])
  })

  it(
    'with more than a hundred commits, reviews, labels, events and checks: each by REST',
    { timeout: 240_000 },
    async () => {
      const on = await stage()
      const { gh, alice, bob, kim, number } = on
      const hundred = Array.from({ length: 101 }, (_, n) => n)
      bob.push(REPO, number, ...hundred.map((n) => ({ files: { [`f${n}`]: 'x' } })))
      alice.label(REPO, number, ...hundred.slice(1).map((n) => `label ${n}`))
      alice.label(REPO, number, 'one more')
      for (const n of hundred) {
        kim.review(REPO, number, { state: 'COMMENT', body: `${n}` })
        alice.addCheckRun(REPO, { sha: gh.pull(REPO, number).head.sha, name: `check ${n}`, conclusion: 'success' })
      }
      const { told, asked } = await on.look()
      expect(told).toEqual(await on.lookByRest())
      expect([...new Set(asked)]).toEqual(['PullRequest', ...Object.values(BY_REST).flat()].toSorted())
    },
  )

  it('whose commits are listed in another order', async () => {
    const on = await stage()
    const { gh, alice, bob, number, at } = on
    const tip = alice.writeFile(REPO, 'src/main.ts', 'main\n')
    gh.clock.advance(2)
    bob.push(REPO, number, { author: 'kim', files: { k: '1' } }, { files: { b: '2' } })
    bob.push(REPO, number, { merges: tip, message: 'Merge main' })
    const { owner, repo: name } = at
    const query = pullRequestQuery([0])
    const variables = { owner, repo: name, number }
    const { body } = await on.asApp('POST', '/graphql', { query, variables })
    const { nodes } = (body as Answered).data.repository.pullRequest.commits
    expect(nodes.length).toBeGreaterThan(3)
    nodes.reverse()
    const right = await on.lookByRest()
    gh.fault({ ...QUERY, status: 200, body })
    const { told, asked } = await on.look()
    expect([told, asked]).toEqual([right, ['PullRequest']])
  })

  it('a bot that reviews is asked for once, and then known by what REST calls it', async () => {
    const on = await stage()
    on.gh.as('helper[bot]').review(REPO, on.number, { state: 'COMMENT', body: 'beep' })
    const first = await on.look()
    const second = await on.look()
    expect(first.told!.reviews).toMatchObject([{ author: { login: 'helper[bot]', type: 'Bot' } }])
    expect(second.told).toEqual(first.told)
    expect([first.asked, second.asked]).toEqual([['PullRequest', ...BY_REST.reviews].toSorted(), ['PullRequest']])
  })

  it('and so is one that opens pull requests', async () => {
    const on = await stage()
    on.alice.setRole(REPO, 'helper[bot]', 'write')
    const { number } = on.gh.as('helper[bot]').openPullRequest({
      repo: REPO,
      title: 'Bump',
      head: 'bump',
      commits: [{ author: 'kim', files: { bump: '1' } }],
    })
    on.at.number = number
    const first = await on.look()
    const second = await on.look()
    expect(first.told!.pull.author).toMatchObject({ login: 'helper[bot]', type: 'Bot' })
    expect(second.told).toEqual(first.told)
    expect([first.asked, second.asked]).toEqual([['PullRequest', ...BY_REST.pull].toSorted(), ['PullRequest']])
  })
})

interface Answered {
  data: { repository: { pullRequest: { commits: { nodes: unknown[] } } } }
}

/** What people do to a pull request, or may not. */
const ACTS: ((on: Stage, pick: <T>(of: readonly T[]) => T) => unknown)[] = [
  ({ alice, number }, pick) => alice.label(REPO, number, pick(['bug', 'wl:w-0123456789', 'Zed', 'a b'])),
  ({ alice, number }, pick) => alice.unlabel(REPO, number, pick(['bug', 'wl:w-0123456789', 'Zed'])),
  ({ alice }, pick) => alice.renameLabel(REPO, pick(['bug', 'Zed']), pick(['bug', 'Zed', 'new'])),
  ({ alice }, pick) => alice.deleteLabel(REPO, pick(['bug', 'Zed', 'new'])),
  ({ bob, number }) => bob.readyForReview(REPO, number),
  ({ bob, number }) => bob.convertToDraft(REPO, number),
  ({ bob, number }, pick) =>
    bob.push(REPO, number, { author: pick(['bob', 'kim']), files: { f: pick(['1', '2', '3']) } }),
  (on, pick) =>
    on.bob.push(REPO, on.number, {
      author: pick([helperOf(on), { name: 'x', email: 'x@example.org' }]),
      files: { g: pick(['1', '2', '3']) },
    }),
  ({ bob, number }, pick) =>
    bob.push(REPO, number, { onPage: true, message: pick(['Apply', 'Apply\n\nCo-authored-by: K <k@example.org>']) }),
  ({ bob, number }, pick) => bob.forcePush(REPO, number, { files: { forced: pick(['1', '2', '3']) } }),
  ({ alice, bob, number }) => bob.push(REPO, number, { merges: alice.writeFile(REPO, 'base', 'more') }),
  ({ alice, bob, number }) => {
    alice.commit(REPO, { branch: 'next', files: { next: 'x' } })
    bob.changeBase(REPO, number, 'next')
  },
  ({ gh, number }, pick) =>
    gh.as(pick(['alice', 'kim', 'zoe', 'helper[bot]'])).review(REPO, number, {
      state: pick(['APPROVE', 'REQUEST_CHANGES', 'COMMENT']),
      body: 'So',
    }),
  ({ alice, gh, number }, pick) =>
    alice.addCheckRun(REPO, {
      sha: gh.pull(REPO, number).head.sha,
      name: pick(['test', 'lint']),
      conclusion: pick(['success', 'failure', 'skipped', null]),
    }),
  ({ alice, gh, number }, pick) =>
    alice.addStatus(REPO, {
      sha: gh.pull(REPO, number).head.sha,
      context: pick(['ci', 'cla']),
      state: pick(['success', 'pending', 'error']),
    }),
  ({ alice, number }) =>
    alice.linkIssue(REPO, number, { repo: REPO, number: alice.openIssue(REPO, { title: 'x' }).number }),
  ({ alice, bob, number }) => bob.editBody(REPO, number, `Closes #${alice.openIssue(REPO, { title: 'y' }).number}`),
  ({ bob, number }) => bob.close(REPO, number),
  ({ bob, number }) => bob.reopen(REPO, number),
  ({ alice, number }, pick) => alice.merge(REPO, number, pick(['merge', 'squash', 'rebase'])),
  ({ bob }) => bob.deleteFork(REPO),
  ({ gh }, pick) => pick([() => gh.deleteUser('zoe'), () => {}, () => {}])(),
]

describe('whatever happens to a pull request, in whatever order', () => {
  it.each(Array.from({ length: 24 }, (_, n) => n))('one query tells what REST tells: %i', async (run) => {
    const on = await stage()
    const random = randomOf(`snapshot ${run}`)
    const pick = <T>(of: readonly T[]) => of[Math.floor(random() * of.length)]!
    const done: number[] = []
    for (let n = 0; n < 14; n++) {
      const act = pick(ACTS)
      on.gh.clock.advance(pick([0, 0, 2]))
      try {
        await act(on, pick)
        done.push(ACTS.indexOf(act))
      } catch (error) {
        // Not every act is possible after every other.
        if (!/Refusal|has no account/.test(String(error))) throw error
      }
    }
    const { told, asked } = await on.look()
    expect({ done, told }).toEqual({ done, told: await on.lookByRest() })
    expect(asked).toContain('PullRequest')
  })
})

describe('pull requests that are asked for at the same moment', () => {
  /** So many pull requests, each with something of its own, and what is told of them at once and one by one. */
  async function several(count: number) {
    const on = await busy()
    const { gh, alice, kim } = on
    const numbers = [on.number]
    for (let n = 1; n < count; n++) {
      const commits = [{ files: { [`more-${n}`]: 'x' } }]
      const { number } = gh.as('bob').openPullRequest({ repo: REPO, title: `More ${n}`, head: `more-${n}`, commits })
      alice.label(REPO, number, `label ${n}`)
      kim.review(REPO, number, { state: 'COMMENT', body: `${n}` })
      numbers.push(number)
    }
    const issues = (n: number) => numbers.slice(0, n % (MOST_ISSUES + 1)).map((_, issue) => issue + 1)
    const lookAt = async (n: number) => {
      const snapshot = await fetchSnapshot(on.github, { ...on.at, number: numbers[n]! }, issues(n))
      return snapshot && partsOf(snapshot)
    }
    const all = numbers.map((_, n) => n)
    const together = async () => {
      on.asked.length = 0
      const told = await Promise.all(all.map(lookAt))
      return { told, asked: on.asked.filter((one) => !one.endsWith('access_tokens')).toSorted() }
    }
    const apart = async () => {
      const told = []
      for (const n of all) told.push(await lookAt(n))
      return told
    }
    return { ...on, numbers, together, apart }
  }
  const MANY: Fault = { path: /^\/graphql/, asking: 'query PullRequests(' }

  it.each([
    [5, ['PullRequests']],
    [7, ['PullRequests', 'PullRequests']],
    [6, ['PullRequest', 'PullRequests']],
  ])('are %i in as few queries as may be, and each is told as by itself', async (count, queries) => {
    const on = await several(count)
    const { told, asked } = await on.together()
    expect(told).toEqual(await on.apart())
    expect(new Set(told.map((one) => one!.pull.title)).size).toBe(count)
    expect(asked).toEqual(queries)
    expect(on.unlawful).toEqual([])
  })

  it.each<[string, Fault]>([
    ['502', { status: 502 }],
    ['refused', { status: 403 }],
    ['too much', { status: 200, body: { data: null, errors: [{ type: 'RESOURCE_LIMITS_EXCEEDED', message: 'no' }] } }],
  ])('are asked for one by one where all at once are not answered: %s', async (_, fault) => {
    const on = await several(3)
    const right = await on.apart()
    on.gh.fault({ ...MANY, ...fault })
    const { told, asked } = await on.together()
    expect(told).toEqual(right)
    expect(asked).toEqual(['PullRequest', 'PullRequest', 'PullRequest', 'PullRequests'])
  })

  it('spoil nothing of one another: one that is gone, and one that is refused', async () => {
    const on = await several(4)
    const right = await on.apart()
    on.numbers[1] = 99
    on.gh.fault({ ...MANY, field: 'repository2' })
    const { told, asked } = await on.together()
    expect(told).toEqual([right[0], undefined, ...right.slice(2)])
    const gone = [...BY_REST.pull, ...BY_REST.pull]
    expect(asked).toEqual(['PullRequests', ...gone, ...ALL_BY_REST.filter((one) => one !== 'PullRequest')].toSorted())
  })
})

const ALL_BY_REST = ['PullRequest', 'closingIssues', 'lastEdited', ...Object.values(BY_REST).flat()].toSorted()

describe('a part that is refused is asked by REST, and is not empty', () => {
  it.each<[string, readonly string[]]>([
    ['labels', BY_REST.pull],
    ['defaultBranchRef', BY_REST.pull],
    ['mergeCommit', BY_REST.pull],
    ['signature', BY_REST.commits],
    ['committer', BY_REST.commits],
    ['reviews', BY_REST.reviews],
    ['statusCheckRollup', BY_REST.checks],
    ['app', BY_REST.checks],
    ['closingIssuesReferences', ['closingIssues']],
    ['lastEditedAt', ['lastEdited']],
    ['author', [...BY_REST.pull, ...BY_REST.commits, ...BY_REST.reviews]],
    // What may not be null takes all with it.
    ['timelineItems', ALL_BY_REST],
    ['commits', ALL_BY_REST],
    ['additions', ALL_BY_REST],
    ['pullRequest', ALL_BY_REST],
    ['repository', ALL_BY_REST],
  ])('%s', async (field, rest) => {
    const on = await busy()
    const right = await on.lookByRest()
    on.gh.fault({ ...QUERY, field })
    const { told, asked } = await on.look()
    expect(told).toEqual(right)
    expect(asked).toEqual([...new Set(['PullRequest', ...rest])].toSorted())
    expect((await on.look()).asked).toEqual(['PullRequest'])
  })
})

it('a pull request that has moved before REST tells it is asked by REST as a whole: nothing of it is older', async () => {
  const on = await busy()
  const { gh, alice, bob, number } = on
  alice.commit(REPO, { branch: 'next', files: { next: 'x' } })
  gh.fault({ ...QUERY, field: 'labels' })
  let hasMoved = false
  const end = gh.onExchange(({ path }) => {
    if (path !== '/graphql' || hasMoved) return
    hasMoved = true
    gh.clock.advance(3)
    bob.changeBase(REPO, number, 'next')
  })
  const { told } = await on.look()
  end()
  expect(told!.pull.base.branch).toBe('next')
  expect(told!.events).toContainEqual(expect.objectContaining({ event: 'base_ref_changed' }))
  expect(told).toEqual(await on.lookByRest())
})

/** A pull request of which every part says something. */
async function busy(): Promise<Stage> {
  const on = await stage()
  const { gh, alice, bob, kim, number } = on
  alice.label(REPO, number, 'bug')
  bob.push(REPO, number, { onPage: true, files: { page: 'x' } })
  kim.review(REPO, number, { state: 'APPROVE' })
  alice.addCheckRun(REPO, { sha: gh.pull(REPO, number).head.sha, name: 'test', conclusion: 'success' })
  gh.clock.advance(3)
  bob.editBody(REPO, number, `Closes #${alice.openIssue(REPO, { title: 'x' }).number}`)
  return on
}

describe('where the query is not answered', () => {
  afterEach(() => vi.restoreAllMocks())

  const told = (data: unknown, ...errors: object[]) => ({ status: 200, body: { data, ...(errors[0] && { errors }) } })
  const forbidden = { type: 'FORBIDDEN', message: 'Resource not accessible by integration' }
  const unknown = {
    path: ['query', 'repository', 'pullRequest', 'fullDatabaseId'],
    extensions: { code: 'undefinedField', typeName: 'PullRequest', fieldName: 'fullDatabaseId' },
    message: "Field 'fullDatabaseId' doesn't exist on type 'PullRequest'",
  }
  it.each<[string, Fault, seconds: number]>([
    ['refused', { status: 403 }, 0],
    ['not found', { status: 404 }, 0],
    ['nothing in it', told({}), 0],
    ['no repository', told({ repository: null }), 0],
    ['no pull request', told({ repository: { pullRequest: null } }), 0],
    ['a pull request with nothing in it', told({ repository: { pullRequest: {} } }), 0],
    ['refused as a whole', told(null, forbidden), 0],
    ['an error of nobody knows what', told({ repository: { pullRequest: { state: 'OPEN' } } }, forbidden), 0],
    ['too much for GitHub', told(null, { type: 'RESOURCE_LIMITS_EXCEEDED', message: 'exceeded' }), 0],
    ['errors of no form', { status: 200, body: { data: null, errors: [{ path: 7, type: 7, message: 7 }] } }, 3_600],
    ['500', { status: 500 }, 60],
    ['502', { status: 502 }, 60],
    ['a cut connection', { drop: true }, 60],
    ['half an answer', { status: 200, body: '{"data": {"repo' }, 60],
    ['a field that an Enterprise Server lacks', told(undefined, unknown), 3_600],
  ])('%s: all is asked by REST', async (_, fault, seconds) => {
    const on = await busy()
    const right = await on.lookByRest()
    const began = Date.now()
    const clock = vi.spyOn(Date, 'now').mockReturnValue(began)
    on.gh.fault({ ...QUERY, ...fault })
    const first = await on.look()
    expect(first.told).toEqual(right)
    expect(first.asked).toEqual(ALL_BY_REST)
    if (seconds > 0) {
      clock.mockReturnValue(began + (seconds - 1) * 1_000)
      const rests = await on.look()
      expect(rests.told).toEqual(right)
      expect(rests.asked).toEqual(ALL_BY_REST.filter((one) => one !== 'PullRequest'))
      // Another repository may be answered; an Enterprise Server lacks the field for all of them.
      await fetchSnapshot(on.github, { ...on.at, repo: 'docs' })
      expect(on.asked.includes('PullRequest')).toBe(seconds === 60)
      clock.mockReturnValue(began + seconds * 1_000 + 1)
    }
    expect((await on.look()).asked).toEqual(['PullRequest'])
  })

  it.each<[string, Fault]>([
    ['no points left', told(null, { type: 'RATE_LIMITED', message: 'API rate limit exceeded' })],
    ['a secondary limit', { status: 403, headers: { 'retry-after': '60' } }],
  ])('%s: nothing more is asked, and the work waits', async (_, fault) => {
    const on = await busy()
    on.gh.fault({ ...QUERY, ...fault })
    await expect(on.look()).rejects.toMatchObject({ name: 'CircuitOpen', retryAt: expect.any(Date) })
    await expect(on.look()).rejects.toMatchObject({ name: 'CircuitOpen' })
  })

  it('and REST says that the pull request is gone, twice: it is', async () => {
    const on = await stage()
    on.at.number = 99
    const { told, asked } = await on.look()
    expect([told, asked]).toEqual([undefined, [...BY_REST.pull, ...BY_REST.pull, 'PullRequest'].toSorted()])
  })
})

it('five cost six points', () => {
  const pulls = Array.from({ length: 5 }, (_, number) => ({ owner: 'acme', repo: 'tool', number, issues: [2, 3, 4] }))
  const document = parse(pullRequestQuery(pulls.map(({ issues }) => issues.length)))
  expect(costOf(githubSchema(), document, operationOf(document, undefined), variablesOf(pulls))).toMatchObject({
    points: 6,
  })
})

it.each([0, MOST_ISSUES])('costs one point, with the texts of %i issues', (issues) => {
  const document = parse(pullRequestQuery([issues]))
  const variables = { owner: 'acme', repo: 'tool', number: 1, issue0: 2, issue1: 3, issue2: 4 }
  const cost = costOf(githubSchema(), document, operationOf(document, undefined), variables)
  expect(cost).toMatchObject({ points: 1 })
  expect(cost.nodes).toBeLessThan(10_000)
})

describe('the texts of issues, asked with a pull request, are what they are by themselves', () => {
  const EDITS = 'userContentEdits'
  /** An issue of alice's with so many edits, and what is told of it both ways. */
  async function textOf(edits: number, before: (on: Stage, issue: number) => unknown = () => {}) {
    const on = await stage()
    const { number } = on.alice.openIssue(REPO, { title: 'x', body: '- [ ] 0' })
    on.alice.setRole(REPO, 'zoe', 'write')
    for (let n = 1; n <= edits; n++) {
      on.gh.clock.advance(n % 2)
      on.gh.as(n % 3 === 0 ? 'zoe' : 'alice').editBody(REPO, number, `- [ ] ${n}`)
    }
    await before(on, number)
    const issue = { ...on.at, number }
    const alone = await listVersions(on.github, issue, number)
    const snapshot = await fetchSnapshot(on.github, on.at, [number])
    on.asked.length = 0
    const told = await snapshot!.versions(issue)
    await snapshot!.versions({ ...issue, owner: 'ACME' })
    return { alone, told, asked: on.asked }
  }

  it.each([0, 1, 9])('with %i edits', async (edits) => {
    const { alone, told, asked } = await textOf(edits)
    expect(told).toEqual(alone)
    expect(asked).toEqual([])
  })

  it.each([10, 130])('with %i edits, of which the older are asked for', async (edits) => {
    const { alone, told, asked } = await textOf(edits)
    expect(told).toMatchObject({ versions: { length: edits + 1 } })
    expect(told).toEqual(alone)
    expect(new Set(asked)).toEqual(new Set([EDITS]))
  })

  it('of whom an editor is gone', async () => {
    const { alone, told } = await textOf(4, ({ gh }) => gh.deleteUser('zoe'))
    expect(told).toEqual(alone)
  })

  it('of which a part is refused: they are asked for alone', async () => {
    const refuse = ({ gh }: Stage) => gh.fault({ ...QUERY, field: 'editor' })
    const { alone, told, asked } = await textOf(3, refuse)
    expect([told, asked]).toEqual([alone, [EDITS]])
  })

  it('which are gone', async () => {
    const { alone, told } = await textOf(0, ({ alice }, issue) => alice.deleteIssue(REPO, issue))
    expect([told, alone]).toEqual([{ unread: 'gone' }, { unread: 'gone' }])
  })

  it('in another repository', async () => {
    const on = await stage()
    const { number } = on.alice.openIssue('acme/docs', { title: 'x', body: 'there' })
    on.alice.openIssue(REPO, { title: 'x', body: 'here' })
    const snapshot = await fetchSnapshot(on.github, on.at, [number])
    const there = await snapshot!.versions({ ...on.at, repo: 'docs', number })
    expect(there).toMatchObject({ versions: [{ body: 'there' }] })
  })
})

const COMPARE: Fault = { path: /\/compare\//, status: 404, times: Infinity }
const FORM = (version: number) => new RegExp(`^v${version}(\\.[0-9a-f]{40}){4}$`)

it('a diff is asked for once, by its two commits, and is of these whatever is pushed meanwhile', async () => {
  const on = await stage()
  const snapshot = (await fetchSnapshot(on.github, on.at))!
  on.asked.length = 0
  const before = await snapshot.diff()
  expect(before).toMatch(FORM(3))
  const lines = { additions: 1, deletions: expect.any(Number) }
  expect(await snapshot.changedLines()).toEqual(['src/a.ts', 'src/b.ts'].map((path) => ({ path, ...lines })))
  expect(on.asked.filter((one) => !one.endsWith('access_tokens'))).toEqual([`${NAME}/compare/{basehead}`])
  const pushed = (await fetchSnapshot(on.github, on.at))!
  on.bob.push(REPO, on.number, { files: { more: 'x' } })
  expect(await pushed.diff()).toBe(before)
  expect(await (await fetchSnapshot(on.github, on.at))!.diff()).not.toBe(before)
})

it('where GitHub does not compare the commits, or they are of another base, the pull request is asked, in the same form', async () => {
  const on = await stage()
  const diff = async (like?: string) => (await fetchSnapshot(on.github, on.at))!.diff(like)
  const compared = await diff()
  const end = on.gh.fault(COMPARE)
  expect(await diff()).toBe(compared)
  end()
  // Less than the whole pull request: of a base that is no longer its own.
  const other = on.gh.fault({
    ...COMPARE,
    status: 200,
    body: '',
    headers: { 'content-type': 'application/vnd.github.diff' },
  })
  expect(await diff(compared)).toBe(compared)
  other()
  const judged = await diff(`v2${compared.slice(2)}`)
  expect(judged).toMatch(FORM(2))
  on.bob.push(REPO, on.number, { files: { picture: '\0' } })
  expect([await diff(), await diff(compared)]).toEqual([expect.stringMatching(FORM(2)), expect.stringMatching(FORM(2))])
})

it('a comparison that GitHub does not answer is not asked for again: the retry asks the pull request', async () => {
  const on = await stage()
  const compared = await (await fetchSnapshot(on.github, on.at))!.diff()
  on.bob.push(REPO, on.number, { files: { more: 'x' } })
  on.gh.fault({ ...COMPARE, status: 500 })
  await expect((await fetchSnapshot(on.github, on.at))!.diff()).rejects.toThrow()
  const again = () =>
    fetchSnapshot(on.github, on.at).then(
      (snapshot) => snapshot!.diff(),
      () => '',
    )
  await expect.poll(again, { timeout: 10_000 }).toMatch(FORM(3))
  expect(await again()).not.toBe(compared)
})

it('a head or base that moves while the diff of a pull request is read is seen; where the query does not tell, by REST', async () => {
  const on = await stage()
  on.gh.fault(COMPARE)
  const snapshot = async () => (await fetchSnapshot(on.github, on.at))!
  expect(await (await snapshot()).diff()).toMatch(FORM(3))
  const pushed = await snapshot()
  on.bob.push(REPO, on.number, { files: { more: 'x' } })
  await expect(pushed.diff()).rejects.toThrow('The pull request moved while its diff was read')
  const standing = await snapshot()
  on.gh.fault({ path: /^\/graphql/, asking: 'query PullRequestEnds(', status: 403 })
  expect(await standing.diff()).toMatch(FORM(3))
})
