import { describe, expect, it } from 'vitest'
import { listChanges, readDiffText } from '../../src/github/changes.ts'
import { reaching } from './reaching.ts'

const name = { installation: 1, owner: 'acme', repo: 'tool' }

describe('the list of changed files', () => {
  const of = (count: number) => {
    const file = { filename: 'a', status: 'added', additions: 1, deletions: 0 }
    return reaching({ paginate: async () => Array.from({ length: count }, () => file) })
  }

  it.each([
    { listed: 2, told: 2, isCut: false },
    { listed: 2, told: 1, isCut: false },
    { listed: 2, told: 3, isCut: true },
    { listed: 2, told: undefined, isCut: true },
    { listed: 3_000, told: 3_000, isCut: true },
  ])('of $listed where GitHub tells of $told is cut: $isCut', async ({ listed, told, isCut }) => {
    const changes = await listChanges(of(listed), name, { number: 1, changedFiles: told })
    expect([changes.files.length, changes.isCut]).toEqual([listed, isCut])
  })
})

describe('the diff of a pull request', () => {
  const of = (answer: unknown) =>
    reaching({
      async request() {
        if (typeof answer === 'number') throw Object.assign(new Error('no'), { status: answer, response: {} })
        return { data: answer }
      },
    })

  it('is what GitHub writes, also nothing', async () => {
    expect(await readDiffText(of('diff --git a/a b/a\n'), name, 1)).toBe('diff --git a/a b/a\n')
    expect(await readDiffText(of(''), name, 1)).toBe('')
  })

  it.each([406, 422])('is none where GitHub gives none: %s', async (status) => {
    expect(await readDiffText(of(status), name, 1)).toBeUndefined()
  })

  it.each([
    ['breaks off', undefined, 'Unavailable'],
    ['is no text', {}, 'Unavailable'],
    ['comes with a fault of GitHub’s', 500, 'Unavailable'],
    ['is refused', 403, 'GitHubRefused'],
  ])('is asked again, or not had, where it %s', async (_name, answer, error) => {
    await expect(readDiffText(of(answer), name, 1)).rejects.toMatchObject({ name: error })
  })
})
