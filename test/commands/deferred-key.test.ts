import { describe, expect, it } from 'vitest'
import { changedSince } from '../../src/services/changed-since.ts'
import { readSealedKey } from '../../src/services/defer-stamp.ts'

const part = (digit: string) => digit.repeat(40)
const now = ['v2', part('1'), part('2'), part('3'), part('4')].join('.')
const unknown = `v2.${part('1')}.unknown`
const old = 'f'.repeat(64)

describe('what is sealed of a deferred stamp', () => {
  const command = 'github/issue_comment/7/stamp/0123456789ab/0'

  it.each([now, now.replace('v2', 'v3'), old])('is read with its diff, of now and of before: %s', (diff) => {
    expect(readSealedKey(`held/${command}/${part('a')}/${diff}`)).toEqual({
      command,
      head: part('a'),
      diff,
      comment: { kind: 'issue_comment', id: 7 },
    })
  })

  it.each([unknown, `${now}.5`, old.slice(1), now.replace('v2', 'v4')])('is not read with another: %s', (diff) => {
    expect(readSealedKey(`held/${command}/${part('a')}/${diff}`)).toBeUndefined()
  })
})

describe('a deferred stamp', () => {
  it.each([
    ['is given for the same work', now, now, undefined],
    ['is given for the same hunks on another base', now, now.replace(part('2'), part('5')), undefined],
    ['is not given on other work', now, now.replace(part('4'), part('5')), 'with other work than was judged'],
    ['is not given on the same hunks in another place', now, now.replace(part('3'), part('5')), 'with other work'],
    ['is not given on what GitHub does not show', now, unknown, 'GitHub does not show the whole diff'],
    ['is asked about again, of before', old, now, 'deferred by an earlier version'],
    ['is asked about again, of before, also where it is the same', old, old, 'deferred by an earlier version'],
  ])('%s', (_name, judged, merged, why) => {
    const said = changedSince(judged, merged)
    if (why === undefined) expect(said).toBeUndefined()
    else expect(said).toContain(why)
  })
})
