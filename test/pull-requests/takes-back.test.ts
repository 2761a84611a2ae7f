import { describe, expect, it } from 'vitest'
import type { ChangedFile } from '../../src/github/changes.ts'
import { onlyByBlob, takesBack } from '../../src/pull-requests/takes-back.ts'

/** A file with these lines added (`+`), removed (`-`) or kept. */
function file(path: string, lines: readonly string[], more: Partial<ChangedFile> = {}): ChangedFile {
  const marked = (mark: string) => lines.filter((line) => line.startsWith(mark)).length
  return {
    path,
    from: undefined,
    status: 'modified',
    additions: marked('+'),
    deletions: marked('-'),
    sha: 'b'.repeat(40),
    patch: ['@@ -1,9 +1,9 @@', ...lines].join('\n'),
    ...more,
  }
}
const binary = (path: string, status: string, sha: string | undefined, more: Partial<ChangedFile> = {}) =>
  file(path, [], { status, sha, patch: undefined, ...more })

const COUNT = ['+function count(loops) {', '+  return loops.length', '+}']
const inverse = (lines: readonly string[]) =>
  lines.map((line) => line.replace(/^[+-]/, (mark) => (mark === '+' ? '-' : '+')))
/** More lines than GitHub tells of: the hunks are cut. */
const cut = (path: string, lines: readonly string[], status = 'modified') =>
  file(path, lines, { status, additions: 900 })

describe('a diff takes back another', () => {
  it.each<[string, ChangedFile[], ChangedFile[]]>([
    ['that it undoes line by line', [file('a.ts', COUNT)], [file('a.ts', inverse(COUNT))]],
    [
      'whose file it removes',
      [file('a.ts', COUNT, { status: 'added' })],
      [file('a.ts', inverse(COUNT), { status: 'removed' })],
    ],
    [
      'of which it takes one line of many',
      [file('a.ts', COUNT)],
      [file('a.ts', ['-  return loops.length', '+  return 0'])],
    ],
    [
      'of whose files it undoes one',
      [file('a.ts', COUNT), file('b.ts', ['+b()'])],
      [file('b.ts', ['-b()']), file('c.ts', ['+c()'])],
    ],
    ['by putting back what it removed', [file('a.ts', ['-old()', '-older()'])], [file('a.ts', ['+older()'])]],
    ['whose lines it undoes with another indentation', [file('a.ts', ['+  b()'])], [file('a.ts', ['-    b()'])]],
    [
      'that moved lines, which it moves back',
      [file('a.ts', ['-b()']), file('b.ts', ['+b()'])],
      [file('a.ts', ['+b()']), file('b.ts', ['-b()'])],
    ],
    [
      'whose file it renames back',
      [file('b.ts', [], { status: 'renamed', from: 'a.ts', patch: undefined })],
      [file('a.ts', [], { status: 'renamed', from: 'b.ts', patch: undefined })],
    ],
    [
      'in a file that both rename',
      [file('b.ts', ['+b()'], { status: 'renamed', from: 'a.ts' })],
      [file('a.ts', ['-b()'], { status: 'renamed', from: 'b.ts' })],
    ],
    ['that took back a third: a revert of a revert', [file('a.ts', inverse(COUNT))], [file('a.ts', COUNT)]],
    [
      'whose binary file it removes',
      [binary('a.png', 'added', 'c'.repeat(40))],
      [binary('a.png', 'removed', 'c'.repeat(40))],
    ],
    [
      'whose removed binary file it brings back',
      [binary('a.png', 'removed', 'c'.repeat(40))],
      [binary('a.png', 'added', 'c'.repeat(40))],
    ],
    [
      'a file of which is not shown, by another',
      [cut('a.ts', COUNT), file('b.ts', ['+b()'])],
      [file('b.ts', ['-b()'])],
    ],
  ])('%s', (_name, other, diff) => {
    expect(takesBack(other, diff)).toBe(true)
  })

  it.each<[string, ChangedFile[], ChangedFile[]]>([
    ['when it touches other files', [file('a.ts', COUNT)], [file('b.ts', inverse(COUNT))]],
    ['when it touches other lines of the file', [file('a.ts', COUNT)], [file('a.ts', ['-other()', '+another()'])]],
    ['when it adds the same lines once more', [file('a.ts', COUNT)], [file('a.ts', COUNT)]],
    [
      'when it takes only brackets and blanks',
      [file('a.ts', [...COUNT, '+', '+})'])],
      [file('a.ts', ['-}', '-', '-})', '-  }', '+new()'])],
    ],
    [
      'when it takes only imports',
      [file('a.ts', ["+import { b } from 'b'", "+const c = require('c')"])],
      [file('a.ts', ["-import { b } from 'b'", "-const c = require('c')"])],
    ],
    [
      'when it takes only words that stand everywhere',
      [file('a.rb', ['+else', '+  return', '+end'])],
      [file('a.rb', ['-else', '-return', '-end'])],
    ],
    ['when it indents the lines', [file('a.ts', ['+b()'])], [file('a.ts', ['-b()', '+  b()'])]],
    ['when it moves the lines within the file', [file('a.ts', ['+b()'])], [file('a.ts', ['-b()', ' c()', '+b()'])]],
    [
      'when it moves the lines to another file',
      [file('a.ts', ['+b()'])],
      [file('a.ts', ['-b()']), file('b.ts', ['+b()'])],
    ],
    [
      'when it brings back what the other only moved',
      [file('a.ts', ['-b()']), file('b.ts', ['+b()'])],
      [file('a.ts', ['+c()'])],
    ],
    ['when its hunks are cut', [file('a.ts', COUNT)], [cut('a.ts', inverse(COUNT))]],
    ['when the hunks of the other are cut', [cut('a.ts', COUNT)], [file('a.ts', inverse(COUNT))]],
    ['when its list lacks the file', [file('a.ts', COUNT)], []],
    ['when the list of the other lacks the file', [], [file('a.ts', inverse(COUNT))]],
    [
      'when it removes another binary file in its place',
      [binary('a.png', 'added', 'c'.repeat(40))],
      [binary('a.png', 'removed', 'd'.repeat(40))],
    ],
    [
      'when it changes the binary file again',
      [binary('a.png', 'modified', 'c'.repeat(40))],
      [binary('a.png', 'modified', 'd'.repeat(40))],
    ],
    ['when GitHub names no blob', [binary('a.png', 'added', undefined)], [binary('a.png', 'removed', undefined)]],
    [
      'when it removes an empty file',
      [binary('a', 'added', 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391')],
      [binary('a', 'removed', 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391')],
    ],
    [
      'when it renames the file to a third name',
      [binary('b.ts', 'renamed', 'c'.repeat(40), { from: 'a.ts' })],
      [binary('c.ts', 'renamed', 'c'.repeat(40), { from: 'b.ts' })],
    ],
  ])('not %s', (_name, other, diff) => {
    expect(takesBack(other, diff)).toBe(false)
  })

  it('whose binary file it makes what it was before', () => {
    const [other, diff] = [[binary('a.png', 'modified', 'c'.repeat(40))], [binary('a.png', 'modified', 'd'.repeat(40))]]
    expect(onlyByBlob(other, diff)).toEqual(['a.png'])
    expect(takesBack(other, diff, new Map([['a.png', 'd'.repeat(40)]]))).toBe(true)
    expect(takesBack(other, diff, new Map([['a.png', 'e'.repeat(40)]]))).toBe(false)
  })
})
