import { describe, expect, test } from 'vitest'
import { type SuggestingComment, suggestedLines, suggestersOf } from '../../src/domain/suggestions.ts'

const fence = (lines: string, mark = '```', info = 'suggestion') => `${mark}${info}\n${lines}\n${mark}`

describe('the lines that a text suggests', () => {
  test.each([
    { name: 'in a fence', text: fence('a\nb'), lines: ['a', 'b'] },
    { name: 'among words, twice', text: `So:\n${fence('a')}\nor\n${fence('b')}`, lines: ['a', 'b'] },
    { name: 'of CRLF', text: fence('a\nb').replaceAll('\n', '\r\n'), lines: ['a', 'b'] },
    { name: 'in a longer fence, with one in it', text: fence('```js\na\n```', '````'), lines: ['```js', 'a', '```'] },
    { name: 'in a fence of tildes', text: fence('```\na', '~~~'), lines: ['```', 'a'] },
    { name: 'in a fence that is closed by a longer one', text: '```suggestion\na\n`````\nb', lines: ['a'] },
    { name: 'in an indented fence', text: '  ```suggestion\n    a\n b\n  ```', lines: ['  a', 'b'] },
    { name: 'in a fence that is never closed', text: '```suggestion\na', lines: ['a'] },
    { name: 'nothing in its place', text: '```suggestion\n```', lines: [] },
    { name: 'an empty line', text: fence(''), lines: [''] },
  ])('are $name', ({ text, lines }) => {
    expect(suggestedLines(text)).toEqual(lines)
  })

  test.each([
    { name: 'in a fence of another language', text: fence('a', '```', 'js') },
    { name: 'in a fence within another', text: fence(fence('a'), '````', 'md') },
    { name: 'in a fence of a language that begins so', text: fence('a', '```', 'suggestions') },
    { name: 'in the words', text: 'suggestion\na' },
    { name: 'in code', text: '    ```suggestion\n    a' },
    { name: 'between marks on one line', text: '```suggestion``` a' },
  ])('are not what stands $name', ({ text }) => {
    expect(suggestedLines(text)).toEqual([])
  })
})

describe('an accepted suggestion', () => {
  const comment = (about: Partial<SuggestingComment> = {}): SuggestingComment => ({
    by: 3,
    path: 'a',
    texts: [fence('new')],
    hunk: '@@ -1,3 +1,3 @@\n one\n-gone\n+old',
    lines: 1,
    ...about,
  })
  const modified = (patch: string, path = 'a') => ({ path, status: 'modified', patch })
  const PATCH = '@@ -1,3 +1,3 @@\n one\n-old\n+new\n three'

  test.each([
    { name: 'one line', files: [modified(PATCH)], comments: [comment()], by: [3] },
    {
      name: 'lines of which some stay',
      files: [modified('@@ -1,3 +1,4 @@\n one\n-old\n+new\n+more\n three')],
      comments: [comment({ texts: [fence('one\nnew\nmore')], lines: 2 })],
      by: [3],
    },
    {
      name: 'a batch of two people’s, in two files',
      files: [modified(PATCH), modified(PATCH.replace('new', 'neu'), 'b')],
      comments: [comment(), comment({ by: 4, path: 'b', texts: [fence('neu')] }), comment({ by: 5, path: 'c' })],
      by: [3, 4],
    },
    {
      name: 'two on the same file',
      files: [modified('@@ -1,2 +1,2 @@\n-one\n-old\n+eins\n+new')],
      comments: [comment(), comment({ texts: [fence('eins')], hunk: '@@ -1,3 +1,3 @@\n one' })],
      by: [3],
    },
    {
      name: 'lines of CRLF, in the file or the comment',
      files: [modified('@@ -1,3 +1,3 @@\n one\r\n-old\r\n+new\r\n three\r')],
      comments: [comment({ texts: [fence('new').replaceAll('\n', '\r\n')] })],
      by: [3],
    },
    {
      name: 'of tildes',
      files: [modified(PATCH)],
      comments: [comment({ texts: [fence('new', '~~~')] })],
      by: [3],
    },
    {
      name: 'an earlier text of an edited comment',
      files: [modified(PATCH)],
      comments: [comment({ texts: [fence('new'), fence('newer')] })],
      by: [3],
    },
    {
      name: 'a deletion',
      files: [modified('@@ -1,3 +1,2 @@\n one\n-old\n three')],
      comments: [comment({ texts: ['```suggestion\n```'] })],
      by: [3],
    },
    {
      name: 'the last line, without its newline',
      files: [
        modified('@@ -1,2 +1,2 @@\n one\n-old\n\\ No newline at end of file\n+new\n\\ No newline at end of file'),
      ],
      comments: [comment()],
      by: [3],
    },
  ])('is by who suggested it: $name', ({ files, comments, by }) => {
    expect([...(suggestersOf(files, comments) ?? [])].toSorted((a, b) => a - b)).toEqual(by)
  })

  test.each([
    { name: 'nobody suggested anything', files: [modified(PATCH)], comments: [] },
    { name: 'one line more is added', files: [modified('@@ -1,1 +1,2 @@\n-old\n+new\n+mine')], comments: [comment()] },
    { name: 'a line is added twice', files: [modified('@@ -1,1 +1,2 @@\n-old\n+new\n+new')], comments: [comment()] },
    { name: 'another line is removed', files: [modified('@@ -1,2 +1,1 @@\n-one\n-old\n+new')], comments: [comment()] },
    { name: 'it is about another file', files: [modified(PATCH)], comments: [comment({ path: 'b' })] },
    { name: 'another file is changed too', files: [modified(PATCH), modified(PATCH, 'b')], comments: [comment()] },
    { name: 'the text is another now', files: [modified(PATCH)], comments: [comment({ texts: [fence('newer')] })] },
    { name: 'it is no suggestion', files: [modified(PATCH)], comments: [comment({ texts: ['new'] })] },
    { name: 'a file is added', files: [{ ...modified(PATCH), status: 'added' }], comments: [comment()] },
    { name: 'a file is renamed', files: [{ ...modified(PATCH), status: 'renamed' }], comments: [comment()] },
    { name: 'a file is not shown', files: [{ ...modified(''), patch: undefined }], comments: [comment()] },
    { name: 'a patch is cut off', files: [modified('@@ -1,3 +1,3 @@\n one\n-old\n+new')], comments: [comment()] },
    { name: 'nothing is changed', files: [], comments: [comment()] },
  ])('is none where $name', ({ files, comments }) => {
    expect(suggestersOf(files, comments)).toBeUndefined()
  })
})
