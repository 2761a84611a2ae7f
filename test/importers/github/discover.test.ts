import { describe, expect, it } from 'vitest'
import { createRanking, discover, priceOfDiscovery, repositoriesFor } from '../../../importers/github/discover.ts'
import { TooMuch } from '../../../importers/github/errors.ts'
import { madeUpGithub } from './made-up.ts'

const signal = new AbortController().signal
const user = (login: string, id: number) => ({ __typename: 'User', login, databaseId: id })
const [ada, bob, eve] = [user('ada', 1), user('bob', 2), user('eve', 3)]
const bot = { __typename: 'Bot', login: 'renovate' }
const starred = (index: number, merges: object[] = []) => ({
  __typename: 'Repository',
  nameWithOwner: `org/r${index}`,
  stargazerCount: 90_000 - index,
  pullRequests: { nodes: merges },
})

const found = (repositories: object[], options: object = {}, first?: () => void) =>
  discover(madeUpGithub([], { starred: repositories, ...(first && { first }) }).github, 10, { signal, ...options })

describe('the top contributors', () => {
  it('are ranked by repositories, then by people; own merges, bots and the deleted vouch for nobody', async () => {
    const repositories = [
      starred(0, [
        { author: ada, mergedBy: bob },
        { author: eve, mergedBy: eve },
        { author: bot, mergedBy: bob },
      ]),
      starred(1, [{ author: ada, mergedBy: eve }, { author: null, mergedBy: null }, null as unknown as object]),
      starred(2, [{ author: ada, mergedBy: bot }]),
    ]
    expect(await found(repositories)).toEqual([
      { login: 'ada', id: 1, repositories: 3, counterparties: 2 },
      { login: 'bob', id: 2, repositories: 1, counterparties: 1 },
      { login: 'eve', id: 3, repositories: 1, counterparties: 1 },
    ])
  })

  it('come from as many repositories as wanted, past the thousand where search ends, each read once', async () => {
    const told: [number, number][] = []
    const made = madeUpGithub([], { starred: Array.from({ length: 2_600 }, (_, index) => starred(index)) })
    await discover(made.github, 10, { signal, repositories: 2_500, progress: (...each) => void told.push(each) })
    expect(told.at(-1)).toEqual([2_500, 2_500])
    expect(made.asked.length).toBeLessThan(priceOfDiscovery(2_500).requests * 1.05)
  })

  it('come from fewer where there are no more', async () => {
    expect(await found([starred(0, [{ author: ada, mergedBy: bob }])])).toHaveLength(2)
  })

  it('do not come while GitHub cannot answer', async () => {
    const first = () => {
      throw new TooMuch('time')
    }
    await expect(found([starred(0)], {}, first)).rejects.toThrow(TooMuch)
  })

  it('are as many as asked for', () => {
    const ranking = createRanking()
    ranking.add({ merges: [{ author: { login: 'a', id: 1 }, mergedBy: { login: 'b', id: 2 } }] })
    expect(ranking.top(1)).toEqual([{ login: 'a', id: 1, repositories: 1, counterparties: 1 }])
  })
})

it('the price of discovery is about a hundred points', () => {
  expect(priceOfDiscovery(repositoriesFor(10_000))).toEqual({ requests: 100, points: 100 })
})
