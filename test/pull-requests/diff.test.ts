import { describe, expect, it } from 'vitest'
import type { ChangedFile } from '../../src/github/changes.ts'
import { diffFiles } from '../../local-github/diff.ts'
import { diffText } from '../../local-github/diff-text.ts'
import { type File, special } from '../../local-github/git.ts'
import { countByFile, readDiff } from '../../src/domain/git-diff.ts'
import { hasChanged, hashDiff, hashLines, isKnown, isOfLines, isSameWork } from '../../src/pull-requests/diff.ts'

type Tree = Record<string, File>

/** What GitHub tells of a change from one tree to another. */
function told(before: Tree, after: Tree) {
  const changes = diffFiles(new Map(Object.entries(before)), new Map(Object.entries(after)))
  const files = changes.map(({ path, previousPath: from, status, additions, deletions, sha, patch }): ChangedFile => ({
    path,
    from,
    status,
    additions,
    deletions,
    sha,
    patch: patch === '' ? undefined : patch,
  }))
  return { text: diffText(changes), files, isCut: false, changedFiles: changes.length }
}

const pull = { base: { branch: 'main', sha: 'a'.repeat(40) }, headSha: 'c'.repeat(40) }
const hashOf = ({ text, ...all }: ReturnType<typeof told>, base = pull.base) =>
  hashDiff({ ...pull, base, changedFiles: all.changedFiles }, text, all)
/** The hash in the form without a list of files; in the other where there is no such hash. */
const lineHashOf = (all: ReturnType<typeof told>, base = pull.base) =>
  hashLines({ ...pull, base, changedFiles: all.changedFiles, lines: lineCount(all) }, all.text)
const lineCount = ({ files }: ReturnType<typeof told>) =>
  files.reduce((sum, { additions, deletions }) => sum + additions + deletions, 0)
const FORMS = {
  blobs: (before: Tree, after: Tree) => hashOf(told(before, after)),
  lines: (before: Tree, after: Tree) => lineHashOf(told(before, after)) ?? hashOf(told(before, after)),
}

const lines = (...all: string[]) => `${all.join('\n')}\n`
const filler = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, n) => `  line ${from + n}`).join('\n')
/** Two functions with the same body. */
const two = (one: string, other: string) =>
  lines('function one() {', '  a()', '  b()', one, '  c()', '}', '', filler(1, 9), '', 'function two() {', '  a()', '  b()', other, '  c()', '}') // prettier-ignore
const link = (to: string) => special({ mode: '120000', content: to })
const script = (text: string) => special({ mode: '100755', content: text })
const module = (digit: string) => special({ mode: '160000', content: digit.repeat(40) })

const NEW = 'export const n = 1\n'
const LONG = lines(filler(1, 40))
const edited = (...at: number[]) => at.reduce((text, n) => text.replace(`  line ${n}\n`, `  line ${n} mended\n`), LONG)

