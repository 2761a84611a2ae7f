import { describe, expect, it } from 'vitest'
import type { ChangedFile } from '../../src/github/changes.ts'
import { diffHash } from '../../src/pull-requests/diff.ts'

const file = (path: string, patch: string | undefined, more: Partial<ChangedFile> = {}): ChangedFile => ({
  path,
  from: undefined,
  status: 'modified',
  additions: 1,
  deletions: 1,
  sha: 'b'.repeat(40),
  patch,
  ...more,
})

describe('the hash of a diff', () => {
  const before = diffHash([
    file('a.ts', '@@ -1,3 +1,3 @@\n one\n-two\n+zwei\n three'),
    file('b.ts', '@@ -0,0 +1 @@\n+b'),
  ])

  it('is the same at other lines, beside other text, and in another order of files', () => {
    const files = [file('b.ts', '@@ -9,0 +9 @@\n x\n+b\n y'), file('a.ts', '@@ -7,2 +8,2 @@ f()\n-two\n+zwei')]
    expect(diffHash(files)).toBe(before)
  })

  it.each([
    ['another line', [file('a.ts', '@@ @@\n-two\n+dos'), file('b.ts', '@@ @@\n+b')]],
    ['a line more', [file('a.ts', '@@ @@\n-two\n+zwei\n+drei'), file('b.ts', '@@ @@\n+b')]],
    ['another file', [file('a.ts', '@@ @@\n-two\n+zwei'), file('c.ts', '@@ @@\n+b')]],
    ['a file less', [file('a.ts', '@@ @@\n-two\n+zwei')]],
    ['added for removed', [file('a.ts', '@@ @@\n+two\n-zwei'), file('b.ts', '@@ @@\n+b')]],
  ])('is another for %s', (_name, files) => {
    expect(diffHash(files)).not.toBe(before)
  })

  it('of a file without a patch is its content’s', () => {
    const binary = (sha: string) => diffHash([file('a.png', undefined, { sha: sha.repeat(40) })])
    expect(binary('c')).toBe(binary('c'))
    expect(binary('c')).not.toBe(binary('d'))
  })
})
