import { describe, expect, it } from 'vitest'
import { GitHubRefused } from '../../src/github/errors.ts'
import { COMMENT_AUTHORS, listOwnComments } from '../../src/github/own-comments.ts'
import type { Installations } from '../../src/github/client.ts'
import { reaching } from './reaching.ts'

const NAME = { installation: 1, owner: 'ada', repo: 'first' }
const APP = { id: 1, slug: 'bridge', ownerId: 2, ownerLogin: 'ada' }
const UPDATED = '2026-11-29T10:00:00Z'

type Author = { kind: string; login: string } | null
const ours: Author = { kind: 'Bot', login: 'bridge' }
const node = (id: number, author: Author = ours) => ({ id: `IC_${id}`, author })

/** A thread of these comments, two a page. `refusal` may refuse the texts of some ids. */
function thread(nodes: () => ReturnType<typeof node>[], refusal?: (ids: readonly string[]) => Error | undefined) {
  const graphql = async (query: string, { after, ids = [] }: { after?: string | null; ids?: readonly string[] }) => {
    if (query === COMMENT_AUTHORS) {
      const start = Number(after ?? 0)
      const pageInfo = { endCursor: String(start + 2), hasNextPage: start + 2 < nodes().length }
      const comments = { nodes: nodes().slice(start, start + 2), pageInfo }
      return { repository: { issueOrPullRequest: { comments } } }
    }
    const refused = refusal?.(ids)
    if (refused !== undefined) throw refused
    return { nodes: ids.map((id) => ({ fullDatabaseId: id.slice(3), body: `text ${id}`, updatedAt: UPDATED })) }
  }
  return reaching({ graphql })
}

const list = async (client: Installations) => (await listOwnComments(client, NAME, 7, APP)).map(({ id }) => id)

describe('our own comments', () => {
  it('are those of our bot alone, oldest first, on whichever page, with their texts', async () => {
    const others: Author[] = [null, { kind: 'User', login: 'bridge' }, { kind: 'Bot', login: 'bridge-2' }]
    const nodes = [...others.map((author, n) => node(n + 1, author)), node(3_510_000_023), node(5), node(6)]
    expect(
      await listOwnComments(
        thread(() => nodes),
        NAME,
        7,
        APP,
      ),
    ).toEqual([3_510_000_023, 5, 6].map((id) => ({ id, body: `text IC_${id}`, updatedAt: new Date(UPDATED) })))
  })

  it('are more than GitHub tells of at once', async () => {
    const nodes = Array.from({ length: 120 }, (_, n) => node(n + 1))
    const most = thread(
      () => nodes,
      (ids) => (ids.length > 100 ? new Error('too many') : undefined),
    )
    expect(await list(most)).toHaveLength(120)
  })

  it('are none where there is no comment, or none of ours', async () => {
    expect(await list(thread(() => []))).toEqual([])
    expect(await list(thread(() => [node(1, null)]))).toEqual([])
  })

  it('are listed again where one has gone meanwhile', async () => {
    let nodes = [node(1), node(2)]
    const gone = thread(
      () => nodes,
      (ids) => {
        nodes = [node(1)]
        return ids.includes('IC_2') ? new GitHubRefused(404, []) : undefined
      },
    )
    expect(await list(gone)).toEqual([1])
  })

  it.each([403, 404])('are not none where GitHub refuses their texts for good (%i)', async (status) => {
    const refused = thread(
      () => [node(1)],
      () => new GitHubRefused(status, []),
    )
    await expect(list(refused)).rejects.toThrow(GitHubRefused)
  })
})