describe.each(Object.entries(FORMS))('the hash of a diff, of its %s', (_form, hash) => {
  it.each<[string, [Tree, Tree], [Tree, Tree]]>([
    ['a rebase on other files', [{}, { 'a.ts': NEW }], [{ 'b.ts': NEW }, { 'b.ts': NEW, 'a.ts': NEW }]],
    [
      'a rebase over lines of the file further up',
      [{ a: LONG }, { a: edited(30) }],
      [{ a: edited(1) }, { a: edited(1, 30) }],
    ],
    [
      'a rebase that moves a change down',
      [{ a: LONG }, { a: edited(30) }],
      [{ a: `  new\n${LONG}` }, { a: `  new\n${edited(30)}` }],
    ],
    ['a file that goes, rebased', [{ a: NEW, b: 'x' }, { b: 'x' }], [{ a: NEW, b: 'y' }, { b: 'y' }]],
    [
      'a submodule on another base',
      [{ lib: module('1') }, { lib: module('2') }],
      [
        { lib: module('1'), b: 'x' },
        { lib: module('2'), b: 'x' },
      ],
    ],
  ])('is of the same work after %s', (_name, one, other) => {
    // prettier-ignore
    expect(isSameWork(hash(...one), hash(...other))).toBe(true)
  })

  const mended = '  mended()'
  it.each<[string, [Tree, Tree], [Tree, Tree]]>([
    [
      'the same line in another function',
      [{ a: two('', '') }, { a: two(mended, '') }],
      [{ a: two('', '') }, { a: two('', mended) }],
    ],
    [
      'the same line in another function, on another base',
      [{ a: two('', '') }, { a: two(mended, '') }],
      [{ a: `\n${two('', '')}` }, { a: `\n${two('', mended)}` }],
    ],
    [
      'the same line in another place of one function',
      [{ a: LONG }, { a: LONG.replace('  line 9\n', '  x\n  line 9\n') }],
      [{ a: LONG }, { a: LONG.replace('  line 7\n', '  x\n  line 7\n') }],
    ],
    ['another line', [{}, { a: NEW }], [{}, { a: 'export const n = 2\n' }]],
    ['a line more', [{}, { a: NEW }], [{}, { a: `${NEW}${NEW}` }]],
    ['a line that goes for one that comes', [{ a: NEW }, { a: '' }], [{ a: '' }, { a: NEW }]],
    ['another file', [{}, { 'a.ts': NEW }], [{}, { 'b.ts': NEW }]],
    ['a file more', [{}, { a: NEW }], [{}, { a: NEW, b: NEW }]],
    [
      'white space alone',
      [{ a: 'if x:\n  y\nz\n' }, { a: 'if x:\n  y\n  z\n' }],
      [{ a: 'if x:\n  y\nz\n' }, { a: 'if x:\n  y\n    z\n' }],
    ],
    ['line ends alone', [{}, { a: 'x\ny\n' }], [{}, { a: 'x\r\ny\r\n' }]],
    ['the last newline alone', [{}, { a: 'x\n' }], [{}, { a: 'x' }]],
    ['the mode of a new file', [{}, { a: NEW }], [{}, { a: script(NEW) }]],
    ['a mode beside the same lines', [{ a: LONG }, { a: edited(9) }], [{ a: LONG }, { a: script(edited(9)) }]],
    ['the mode before', [{ a: LONG }, { a: edited(9) }], [{ a: script(LONG) }, { a: script(edited(9)) }]],
    [
      'a mode alone',
      [
        { a: NEW, b: NEW },
        { a: script(NEW), b: NEW },
      ],
      [
        { a: NEW, b: NEW },
        { a: NEW, b: script(NEW) },
      ],
    ],
    ['a link for a file of the same text', [{}, { a: '/etc/passwd' }], [{}, { a: link('/etc/passwd') }]],
    ['a link that takes a file’s place', [{ a: 'x' }, { a: 'y' }], [{ a: 'x' }, { a: link('y') }]],
    ['another link', [{}, { a: link('x') }], [{}, { a: link('y') }]],
    [
      'another submodule commit',
      [{ lib: module('1') }, { lib: module('2') }],
      [{ lib: module('1') }, { lib: module('3') }],
    ],
    ['another name', [{ a: NEW }, { b: NEW }], [{ a: NEW }, { c: NEW }]],
    ['a rename for a copy', [{ a: NEW }, { b: NEW }], [{ a: NEW }, { a: NEW, b: NEW }]],
    ['a binary file', [{ a: '\0one' }, { a: '\0two' }], [{ a: '\0one' }, { a: '\0six' }]],
    ['a binary file from another one', [{ a: '\0one' }, { a: '\0two' }], [{ a: '\0six' }, { a: '\0two' }]],
    [
      'bytes that are no text',
      [{ b: '1' }, { a: 'caf\uFFFD', b: '1' }],
      [{ b: '2' }, { a: 'caf\uFFFD and more', b: '2' }],
    ],
    [
      '31 lines that another base brings under the same head',
      [{ a: lines(filler(1, 31)) }, { a: `${lines(filler(1, 31))}x\n` }],
      [{}, { a: `${lines(filler(1, 31))}x\n` }],
    ],
    ['files that another base brings under the same head', [{ b: NEW }, { a: NEW, b: NEW }], [{}, { a: NEW, b: NEW }]],
  ])('is of other work for %s', (_name, one, other) => {
    // prettier-ignore
    expect(isSameWork(hash(...one), hash(...one))).toBe(true)
    expect(isSameWork(hash(...one), hash(...other))).toBe(false)
    expect(isSameWork(hash(...other), hash(...one))).toBe(false)
  })
})

