import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { commitAuthor, entityUri, handlesFor, readEntityUri } from '../../src/domain/rig.ts'

const accounts = fc.record({
  id: fc.integer({ min: 1, max: 2 ** 40 }),
  login: fc.string({ unit: 'binary', maxLength: 120 }),
})
const logins = fc.stringMatching(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?$/)

describe('the handle of a person', () => {
  test.each([
    { name: 'a plain login', login: 'octocat', preferred: 'octocat', numbered: 'octocat-7' },
    { name: 'a login with capitals', login: 'OctoCat', preferred: 'octocat', numbered: 'octocat-7' },
    { name: 'a managed user', login: 'bob_acme', preferred: 'bob_acme', numbered: 'bob_acme-7' },
    { name: 'a bot', login: 'dependabot[bot]', preferred: undefined, numbered: 'dependabot-bot--7' },
    { name: 'a login that begins with a dash', login: '-bob', preferred: undefined, numbered: 'bob-7' },
    { name: 'a login with nothing usable', login: '雪', preferred: undefined, numbered: 'rig-7' },
  ])('of $name', ({ login, preferred, numbered }) => {
    expect(handlesFor({ id: 7, login })).toEqual([preferred, numbered])
  })

  test('is always valid and in lower case, for any login and id', () => {
    fc.assert(
      fc.property(accounts, (account) => {
        const [preferred, numbered] = handlesFor(account)
        for (const handle of [preferred ?? 'x', numbered]) expect(handle).toMatch(/^[a-z0-9][a-z0-9_-]{0,63}$/)
      }),
    )
  })

  test('tells two accounts of one login apart by their number', () => {
    expect(handlesFor({ id: 1, login: 'bob' })[1]).not.toBe(handlesFor({ id: 2, login: 'bob' })[1])
  })
})

describe('the entity of a rig', () => {
  test('names host, login and number, and is read back', () => {
    fc.assert(
      fc.property(logins, fc.integer({ min: 1, max: 2 ** 50 }), (login, id) => {
        expect(readEntityUri(entityUri('github', { id, login }))).toEqual({ host: 'github', login, id })
      }),
    )
    expect(entityUri('ghe.example', { id: 5, login: 'Bob' })).toBe('entity://ghe.example/Bob/5')
  })

  test.each([
    { name: 'nothing', uri: null },
    { name: 'a wl rig', uri: 'hop://bob@example.com/bob/' },
    { name: 'no number', uri: 'entity://github/bob/' },
    { name: 'the number zero', uri: 'entity://github/bob/0' },
    { name: 'a number that JavaScript cannot hold', uri: 'entity://github/bob/12345678901234567890' },
    { name: 'one part too many', uri: 'entity://github/bob/1/2' },
    { name: 'a line break at the end', uri: 'entity://github/bob/1\n' },
  ])('is not found in $name', ({ uri }) => {
    expect(readEntityUri(uri)).toBeUndefined()
  })

  test('fits its column and stays on one line, for any login', () => {
    fc.assert(
      fc.property(accounts, (account) => {
        const uri = entityUri('github.example.com', account)
        expect(uri).not.toMatch(/[\r\n]/)
        expect(Array.from(uri).length).toBeLessThanOrEqual(512)
      }),
    )
  })
})

describe('the author of a commit', () => {
  test('has GitHub’s no-reply address', () => {
    expect(commitAuthor({ id: 7, login: 'Bob' })).toBe('Bob <7+Bob@users.noreply.github.com>')
  })

  test('is one name and one address, for any login', () => {
    fc.assert(
      fc.property(accounts, (account) => {
        expect(commitAuthor(account)).toMatch(/^[^<>\r\n]* <[^<>\r\n]+>$/)
      }),
    )
  })
})
