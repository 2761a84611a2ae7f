import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LEFT_OUT } from '../../src/domain/markdown.ts'
import { plainLines } from '../../src/ops/text-reader.ts'

const SAID = /^!/
const said = (markdown: string) => plainLines(markdown, SAID)

describe('the lines that an author says in plain text', () => {
  test.each([
    { name: 'alone', markdown: '!x' },
    { name: 'indented less than code', markdown: '   !x  ' },
    { name: 'after CRLF', markdown: 'hello\r\n!x\r\nbye' },
    { name: 'after a lone CR', markdown: 'hello\r!x' },
    { name: 'in a paragraph of a list item', markdown: '- hello\n  !x' },
    { name: 'after a quote and an empty line', markdown: '> hello\n\n!x' },
    { name: 'after a fence', markdown: '```\ncode\n```\n!x' },
    { name: 'after a comment', markdown: '<!-- a\nb -->\n!x' },
    { name: 'within details', markdown: '<details>\n\n!x\n\n</details>' },
    { name: 'between two unpaired backticks of other paragraphs', markdown: 'a `\n\n!x\n\n` b' },
    { name: 'after code in HTML', markdown: 'see <code>y</code>\n!x' },
    { name: 'after HTML code that only a comment names', markdown: '<!-- <code> -->\n\n!x' },
  ])('are found $name', async ({ markdown }) => {
    expect(await said(markdown)).toEqual(['!x'])
  })

  test.each([
    { name: 'a fence', markdown: '```\n!x\n```' },
    { name: 'a fence of tildes', markdown: '~~~ sh\n!x\n~~~' },
    { name: 'a fence that is never closed', markdown: '```\n!x' },
    { name: 'a fence within a list', markdown: '- a\n  ```\n  !x\n  ```' },
    { name: 'indented code', markdown: 'a\n\n    !x' },
    { name: 'code behind a heading', markdown: 'a\n=\n    !x' },
    { name: 'inline code', markdown: '`!x`' },
    { name: 'inline code over lines', markdown: 'a `b\n!x\nc` d' },
    { name: 'a quote', markdown: '> !x' },
    { name: 'a quote that goes on without its mark', markdown: '> hello\n!x' },
    { name: 'a quote in a list', markdown: '- > hello\n  > !x' },
    { name: 'an e-mail reply', markdown: 'Agreed.\n\nOn Monday Bob wrote:\n> !x\n> more' },
    { name: 'a comment', markdown: '<!--\n!x\n-->' },
    { name: 'a comment in a sentence', markdown: 'hello <!--\n!x\n--> you' },
    { name: 'a comment that is never closed', markdown: '<!--\n\n!x' },
    { name: 'a link’s text', markdown: 'a [b\n!x](https://example.com) c' },
    { name: 'a reference link’s text', markdown: 'a [b\n!x][r] c\n\n[r]: https://example.com' },
    { name: 'an image’s text', markdown: 'a ![b\n!x](y.png) c' },
    { name: 'a link’s title', markdown: 'a [b](c "\n!x\n") d' },
    { name: 'a definition’s title', markdown: '[a]: b "\n!x\n"' },
    { name: 'an HTML attribute', markdown: 'a <b title="\n!x\n">c</b>' },
    { name: 'an HTML block', markdown: '<div>\n!x\n</div>' },
    { name: 'HTML code on one line', markdown: '<code>!x</code>' },
    { name: 'HTML code over lines', markdown: 'a <code>\n!x\n</code>' },
    { name: 'an HTML quote with empty lines', markdown: '<blockquote>\n\n!x\n\n</blockquote>' },
    { name: 'HTML code within an HTML quote', markdown: '<BLOCKQUOTE>\n\n<code>a</code>\n\n!x\n\n</BLOCKQUOTE>' },
    { name: 'an HTML quote that is never closed', markdown: '<blockquote>\n\n!x' },
    { name: 'a line that begins with inline code', markdown: '`a` !x' },
    { name: 'a line that begins with a link', markdown: '[a](b) !x' },
    { name: 'a line that begins with a tag', markdown: '<b>!x</b>' },
  ])('are not those of $name', async ({ markdown }) => {
    expect(await said(markdown)).toEqual([])
  })

  test('show where something was left out', async () => {
    expect(await said('!x `code` and [link](y) <!-- z -->')).toEqual([`!x ${LEFT_OUT} and ${LEFT_OUT} ${LEFT_OUT}`])
  })
})

describe('a text made to hold the parser', () => {
  const size = 65_536

  test('holds up neither the process nor a short text that comes after it', async () => {
    const hostile = ['> - ', '> ', '1. ', 'a\n=\n', '[a](', '- a\n'].map((unit) =>
      said(`${unit.repeat(size / unit.length)}\n\n!x`),
    )
    let worst = 0
    let last = performance.now()
    const beat = setInterval(() => {
      worst = Math.max(worst, performance.now() - last)
      last = performance.now()
    }, 5)
    const order: string[] = []
    void Promise.all(hostile).then(() => order.push('hostile'))
    expect(await said(`${'a b\n\n'.repeat(200)}!y`)).toEqual(['!y'])
    order.push('honest')
    for (const lines of await Promise.all(hostile)) expect(lines ?? ['!x']).toEqual(['!x'])
    clearInterval(beat)
    expect(order[0]).toBe('honest')
    // Before, each held it for seconds; a loaded machine takes its part of this.
    expect(worst).toBeLessThan(1000)
  })

  test('is told from one that says nothing, and stays so', async () => {
    const text = `${'> - '.repeat(size / 4)}\n\n!x`
    expect(await said(text)).toBeUndefined()
    expect(await said(text)).toBeUndefined()
    expect(await said(`${'a\n\n'.repeat(400)}!x`)).toEqual(['!x'])
  })

  test.each([
    { name: 'nested lists', unit: '+ ' },
    { name: 'nested quotes and lists', unit: '> - ' },
    { name: 'headings underlined', unit: 'a\n=\n' },
    { name: 'emphasis', unit: 'a*' },
    { name: 'brackets', unit: '[' },
  ])('of $name is read or given up in time, never read as empty', async ({ unit }) => {
    const before = performance.now()
    const lines = await said(`${unit.repeat(size / unit.length)}\n\n!x`)
    expect(performance.now() - before).toBeLessThan(8000)
    expect(lines ?? ['!x']).toEqual(['!x'])
  })

  test('is not even parsed when no line of it begins as asked', async () => {
    const before = performance.now()
    expect(await said('+ '.repeat(size / 2))).toEqual([])
    expect(performance.now() - before).toBeLessThan(200)
  })
})

test('lines found are lines of the text, trimmed and in order', async () => {
  const part = fc.constantFrom(
    '!a',
    '!b',
    '\n',
    '\r\n',
    '> ',
    '    ',
    '```',
    '`',
    '<!--',
    '-->',
    '- ',
    '[',
    '](u)',
    '\\',
    '<b>',
    '\t',
    '# ',
    '|',
  )
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 40 }), async (parts) => {
      const markdown = parts.join('')
      const raw = markdown.split(/\r\n?|\n/).map((line) => line.trim())
      let at = 0
      for (const line of (await said(markdown))!.filter((one) => !one.includes(LEFT_OUT))) {
        at = raw.indexOf(line, at) + 1
        expect(at).toBeGreaterThan(0)
      }
    }),
    { numRuns: 1000 },
  )
})
