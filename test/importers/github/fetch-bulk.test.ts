import { describe, expect, it } from 'vitest'
import { LimitReached, TooMuch } from '../../../importers/github/errors.ts'
import { fetchBulk } from '../../../importers/github/fetch-bulk.ts'
import { priceOf } from '../../../importers/github/price.ts'
import { Unavailable } from '../../../src/domain/errors.ts'
import { type MadeUp, madeUpGithub, pullNode, repositoryNode } from './made-up.ts'

const signal = new AbortController().signal
const other = repositoryNode('org/tool')
const person = (index: number): MadeUp => ({
  id: index + 1,
  login: `u${index}`,
  repositories: Array.from({ length: 13 }, (_, each) => repositoryNode(`u${index}/r${each}`)),
  pulls: Array.from({ length: 31 }, (_, each) => pullNode(each, other)),
})
const people = Array.from({ length: 23 }, (_, index) => person(index))
const logins = people.map(({ login }) => login)

type Asked = { text: string; variables: Record<string, unknown> }
const namesIn = ({ variables }: Asked) => [
  ...new Set(Object.values(variables).flatMap((value) => /\bu\d+\b/.exec(String(value))?.[0] ?? [])),
]
const isYear = ({ text }: Asked) => text.includes('totalCommitContributions')
const isRepositories = ({ text }: Asked) => text.includes('watchers')

async function bulk(asked: readonly string[], options: Parameters<typeof madeUpGithub>[1] = {}, who = people) {
  const made = madeUpGithub(who, options)
  const results = await Array.fromAsync(fetchBulk(made.github, asked, { signal }))
  const profiles = results.map((result) => ('profile' in result ? result.profile : undefined))
  return { results, profiles, asked: made.asked }
}

/** Fails what is too much, and notes who was asked about. */
function failing(isAsked: (asked: Asked) => boolean, isTooMuch: (names: string[], asked: Asked) => boolean) {
  const order: string[] = []
  return {
    order,
    first(asked: Asked) {
      if (!isAsked(asked)) return
      const names = namesIn(asked)
      order.push(names.join(' '))
      if (isTooMuch(names, asked)) throw new TooMuch('resources')
    },
  }
}

describe('many profiles', () => {
  it('come in their order, a page of each thing, for their price', async () => {
    const { results, profiles, asked } = await bulk(logins)
    expect(results.map(({ login }) => login)).toEqual(logins)
    expect(profiles[22]).toMatchObject({
      id: 23,
      login: 'u22',
      tier: 'bulk',
      missing: [],
      pullCounts: { merged: 31, closed: 0 },
    })
    expect(profiles.every((profile) => profile?.repositories.length === 12 && profile.pulls.length === 30)).toBe(true)
    expect(profiles.every((profile) => profile?.years.length === 1)).toBe(true)
    expect(asked).toHaveLength(priceOf(23).requests)
  })

  it('are fetched as they are taken: twenty, and then the rest', async () => {
    const { github, asked } = madeUpGithub(people)
    const results = fetchBulk(github, logins, { signal })
    for (let taken = 0; taken < 20; taken++) await results.next()
    expect(asked).toHaveLength(priceOf(20).requests)
    await results.next()
    expect(asked).toHaveLength(priceOf(23).requests)
  })

  it('tell who was left out, and why', async () => {
    const { results } = await bulk(['u1', 'nobody', 'acme', 'renovate[bot]', 'U2', '!'], { organizations: ['acme'] })
    expect(results.map((result) => ('why' in result ? result.why : result.profile.login))).toEqual([
      'u1',
      'missing',
      'organization',
      'bot',
      'u2',
      'missing',
    ])
  })

  it('of none are none, and nothing is asked', async () => {
    const { results, asked } = await bulk(['!'])
    expect(results).toHaveLength(1)
    expect(asked).toEqual([])
    expect((await bulk([])).results).toEqual([])
  })
})