describe('the hash of a diff', () => {
  it('counts what different bytes may hide behind, and no other file that it shows', () => {
    const bytes = (text: string, sha: string) => {
      const all = told({}, { a: text })
      return { ...all, files: all.files.map((file) => ({ ...file, sha: sha.repeat(40) })) }
    }
    expect(isSameWork(hashOf(bytes('caf\uFFFD', '1')), hashOf(bytes('caf\uFFFD', '2')))).toBe(false)
  })

  const whole = told({ b: NEW }, { a: NEW, b: script(NEW) })
  it.each([
    ['GitHub gives no diff', { ...whole, text: undefined }],
    ['the list of files is cut', { ...whole, isCut: true }],
    ['GitHub tells of more files', { ...whole, changedFiles: 3 }],
    ['GitHub does not tell of how many', { ...whole, changedFiles: undefined }],
    ['the diff has fewer files', { ...whole, text: told({}, { a: NEW }).text }],
    ['the list has fewer files', { ...whole, files: whole.files.slice(1) }],
    ['a blob is not named', { ...whole, files: whole.files.map((file) => ({ ...file, sha: undefined })) }],
    ['the diff breaks off', { ...whole, text: whole.text.slice(0, 60) }],
    ['the diff is none', { ...whole, text: 'Sorry, this diff is unavailable.\n' }],
  ])('is unknown where %s, and then not even itself', (_name, { text, ...all }) => {
    const unknown = hashDiff({ ...pull, changedFiles: all.changedFiles }, text, all)
    expect(isKnown(unknown)).toBe(false)
    expect(isSameWork(unknown, unknown)).toBe(false)
    expect(unknown).toMatch(/^v2\.[0-9a-f]{40}\.unknown$/)
  })

  it('has the numbers of lines where each file shows its lines, and no other form is the same', () => {
    const all = told({ b: NEW, c: NEW }, { a: script(NEW), b: LONG, d: NEW })
    expect(lineHashOf(all)).toMatch(/^v3(\.[0-9a-f]{40}){4}$/)
    expect(isOfLines(lineHashOf(all)!)).toBe(true)
    expect(isSameWork(lineHashOf(all)!, hashOf(all))).toBe(false)
    expect(isSameWork(hashOf(all), lineHashOf(all)!)).toBe(false)
  })

  const shown = told({ b: LONG }, { a: NEW, b: edited(9) })
  it.each([
    ['a file has no lines', told({ a: '\0one' }, { a: '\0two', b: NEW })],
    ['a file is empty', told({}, { a: '', b: NEW })],
    ['bytes are no text', told({}, { a: 'caf\uFFFD' })],
    ['GitHub gives no diff', { ...shown, text: undefined }],
    ['GitHub counts more files', { ...shown, changedFiles: 3 }],
    [
      'GitHub counts more lines: the diff has a base of its own',
      { ...shown, files: [...shown.files, shown.files[0]!] },
    ],
    ['the diff breaks off', { ...shown, text: shown.text.slice(0, -9) }],
  ])('has no numbers of lines where %s', (_name, all) => {
    const { changedFiles, text } = all
    expect(hashLines({ ...pull, changedFiles, lines: lineCount({ ...shown, ...all, text: '' }) }, text)).toBeUndefined()
  })

  it('with the numbers of lines has the same blobs before, however many digits git shows of their names', () => {
    const longer = (all: ReturnType<typeof told>) => ({ ...all, text: all.text.replace(/^(index \w{7})/gm, '$1abc') })
    const alike = Array<string>(40).fill('  line')
    const addedAt = (n: number) => told({ a: lines(...alike) }, { a: lines(...alike.toSpliced(n, 0, '  x')) })
    expect(longer(addedAt(9)).text).not.toBe(addedAt(9).text)
    expect(lineHashOf(longer(addedAt(9)))).toBe(lineHashOf(addedAt(9)))
    // The same line between the same lines, in another place of the same file.
    expect(isSameWork(lineHashOf(addedAt(9))!, lineHashOf(longer(addedAt(19)))!)).toBe(false)
  })

  it('knows the lines of each file as GitHub counts them, whatever its name', () => {
    const names = ['a b.ts', 'ümlaut/ß.md', 'quo"te.py', 'back\\slash', 'tab\there', 'b/a/--- x', 'plain.go']
    const trees: [Tree, Tree][] = [
      [{}, Object.fromEntries(names.map((name) => [name, LONG]))],
      [Object.fromEntries(names.map((name) => [name, LONG])), Object.fromEntries(names.map((name, n) => [name, edited(n + 1)]))], // prettier-ignore
      [Object.fromEntries(names.map((name) => [name, NEW])), {}],
    ]
    for (const [before, after] of trees) {
      const { text, files } = told(before, after)
      const counted = files.map(({ path, additions, deletions }) => ({ path, additions, deletions }))
      expect(countByFile(readDiff(text)!)).toEqual(counted)
    }
  })

  it('of before, 64 digits, is the same as none', () => {
    const old = 'f'.repeat(64)
    expect(isSameWork(old, old)).toBe(false)
    expect(isSameWork(old, hashOf(whole))).toBe(false)
  })
})

