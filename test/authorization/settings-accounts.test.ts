import { describe, expect, test } from 'vitest'
import { MOST_ACCOUNTS, resolveLogins } from '../../src/authorization/settings-accounts.ts'
import { Unavailable } from '../../src/domain/errors.ts'
import { GitHubRefused } from '../../src/github/errors.ts'

/** GitHub as it is now: an id, or nobody; an error is thrown. */
const github = (now: Record<string, number | Error>) => {
  const asked: string[] = []
  const ask = async (login: string) => {
    asked.push(login)
    const id = now[login]
    if (id instanceof Error) throw id
    return id === undefined ? undefined : { id, login, type: 'User' as const }
  }
  return { asked, ask }
}
const again = { again: true }
const once = { again: false }

describe('a login that a settings file lists', () => {
  test.each([
    ['that is new means who has it', { known: {}, now: { mia: 5 } }, { learned: { mia: 5 }, wrong: [] }],
    ['that is new and nobody’s means nobody', {}, { learned: { mia: null }, wrong: [{ is: 'unknown' }] }],
    [
      'that was nobody’s goes on meaning nobody',
      { known: { mia: null }, now: { mia: 9 } },
      { wrong: [{ is: 'unknown' }] },
    ],
    ['that is still theirs is right', { known: { mia: 5 }, now: { mia: 5 } }, { wrong: [] }],
    ['that another took', { known: { mia: 5 }, now: { mia: 9 } }, { wrong: [{ is: 'moved', from: 5, to: 9 }] }],
    ['that nobody has any more', { known: { mia: 5 } }, { wrong: [{ is: 'moved', from: 5, to: undefined }] }],
    ['that GitHub does not tell of', { now: { mia: new GitHubRefused(403, '') } }, { wrong: [{ is: 'untold' }] }],
    [
      'that was told once, and is not now',
      { known: { mia: 5 }, now: { mia: new GitHubRefused(403, '') } },
      { wrong: [] },
    ],
  ] as [
    string,
    { known?: Record<string, number | null>; now?: Record<string, number | Error> },
    { learned?: Record<string, number | null>; wrong: object[] },
  ][])('%s', async (_, { known = {}, now = {} }, { learned = {}, wrong }) => {
    const answer = await resolveLogins(['mia'], new Map(Object.entries(known)), github(now).ask, again)
    expect(answer).toEqual({
      learned: new Map(Object.entries(learned)),
      gone: [],
      wrong: wrong.map((one) => ({ login: 'mia', ...one })),
    })
  })

  test('is not asked about again while the file stays, and forgotten when it is taken out', async () => {
    const { asked, ask } = github({ mia: 9, zed: 3 })
    const known = new Map([
      ['mia', 5],
      ['gone', 7],
    ])
    const answer = await resolveLogins(['zed', 'mia'], known, ask, once)
    expect(answer).toEqual({ learned: new Map([['zed', 3]]), gone: ['gone'], wrong: [] })
    expect(asked).toEqual(['zed'])
  })

  test('is one of a hundred; further ones mean nobody, and take no place of one that counts', async () => {
    const many = Array.from({ length: MOST_ACCOUNTS }, (_, n) => `new-${n}`)
    const { asked, ask } = github(Object.fromEntries(many.map((login, n) => [login, n + 1])))
    const { learned, wrong } = await resolveLogins([...many, 'mia'], new Map([['mia', 5]]), ask, once)
    expect(asked).toHaveLength(MOST_ACCOUNTS - 1)
    expect(learned.size).toBe(MOST_ACCOUNTS - 1)
    expect(wrong).toEqual([{ login: many.at(-1), is: 'too-many', most: MOST_ACCOUNTS }])
  })

  test('is not taken for nobody’s while GitHub cannot answer', async () => {
    const { ask } = github({ mia: new Unavailable('GitHub answered 503') })
    await expect(resolveLogins(['mia'], new Map(), ask, once)).rejects.toThrow(Unavailable)
  })
})
