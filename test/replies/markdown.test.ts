import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { oneLine } from '../../src/domain/text.ts'
import { login, quote } from '../../src/replies/markdown.ts'
import { nodesOf, valuesOf } from './render.ts'

const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom(
        '`',
        '``',
        '```',
        '@everyone',
        '#1',
        '\n',
        '\r\n\r\n',
        '<script>',
        '<!--',
        '-->',
        '[a](b)',
        '![x](y)',
        '\\',
        '\u202e',
        '\u2028',
        '> ',
        '    ',
        ' ',
        '~~~',
        '|',
        '$',
        '&lt;',
        '\0',
        '\ud800',
      ),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''))

describe('text of other people in a reply', () => {
  test('is exactly one code span, wherever it stands', () => {
    fc.assert(
      fc.property(
        hostile,
        fc.constantFrom('', 'Before ', '- ', '**bold** ', '<sub>'),
        fc.constantFrom('', ' after', '.', '</sub>'),
        (text, before, after) => {
          const nodes = nodesOf(`${before}${quote(text)}${after}`)
          const spans = nodes.filter((node) => node.type === 'inlineCode')
          expect(spans).toHaveLength(1)
          expect(nodes.filter((node) => ['code', 'link', 'image', 'blockquote', 'break'].includes(node.type))).toEqual(
            [],
          )
          const line = oneLine(text)
          const shown = Array.from(line).length <= 200 ? line : `${Array.from(line).slice(0, 199).join('')}…`
          expect(spans[0]!.value.trim()).toBe(shown)
        },
      ),
      { numRuns: 2000 },
    )
  })

  test('two of them stay two', () => {
    fc.assert(
      fc.property(hostile, hostile, (a, b) => {
        expect(valuesOf(`${quote(a)} and ${quote(b)}`, 'inlineCode')).toHaveLength(2)
      }),
    )
  })

  test.each([
    { name: 'plain', text: 'w-0123456789', quoted: '`w-0123456789`' },
    { name: 'nothing', text: '', quoted: '` `' },
    { name: 'blanks', text: ' \n ', quoted: '` `' },
    { name: 'a mention', text: '@acme/team', quoted: '`@acme/team`' },
    { name: 'one backtick', text: '`', quoted: '`` ` ``' },
    { name: 'a span within', text: 'a `b` c', quoted: '`` a `b` c ``' },
    { name: 'a fence', text: '```sh\nrm\n```', quoted: '```` ```sh rm ``` ````' },
    { name: 'an override', text: 'a\u202eb', quoted: '`a b`' },
  ])('is quoted: $name', ({ text, quoted }) => {
    expect(quote(text)).toBe(quoted)
  })

  test('is 200 characters at most, a login 100', () => {
    expect(quote('x'.repeat(300))).toBe(`\`${'x'.repeat(199)}…\``)
    expect(login('x'.repeat(300))).toBe(`\`${'x'.repeat(99)}…\``)
  })
})