describe('work that was judged', () => {
  const all = told({ b: NEW }, { a: NEW, b: NEW })
  const other = { branch: 'other', sha: 'b'.repeat(40) }
  const judged = { head: pull.headSha, diff: hashOf(all) }
  const old = { head: pull.headSha, diff: 'f'.repeat(64) }
  const now = async () => hashOf(told({}, { a: NEW, b: NEW }), other)
  const never = () => Promise.reject(new Error('asked'))

  it('has not changed under the same head on the same base, which costs no question', async () => {
    expect(await hasChanged(judged, pull, never)).toBe(false)
    expect(await hasChanged({ ...judged, diff: hashDiff({ ...pull, changedFiles: 1 }, undefined, all) }, pull, never)).toBe(false) // prettier-ignore
    expect(await hasChanged(old, { ...pull, base: other }, never)).toBe(false)
    expect(await hasChanged({ ...judged, diff: lineHashOf(all)! }, pull, never)).toBe(false)
  })

  it('has changed where another base brings other lines under the same head', async () => {
    expect(await hasChanged(judged, { ...pull, base: other }, now)).toBe(true)
    expect(await hasChanged(judged, { ...pull, base: other }, async () => hashOf(all, other))).toBe(false)
  })

  it('is compared in the form in which it was judged', async () => {
    const forms = [hashOf(all), lineHashOf(all)!]
    const now = async (like: string) => forms.find((form) => form.slice(0, 2) === like.slice(0, 2))!
    for (const diff of forms) expect(await hasChanged({ ...judged, diff }, { ...pull, base: other }, now)).toBe(false)
  })

  it('has changed where nobody can tell', async () => {
    const moved = { ...pull, headSha: 'd'.repeat(40) }
    expect(await hasChanged(old, moved, async () => hashOf(all))).toBe(true)
    expect(await hasChanged(judged, moved, async () => hashDiff({ ...pull, changedFiles: 1 }, undefined, all))).toBe(true) // prettier-ignore
  })
})
