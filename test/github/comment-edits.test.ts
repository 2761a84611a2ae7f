import { describe, expect, it } from 'vitest'
import { readHistoryBefore } from '../../src/github/comment-edits.ts'
import type { Installations } from '../../src/github/client.ts'
import { reaching } from './reaching.ts'

const mia = { login: 'mia', databaseId: 7 }
const ada = { login: 'ada', databaseId: 8 }

type Node = { editedAt: string; diff: string | null; editor: { login: string; databaseId?: number } | null }
const edit = (second: number, diff: string | null, editor: Node['editor'] = mia): Node => ({
  editedAt: new Date(second * 1000).toISOString(),
  diff,
  editor,
})

/** GitHub as it tells of a comment of mia's, the newest edit first, at each question. */
function telling(...answers: { nodes: Node[]; totalCount?: number }[]) {
  let asked = 0
  const graphql = async () => {
    const { nodes, totalCount = nodes.length } = answers[Math.min(asked++, answers.length - 1)]!
    const lastEditedAt = nodes[0]?.editedAt ?? null
    return { nodes: [{ id: 'IC_1', lastEditedAt, author: mia, editor: mia, userContentEdits: { totalCount, nodes } }] }
  }
  return { client: reaching({ graphql }), count: () => asked }
}

const read = (client: Installations, before: string, text: string) =>
  readHistoryBefore(client, { installation: 1 }, 'IC_1', { before, text }, { pauseMs: 0 })

describe('the history of a comment before an edit', () => {
  it('is every text before it, with who left it, by id', async () => {
    const { client } = telling({ nodes: [edit(3, 'c'), edit(2, 'b\r\n', ada), edit(1, 'a')] })
    expect(await read(client, 'b', 'c')).toMatchObject([
      { text: 'a', byAuthor: true },
      { text: 'b\r\n', byAuthor: false },
    ])
  })

  it('keeps the order of edits of one second', async () => {
    const { client } = telling({ nodes: [edit(1, 'c'), edit(1, 'b', ada), edit(1, 'a')] })
    expect(await read(client, 'b', 'c')).toHaveLength(2)
  })

  it('is asked again where GitHub does not show the edit yet', async () => {
    const { client, count } = telling({ nodes: [] }, { nodes: [edit(2, 'b'), edit(1, 'a')] })
    expect(await read(client, 'a', 'b')).toMatchObject([{ text: 'a', byAuthor: true }])
    expect(count()).toBe(2)
  })

  it.each<[string, { nodes: Node[]; totalCount?: number }]>([
    ['does not show the edit', { nodes: [edit(2, 'x'), edit(1, 'a')] }],
    ['shows another’s edit to that text', { nodes: [edit(2, 'b', ada), edit(1, 'a')] }],
    ['names nobody for it', { nodes: [edit(2, 'b', null), edit(1, 'a')] }],
    ['names an account without an id', { nodes: [edit(2, 'b', { login: 'mia' }), edit(1, 'a')] }],
    ['had a text deleted', { nodes: [edit(3, 'b'), edit(2, 'a'), edit(1, null)] }],
    ['has more than are told', { nodes: [edit(3, 'b'), edit(2, 'a')], totalCount: 3 }],
  ])('is unknown where GitHub %s', async (_name, answer) => {
    expect(await read(telling(answer).client, 'a', 'b')).toBeUndefined()
  })
})
