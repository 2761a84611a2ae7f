import { describe, expect, it } from 'vitest'
import { readDiff } from '../../src/domain/git-diff.ts'
import { cpuTimeOf } from '../cpu-time.ts'

const text = (...lines: string[]) => lines.map((line) => `${line}\n`).join('')
const HEAD = ['diff --git a/a.ts b/a.ts', 'index 1234567..89abcde 100644', '--- a/a.ts', '+++ b/a.ts']

describe('the text of a diff', () => {
  it('is read file by file, with what names each, its blob before, and its hunks', () => {
    const read = readDiff(
      text(
        ...HEAD,
        '@@ -1,3 +1,3 @@ function one() {',
        ' one',
        '-two\r',
        '+2\r',
        '',
        '@@ -9 +9,2 @@',
        '-x',
        '+x',
        '+y',
        '\\ No newline at end of file',
        'diff --git "a/na\\303\\257ve \\"x\\".sh" "b/na\\303\\257ve \\"x\\".sh"',
        'old mode 100644',
        'new mode 100755',
        'diff --git a/old name b/new name',
        'similarity index 100%',
        'rename from old name',
        'rename to new name',
        'diff --git a/a.png b/a.png',
        'new file mode 100644',
        'index 0000000..1234567',
        'Binary files /dev/null and b/a.png differ',
      ),
    )
    expect(read).toEqual([
      {
        header: [HEAD[0], 'mode 100644', HEAD[2], HEAD[3]],
        before: '1234567',
        hunks: [
          { at: '-1,3 +1,3', heading: ' function one() {', lines: [' one', '-two\r', '+2\r', ''] },
          { at: '-9 +9,2', heading: '', lines: ['-x', '+x', '+y', '\\ No newline at end of file'] },
        ],
      },
      {
        header: [String.raw`diff --git "a/na\303\257ve \"x\".sh" "b/na\303\257ve \"x\".sh"`, 'old mode 100644', 'new mode 100755'],
        before: undefined,
        hunks: [],
      },
      { header: ['diff --git a/old name b/new name', 'rename from old name', 'rename to new name'], before: undefined, hunks: [] },
      {
        header: ['diff --git a/a.png b/a.png', 'new file mode 100644', 'Binary files /dev/null and b/a.png differ'],
        before: '0000000',
        hunks: [],
      },
    ]) // prettier-ignore
  })

  it('of nothing is no file', () => expect(readDiff('')).toEqual([]))

  it('takes no line of a file for one of its own', () => {
    const hostile = ['diff --git a/b b/b', '@@ -1 +1 @@', '--- a/b', '+++ b/b', 'index 1..2', '\\ No newline']
    const read = readDiff(text(...HEAD, `@@ -0,0 +1,${hostile.length} @@`, ...hostile.map((line) => `+${line}`)))
    expect(read).toMatchObject([{ header: { length: 4 }, hunks: [{ lines: hostile.map((line) => `+${line}`) }] }])
    // A removed line `-- a/b` and an added one `++ b/b`.
    expect(readDiff(text(...HEAD, '@@ -1 +1 @@', '--- a/b', '+++ b/b'))).toMatchObject([{ hunks: [{ lines: ['--- a/b', '+++ b/b'] }] }]) // prettier-ignore
  })

  it.each([
    ['a hunk that is too short', text(...HEAD, '@@ -1,2 +1,2 @@', ' one')],
    ['a hunk that is too long', text(...HEAD, '@@ -1 +1 @@', '-a', '+b', '+c')],
    ['a hunk of another side', text(...HEAD, '@@ -0,0 +1 @@', '-a')],
    ['a file in the middle of a hunk', text(...HEAD, '@@ -1,9 +1,9 @@', ' one', ...HEAD)],
    ['no newline at its end', text(...HEAD, '@@ -1 +1 @@', '-a', '+b').slice(0, -1)],
    ['words before', text('Sorry', ...HEAD)],
    ['words between', text(...HEAD, 'Sorry')],
    ['numbers beyond counting', text(...HEAD, `@@ -1 +1,${'9'.repeat(400)} @@`, '-a')],
  ])('is none with %s', (_name, broken) => expect(readDiff(broken)).toBeUndefined())

  it('is read in linear time', () => {
    const many = 200_000
    const hunk = text(...HEAD, `@@ -0,0 +1,${many} @@`).concat('+@@ -1 +1 @@\n'.repeat(many))
    const files = text(HEAD[0]!, 'new file mode 100644').repeat(many / 2)
    const took = cpuTimeOf(() => {
      expect(readDiff(hunk)).toHaveLength(1)
      expect(readDiff(files)).toHaveLength(many / 2)
      expect(readDiff(`${HEAD[0]}\n`.concat('index '.repeat(many)))).toBeUndefined()
    })
    expect(took).toBeLessThan(3_000)
  })
})