describe('a batch that is too much', () => {
  it('is asked in halves until the one that is too much is alone, and the stage of that one is missing', async () => {
    const { first, order } = failing(isRepositories, (names) => names.includes('u3'))
    const { profiles } = await bulk(logins.slice(0, 5), { first })
    expect(order).toEqual(['u0 u1 u2 u3 u4', 'u0 u1', 'u2 u3 u4', 'u2', 'u3 u4', 'u3', 'u4'])
    expect(profiles.map((profile) => profile?.missing)).toEqual([[], [], [], ['repositories'], []])
    expect(profiles[3]!.repositories).toEqual([])
    expect(profiles[4]!.repositories).toHaveLength(12)
  })

  it('keeps what was answered of it, and asks for the rest alone', async () => {
    const made = madeUpGithub(people)
    const order: string[] = []
    const query: typeof made.github.query = async (text, variables, signal) => {
      const answer = await made.github.query(text, variables, signal)
      if (!isRepositories({ text, variables })) return answer
      const names = namesIn({ text, variables })
      order.push(names.join(' '))
      const at = names.indexOf('u3')
      if (names.length === 1 || at === -1) return answer
      const faults = [{ type: 'RESOURCE_LIMITS_EXCEEDED', path: [`user_${at}`, 'repositories', 'nodes', 2] }]
      return { data: answer.data, faults }
    }
    const results = await Array.fromAsync(fetchBulk({ ...made.github, query }, logins.slice(0, 5), { signal }))
    expect(order).toEqual(['u0 u1 u2 u3 u4', 'u3'])
    expect(results.every((result) => 'profile' in result && result.profile.repositories.length === 12)).toBe(true)
  })

  it('of years is asked in half years for the one alone', async () => {
    const { first, order } = failing(isYear, (names, { variables }) => {
      const span = Date.parse(variables['to_0'] as string) - Date.parse(variables['from_0'] as string)
      return names.includes('u1') && span > 200 * 86_400_000
    })
    const { profiles } = await bulk(logins.slice(0, 2), { first })
    expect(order).toEqual(['u0 u1', 'u0', 'u1', 'u1', 'u1'])
    expect(profiles.map((profile) => profile?.years.length)).toEqual([1, 2])
    expect(profiles.map((profile) => profile?.missing)).toEqual([[], []])
  })

  it('of half years is missing', async () => {
    const { first } = failing(isYear, (names) => names.includes('u1'))
    const { profiles } = await bulk(logins.slice(0, 2), { first })
    expect(profiles.map((profile) => profile?.missing)).toEqual([[], ['years']])
  })

  it('of identities leaves out the one alone', async () => {
    const { first } = failing(
      ({ text }) => text.includes('repositoryOwner'),
      (names) => names.includes('u7'),
    )
    const { results } = await bulk(logins.slice(0, 20), { first })
    expect(results.filter((result) => 'why' in result).map(({ login }) => login)).toEqual(['u7'])
  })

  it('stays below 0.7 requests a profile with one request in a hundred failing', async () => {
    let count = 0
    const first = () => {
      if (++count % 100 === 50) throw new TooMuch('resources')
    }
    const many = Array.from({ length: 200 }, (_, index) => ({ id: index + 1, login: `u${index}` }))
    const { profiles, asked } = await bulk(
      many.map(({ login }) => login),
      { first },
      many,
    )
    expect(profiles.every((profile) => profile?.missing.length === 0)).toBe(true)
    expect(asked.length / many.length).toBeLessThan(0.7)
  })
})

describe('GitHub', () => {
  it('that answers nobody in time is away, and no profile comes that misses everything', async () => {
    const first = (asked: Asked) => {
      if (isRepositories(asked)) throw new TooMuch('time')
    }
    await expect(bulk(logins, { first })).rejects.toThrow(Unavailable)
  })

  it('at its limit ends the fetch, after those that came', async () => {
    let asked = 0
    const first = () => {
      if (++asked > priceOf(20).requests) throw new LimitReached(new Date('2026-11-21T14:05:00Z'))
    }
    const got: string[] = []
    const all = async () => {
      for await (const { login } of fetchBulk(madeUpGithub(people, { first }).github, logins, { signal }))
        got.push(login)
    }
    await expect(all()).rejects.toThrow('goes on at 14:05 UTC')
    expect(got).toEqual(logins.slice(0, 20))
  })

  it('that cannot search for some gives a sample of theirs', async () => {
    const hidden = [person(0), { ...person(1), unsearchable: true }, person(2)]
    const { profiles, asked } = await bulk(['u0', 'u1', 'u2'], {}, hidden)
    expect(profiles.map((profile) => [profile?.pulls.length, profile?.pullCounts?.merged, profile?.missing])).toEqual([
      [30, 31, []],
      [30, undefined, []],
      [30, 31, []],
    ])
    // The search that fails takes the answers of its batch away: the two others are asked about again.
    expect(asked).toHaveLength(6)
  })
})
