import { afterAll, beforeAll, describe, expect, it, test, vi } from 'vitest'
import { NoSuchProfile, TooMuch } from '../../../importers/github/errors.ts'
import { fetchDeep } from '../../../importers/github/fetch-deep.ts'
import type { Fetching, Kept } from '../../../importers/github/fetching.ts'
import { STAGES } from '../../../importers/github/profile.ts'
import { type MadeUp, madeUpGithub, pullNode, repositoryNode, reviewNode } from './made-up.ts'

const signal = new AbortController().signal
beforeAll(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-21T13:00:00Z') }))
afterAll(() => void vi.useRealTimers())
const other = repositoryNode('org/tool', { stargazerCount: 900 })

const ada: MadeUp = {
  id: 7,
  login: 'ada',
  years: [2025, 2026, 2024],
  repositories: Array.from({ length: 60 }, (_, index) => repositoryNode(`ada/r${index}`)),
  pulls: [
    ...Array.from({ length: 70 }, (_, index) => pullNode(index, other)),
    pullNode(90, repositoryNode('ada/r1')),
    pullNode(91, repositoryNode('org/fork', { isFork: true })),
  ],
  reviews: [
    reviewNode(other, 'bob'),
    reviewNode(other, null),
    reviewNode(other, 'ada'),
    reviewNode(repositoryNode('ada/r1'), 'bob'),
  ],
}

const fetched = (
  people: MadeUp[],
  login: string,
  fetching: Partial<Fetching> & { expectId?: number } = {},
  first?: Parameters<typeof madeUpGithub>[1],
) => fetchDeep(madeUpGithub(people, first).github, login, { signal, ...fetching })

describe('a deep profile', () => {
  it('has all pages of everything', async () => {
    const profile = await fetched([ada], 'ADA')
    expect(profile).toMatchObject({ host: 'github.com', id: 7, login: 'ada', tier: 'deep', missing: [] })
    expect(profile.owned).toEqual({ sources: 60, forks: 0 })
    expect(profile.repositories).toHaveLength(60)
    expect(profile.years.map(({ from }) => from.slice(0, 4))).toEqual(['2026', '2025', '2024'])
    expect(profile.pulls).toHaveLength(70)
    expect(profile.pullCounts).toEqual({ merged: 71, closed: 0 })
    expect(profile.reviews.map(({ author }) => author?.login)).toEqual([
      'bob',
      undefined,
      'bob',
      undefined,
      'bob',
      undefined,
    ])
  })

  it('looks closely at the first ten', async () => {
    const { repositories, pulls } = await fetched([ada], 'ada')
    expect(repositories.filter(({ evidence }) => evidence !== undefined)).toHaveLength(10)
    expect(repositories[0]!.evidence).toEqual({
      hasWorkflows: true,
      files: ['Cargo.toml', 'src'],
      dependencies: ['serde'],
      releasesByThem: 1,
    })
    expect(pulls.map(({ revisions }) => revisions).slice(8, 12)).toEqual([2, 2, undefined, undefined])
    expect(pulls[0]).not.toHaveProperty('nodeId')
  })

  it('goes on where search ends, after a thousand', async () => {
    const pulls = Array.from({ length: 1_100 }, (_, index) => pullNode(index, other))
    const profile = await fetched([{ ...ada, pulls }], 'ada')
    expect(profile.pulls).toHaveLength(1_100)
  })

  it('of somebody with nothing has nothing, and misses nothing', async () => {
    const profile = await fetched([{ id: 8, login: 'new', years: [] }], 'new')
    expect(profile).toMatchObject({ years: [], repositories: [], pulls: [], reviews: [], missing: [] })
  })

  it('of somebody whom search does not know has a sample, and no counts', async () => {
    const profile = await fetched([{ ...ada, unsearchable: true }], 'ada')
    expect(profile.pulls).toHaveLength(70)
    expect(profile.pullCounts).toBeUndefined()
    expect(profile.missing).toEqual(['counts'])
  })

  it('asks for smaller pages where they are too much', async () => {
    const sizes: unknown[] = []
    const first = ({ text, variables }: { text: string; variables: Record<string, unknown> }) => {
      if (!/\brepositories\(\s*first: \$first_0/.test(text)) return
      sizes.push(variables['first_0'])
      if ((variables['first_0'] as number) > 12) throw new TooMuch('resources')
    }
    const profile = await fetched([ada], 'ada', {}, { first })
    expect(profile.repositories).toHaveLength(60)
    expect(sizes.slice(0, 3)).toEqual([50, 12, 12])
  })

  it('has half years where a year is too much, and misses what is too much still', async () => {
    const first = ({ variables: { from_0: from, to_0: to } }: { variables: Record<string, unknown> }) => {
      if (typeof from !== 'string') return
      const days = (Date.parse(to as string) - Date.parse(from)) / 86_400_000
      if (days > 200 || from.startsWith('2024')) throw new TooMuch('resources')
    }
    const profile = await fetched([{ ...ada, years: [2025, 2024] }], 'ada', {}, { first })
    expect(profile.years.map(({ from, to }) => [from, to])).toEqual([
      ['2025-07-02T11:59:59Z', '2025-12-31T23:59:59Z'],
      ['2025-01-01T00:00:00Z', '2025-07-02T11:59:58Z'],
    ])
    expect(profile.missing).toEqual(['years', 'reviews'])
  })

  test.each(STAGES.filter((stage) => stage !== 'identity'))('is there though %s never comes', async (stage) => {
    const words = {
      years: 'contributionYears|totalCommit',
      repositories: 'repositories\\(\\s*first: \\$',
      pulls: 'pulls_0|pullRequests\\(\\s*first: \\$',
      counts: 'issueCount',
      reviews: 'occurredAt',
      revisions: 'timelineItems',
      evidence: 'workflows',
    }
    const first = ({ text }: { text: string }) => {
      if (new RegExp(words[stage]).test(text)) throw new TooMuch('resources')
    }
    const profile = await fetched([ada], 'ada', {}, { first })
    expect(profile.missing).toContain(stage)
    expect(profile.missing).not.toContain('identity')
    expect(profile.login).toBe('ada')
  })
})

describe('a fetch that stopped', () => {
  test.each(STAGES)('goes on after %s and ends with the same profile', async (last) => {
    const kept: Kept = {}
    const stop = new AbortController()
    const { github, asked } = madeUpGithub([ada])
    const keep: Fetching['keep'] = async (stage, answer) => {
      kept[stage] = JSON.parse(JSON.stringify(answer))
      if (stage === last) stop.abort(new Error('killed'))
    }
    if (last !== 'evidence')
      await expect(fetchDeep(github, 'ada', { signal: stop.signal, keep })).rejects.toThrow('killed')
    else await fetchDeep(github, 'ada', { signal: stop.signal, keep })
    expect(Object.keys(kept)).toEqual(STAGES.slice(0, STAGES.indexOf(last) + 1))

    const again: string[] = []
    const before = asked.length
    const profile = await fetchDeep(github, 'ada', { signal, kept, keep: async (stage) => void again.push(stage) })
    const whole = madeUpGithub([ada])
    const expected = await fetchDeep(whole.github, 'ada', { signal })
    expect(profile).toEqual(expected)
    expect(again).toEqual(STAGES.slice(STAGES.indexOf(last) + 1))
    expect(asked.length - before).toBe(whole.asked.length - before)
  })

  it('tells how far it is, never back and to the end', async () => {
    const told: [number, number][] = []
    await fetched([ada], 'ada', { progress: (...each) => void told.push(each) })
    const done = told.map(([each]) => each)
    expect(done).toEqual(done.toSorted((a, b) => a - b))
    expect(new Set(told.map(([, of]) => of)).size).toBe(1)
    expect(told.at(-1)![0]).toBe(told.at(-1)![1])
    expect(told.length).toBeGreaterThan(10)
  })
})

describe('no profile', () => {
  const why = async (work: Promise<unknown>) =>
    work.then(
      () => expect.unreachable('there is one'),
      (error: unknown) =>
        error instanceof NoSuchProfile ? { why: error.why, message: error.message } : expect.unreachable(String(error)),
    )
  const organizations = ['acme']

  test.each([
    { name: 'nobody', login: 'nobody', reason: 'missing' },
    { name: 'an organization', login: 'acme', reason: 'organization' },
    { name: 'a bot', login: 'renovate[bot]', reason: 'bot' },
    { name: 'no login at all', login: 'x" } evil\n', reason: 'missing' },
    { name: 'an empty one', login: '', reason: 'missing' },
    { name: 'a book', login: 'x'.repeat(9_000), reason: 'missing' },
  ])('is there of $name', async ({ login, reason }) => {
    const told = await why(fetched([ada], login, {}, { organizations }))
    expect(told.why).toBe(reason)
    expect(told.message.length).toBeLessThan(300)
    expect(told.message).not.toContain('\n')
  })

  it('is there of somebody whom GitHub hides', async () => {
    const { github } = madeUpGithub([ada])
    const hidden = {
      ...github,
      query: async () => ({ data: { user_0: null, owner_0: null }, faults: [{ type: 'FORBIDDEN', path: ['user_0'] }] }),
    }
    expect((await why(fetchDeep(hidden, 'ada', { signal }))).why).toBe('private')
  })

  it('is merged into that of another who took the login', async () => {
    const told = await why(fetched([ada], 'ada', { expectId: 6 }))
    expect(told.why).toBe('taken')
  })

  it('is missed of one who has another login now', async () => {
    const profile = await fetched([{ ...ada, login: 'lovelace' }], 'ada', { expectId: 7 })
    expect(profile).toMatchObject({ id: 7, login: 'lovelace' })
  })

  it('is there of one who is gone', async () => {
    expect((await why(fetched([ada], 'gone', { expectId: 9 }))).why).toBe('missing')
  })

  it('is asked for again while GitHub cannot answer', async () => {
    const first = () => {
      throw new TooMuch('time')
    }
    await expect(fetched([ada], 'ada', {}, { first })).rejects.toThrow(TooMuch)
  })
})
