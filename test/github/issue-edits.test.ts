import { describe, expect, it } from 'vitest'
import { readAcceptance, tickedBy } from '../../src/domain/acceptance.ts'
import { listVersions, MOST_EDITS } from '../../src/github/issue-edits.ts'
import { reaching } from './reaching.ts'

const NAME = { installation: 1, owner: 'ada', repo: 'first' }
const mia = { login: 'mia', databaseId: 7 }
const TEXT = '## Acceptance\n- [x] counts'

type Node = { editedAt: string; diff: string | null; editor: typeof mia | null } | null
const node = (second: number, diff: string | null = TEXT): Node => ({
  editedAt: new Date(second * 1000).toISOString(),
  diff,
  editor: mia,
})

/** GitHub with this history, the newest edit first, a hundred a page. */
function answering(nodes: Node[], { body = TEXT, totalCount = nodes.length } = {}) {
  let asked = 0
  const graphql = async (_query: string, { after }: { after: string | null }) => {
    asked++
    const start = Number(after ?? 0)
    const pageInfo = { endCursor: String(start + 100), hasNextPage: start + 100 < nodes.length }
    const userContentEdits = { totalCount, nodes: nodes.slice(start, start + 100), pageInfo }
    return { repository: { issue: { body, author: mia, userContentEdits } } }
  }
  return { client: reaching({ graphql }), count: () => asked }
}

const edits = (count: number) => Array.from({ length: count }, (_, n) => node(count - n))

describe('the history of a description', () => {
  it.each([0, 1, 100, 101, MOST_EDITS])('of %d edits is read whole', async (count) => {
    const { client, count: asked } = answering(edits(count))
    const found = await listVersions(client, NAME, 1)
    expect(found).toHaveProperty('versions')
    expect('versions' in found && found.versions.length).toBe(Math.max(1, count))
    expect(asked()).toBe(Math.max(1, Math.ceil(count / 100)))
  })

  it.each([MOST_EDITS + 1, 5 * MOST_EDITS])(
    'of %d edits is told from one without tasks, after one question',
    async (count) => {
      const { client, count: asked } = answering(edits(count))
      expect(await listVersions(client, NAME, 1)).toEqual({ unread: 'too many edits' })
      expect(asked()).toBe(1)
    },
  )

  it.each<[string, Node[], { body?: string; totalCount?: number }]>([
    ['an edit was deleted from', [node(3), node(2, null), node(1)], {}],
    ['an edit is not shown in', [node(3), null, node(1)], {}],
    ['the first edit is left out of', [node(3), node(2)], { totalCount: 3 }],
    ['no edit is told of', [], { totalCount: 2 }],
    ['another text is the last of', [node(2), node(1)], { body: `${TEXT}\n- [x] more` }],
  ])('that %s says who ticked nothing', async (_name, nodes, about) => {
    const { client } = answering(nodes, about)
    const found = await listVersions(client, NAME, 1)
    const tasks =
      'versions' in found
        ? tickedBy(
            found.versions,
            found.versions.map(({ body }) => readAcceptance(body).tasks),
          )
        : []
    expect(tasks.length).toBeGreaterThan(0)
    expect(tasks.map(({ by }) => by)).toEqual(tasks.map(() => undefined))
  })

  it('of an issue that is gone is told from one without tasks', async () => {
    const client = reaching({ graphql: async () => ({ repository: { issue: null } }) })
    expect(await listVersions(client, NAME, 1)).toEqual({ unread: 'gone' })
  })
})
