import { describe, expect, test } from 'vitest'
import { linesOfMerge } from '../../src/domain/merges.ts'

const file = (patch: string | undefined, sha = 'after') => ({ sha, patch })
const WORK = '@@ -1,2 +1,3 @@\n one\n-old\n+new\n+more'

describe('a merge of the base', () => {
  test.each([
    { name: 'git makes it alone', before: [file(WORK, 'a')], after: [file(WORK, 'b')], own: 0 },
    {
      name: 'the work lies elsewhere now',
      before: [file(WORK, 'a')],
      after: [file(WORK.replaceAll('1,', '90,').replace(' one', ' uno'), 'b')],
      own: 0,
    },
    {
      name: 'the base has part of the work',
      before: [file(WORK, 'a')],
      after: [file('@@ -1,1 +1,2 @@\n old\n+more')],
      own: 0,
    },
    {
      name: 'a file that cannot be shown is as it was',
      before: [file(undefined, 'a')],
      after: [file(undefined, 'a')],
      own: 0,
    },
    { name: 'a conflict is resolved', before: [file(WORK, 'a')], after: [file(WORK.replace('-old', '-alt'))], own: 1 },
    {
      name: 'lines are put in',
      before: [file(WORK, 'a')],
      after: [file(WORK), file('@@ -0,0 +1,2 @@\n+x\n+y', 'c')],
      own: 2,
    },
    {
      name: 'a line is put in once more',
      before: [file(WORK, 'a')],
      after: [file('@@ -1,0 +1,2 @@\n+new\n+new')],
      own: 1,
    },
    { name: 'the base’s lines are left out', before: [], after: [file('@@ -1,2 +0,0 @@\n-theirs\n-too')], own: 2 },
  ])('is nobody’s work but for lines of its own: $name', ({ before, after, own }) => {
    expect(linesOfMerge(before, after)).toBe(own)
  })

  test.each([
    { name: 'is not shown', after: [file(undefined)] },
    { name: 'is cut off', after: [file('@@ -1,2 +1,3 @@\n one')] },
  ])('is not known where a file $name', ({ after }) => {
    expect(linesOfMerge([], after)).toBeUndefined()
  })
})
