import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mayHaveNames, readNames } from '../../src/domain/named-lines.ts'
import { readReferences } from '../../src/pull-requests/references.ts'

const ID = 'w-0123456789'
const fromLabels = (...labels: string[]) => readReferences({ labels, body: '' })
const fromBody = (body: string) => readReferences({ labels: [], body })

describe('a label', () => {
  test.each([
    { name: 'with the prefix', label: `wl:${ID}`, wanted: ID, certain: true },
    { name: 'with the prefix in capitals', label: 'WL:W-0123456789', wanted: ID, certain: true },
    { name: 'with a blank after the prefix', label: `wl: ${ID}`, wanted: ID, certain: true },
    { name: 'bare', label: ID, wanted: ID, certain: true },
    { name: 'bare in capitals', label: 'W-ABCDEF0123', wanted: 'w-abcdef0123', certain: true },
    { name: 'of a foreign id, with the prefix', label: 'wl:w-com-001', wanted: 'w-com-001', certain: true },
    { name: 'of a foreign id, bare', label: 'w-com-001', wanted: 'w-com-001', certain: false },
    { name: 'of the repository’s own', label: 'w-waiting', wanted: 'w-waiting', certain: false },
  ])('names an item: $name', async ({ label, wanted, certain }) => {
    expect(await fromLabels('bug', label)).toEqual({
      items: [{ wanted, label, certain }],
      malformed: [],
      unread: false,
    })
  })

  test.each(['bug', 'wanted', 'w', 'w-', 'wl', 'window-w-0123456789', 'c-0123456789abcdef'])(
    'is none of ours: %s',
    async (label) => {
      expect(await fromLabels(label)).toEqual({ items: [], malformed: [], unread: false })
    },
  )

  test.each(['wl:', 'wl:0123456789', 'wl:w_0123456789', `wl:${ID} urgent`, 'wl:w-0123<b>'])(
    'was meant and is malformed: %s',
    async (label) => {
      expect(await fromLabels(label, label)).toEqual({ items: [], malformed: [label], unread: false })
    },
  )
})

describe('a line of the body', () => {
  test.each([
    { name: 'as it should be', body: `Wanted: ${ID}` },
    { name: 'in capitals', body: 'WANTED: W-0123456789' },
    { name: 'among others, with CRLF', body: `Fixes things.\r\n\r\nWanted: ${ID}\r\nThanks` },
    { name: 'before prose', body: `Wanted: ${ID}, as agreed` },
    { name: 'at the end of a sentence', body: `Wanted: ${ID}.` },
    { name: 'without a blank', body: `wanted:${ID}` },
    { name: 'beside a template’s comment', body: `Wanted: <!-- its id --> ${ID}` },
    { name: 'before a template’s comment', body: `Wanted: ${ID}<!-- its id -->` },
    { name: 'its id in inline code', body: `Wanted: \`${ID}\`` },
    { name: 'its label in inline code', body: `Wanted: \`wl:${ID}\`` },
    { name: 'its id a link', body: `Wanted: [${ID}](https://example.com)` },
    { name: 'its id a link in brackets', body: `Wanted: [${ID}][a]\n\n[a]: https://example.com` },
    { name: 'the word a link', body: `[Wanted](https://example.com): ${ID}` },
    { name: 'bold', body: `**Wanted:** ${ID}` },
    { name: 'bold as a whole', body: `**Wanted: ${ID}**` },
    { name: 'in italics', body: `_Wanted_: _${ID}_` },
    { name: 'underlined bold', body: `__Wanted__: ${ID}` },
    { name: 'a list item', body: `- Wanted: ${ID}` },
    { name: 'a nested, numbered one', body: `- Done:\n  1. **Wanted**: \`${ID}\`` },
    { name: 'a ticked task', body: `- [x] Wanted: ${ID}` },
    { name: 'in brackets', body: `Wanted: (${ID})` },
    { name: 'in quotation marks', body: `Wanted: "${ID}"` },
    { name: 'as the label is called', body: `Wanted: wl:${ID}` },
    { name: 'without a colon', body: `Wanted ${ID}` },
    { name: 'with a blank before the colon', body: `Wanted : ${ID}` },
    { name: 'with an equals sign', body: `Wanted=${ID}` },
    { name: 'with full-width signs', body: `Ｗａｎｔｅｄ：${ID}` },
    { name: 'with a dash', body: `Wanted - ${ID}` },
    { name: 'as an item', body: `Wanted item: ${ID}` },
    { name: 'as an item’s id', body: `Wanted id ${ID}` },
    { name: 'with a word between', body: `Wanted: item ${ID}` },
    { name: 'a heading', body: `## Wanted: ${ID}` },
    { name: 'beneath a heading', body: `## Wanted\n${ID}` },
    { name: 'beneath a bold heading with an emoji', body: `## 🎯 **Wanted item:**\n\n<!-- its id -->\n\n- \`${ID}\`` },
    { name: 'beneath an underlined heading', body: `Wanted\n------\n\n${ID}\n\nThanks` },
    { name: 'on the next line', body: `Wanted:\n${ID}` },
    { name: 'after an emoji', body: `🎯 Wanted: ${ID}` },
    { name: 'fixes it', body: `Fixes ${ID}` },
    { name: 'fixed it, with a colon', body: `fixed: \`${ID}\`.` },
    { name: 'closes it in a sentence', body: `This PR closes ${ID} for good.` },
    { name: 'implements it', body: `- **Implements** ${ID}` },
    { name: 'the command', body: `/wl claim ${ID}` },
    { name: 'behind what is struck out', body: `~~Wanted: w-9876543210~~ Wanted: ${ID}` },
    { name: 'another struck out before it', body: `Wanted: ~~w-9876543210~~ ${ID}` },
    { name: 'below a line that is struck out', body: `~~Wanted: w-9876543210~~\nWanted: ${ID}` },
    { name: 'beside signs that strike nothing out', body: `~ Wanted: ${ID} ~ in ~5 hours` },
    ...['\u200b', '\u200e', '\u200f', '\u2060', '\ufeff', '\u00ad'].flatMap((sign) => [
      { name: `behind an invisible ${sign.codePointAt(0)!.toString(16)}`, body: `Wanted: ${sign}${ID}` },
      {
        name: `begun by an invisible ${sign.codePointAt(0)!.toString(16)}`,
        body: `${sign}Wanted:${sign} ${ID}${sign}`,
      },
    ]),
  ])('names an item: $name', async ({ body }) => {
    expect(await fromBody(body)).toEqual({
      items: [{ wanted: ID, label: undefined, certain: true }],
      malformed: [],
      unread: false,
    })
  })

  test.each([
    { name: 'a fence', body: `\`\`\`\nWanted: ${ID}\n\`\`\`` },
    { name: 'inline code', body: `\`Wanted: ${ID}\`` },
    { name: 'behind inline code', body: `\`a\` Wanted: ${ID}` },
    { name: 'a quote', body: `> Wanted: ${ID}` },
    { name: 'a comment', body: `<!--\nWanted: ${ID}\n-->` },
    { name: 'a sentence', body: `This was Wanted: ${ID}` },
    { name: 'an empty template', body: 'Wanted:' },
    { name: 'a word', body: 'Wanted: more tests' },
    { name: 'a placeholder', body: 'Wanted: w-…' },
    { name: 'the beginning of an id', body: 'Wanted: w-' },
    { name: 'a heading over words', body: `## Wanted\n\nThe ${ID} of before` },
    { name: 'a heading over another one', body: `## Wanted\n\n## Fixed ids\n\n${ID}` },
    { name: 'a heading over a quote', body: `## Wanted\n\n> ${ID}` },
    { name: 'a heading over a fence', body: `## Wanted\n\n\`\`\`\n${ID}\n\`\`\`` },
    { name: 'a box that is not ticked', body: `- [ ] Wanted: ${ID}` },
    { name: 'an HTML quote', body: `<blockquote>\n\nWanted: ${ID}\n\n</blockquote>` },
    { name: 'HTML code', body: `<code>Wanted: ${ID}</code>` },
    { name: 'a sentence that fixes something near it', body: `Fixes the fault of ${ID}` },
    { name: 'a sentence that does not fix it', body: `It does not fix ${ID}` },
    { name: 'another command', body: `/wl unclaim ${ID}` },
    { name: 'unwanted', body: `Unwanted: ${ID}` },
    { name: 'struck out', body: `~~Wanted: ${ID}~~` },
    { name: 'struck out by one sign', body: `~Wanted: ${ID}~` },
    { name: 'its id struck out', body: `Wanted: ~~${ID}~~` },
    { name: 'its word struck out', body: `~~Wanted:~~ ${ID}` },
    { name: 'struck out in a list', body: `- ~~Fixes ${ID}~~ not yet` },
    { name: 'struck out in bold', body: `**~~Wanted: ${ID}~~**` },
    { name: 'struck out over lines', body: `~~This is\nWanted: ${ID}\nno more~~` },
    { name: 'struck out beneath a heading', body: `## Wanted\n\n~~${ID}~~` },
  ])('names none: $name', async ({ body }) => {
    expect(await fromBody(body)).toEqual({ items: [], malformed: [], unread: false })
  })

  test.each(['Wanted: w-!!', '**Wanted:** `w-!!`', '## Wanted\n\n- w-!!'])('is malformed: %s', async (body) => {
    expect((await fromBody(body)).malformed).toEqual(['w-!!'])
  })

  test('that was meant and is malformed is told', async () => {
    expect(await fromBody('Wanted: w-01234_6789 please')).toEqual({
      items: [],
      malformed: ['w-01234_6789'],
      unread: false,
    })
  })
})

describe('a line of other words than `Wanted:`', () => {
  test.each(['Fixes w-full', 'Wanted w-full width', 'implements: `w-com-001`'])(
    'may mean something else: %s',
    async (body) => {
      const { items } = await fromBody(body)
      expect(items).toEqual([{ wanted: expect.stringMatching(/^w-/), label: undefined, certain: false }])
    },
  )

  test.each([
    ['Wanted: #12', ['#12']],
    ['**Wanted:** [#12](https://github.com/a/b/issues/12), #13', ['#12', '#13']],
    ['## Wanted\n- #12', ['#12']],
    ['Wanted: https://github.com/a/b/issues/12.', ['https://github.com/a/b/issues/12']],
    ['Wanted #12', undefined],
    ['Fixes #12', undefined],
    ['Wanted: a#12', undefined],
    ['Wanted: #0', undefined],
  ])('names issues: %s', async (body, issues) => {
    const found = await fromBody(body)
    expect([found.items, found.issues]).toEqual([[], issues])
  })
})

test('a description that is not parsed names nothing', async () => {
  const parts = [
    'Wanted wanted : - ## ** _ ` > wl: w- #12 Fixes implements a , \u200b \\ ： 1. [x]'.split(' '),
    [' ', '\n', '\n\n', '- ', '## ', '> ', '1. ', '[x] ', '/wl claim', ID],
  ].flat()
  const part = fc.constantFrom(...parts)
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 10 }), async (drawn) => {
      const body = drawn.join('')
      fc.pre(!mayHaveNames(body))
      expect(readNames(body)).toEqual([])
    }),
    { numRuns: 2000 },
  )
})

test('most descriptions are not parsed', () => {
  const texts = ['Closes #12', 'Use `w-full` and w-4 for the width. I wanted it so.', 'Updates a from 1 to 2 (#13)', '']
  expect(texts.map(mayHaveNames)).toEqual([false, false, false, false])
})

describe('several references', () => {
  test('of one line are all named', async () => {
    const { items } = await fromBody('Wanted: w-a, `w-b` and [w-c](d); not w-d')
    expect(items.map(({ wanted }) => wanted)).toEqual(['w-a', 'w-b', 'w-c'])
  })

  test('keep their order, labels first, each item once', async () => {
    const { items } = await readReferences({ labels: ['wl:w-a', 'wl:w-b'], body: 'Wanted: w-c\nWanted: w-a' })
    expect(items.map(({ wanted, label }) => [wanted, label])).toEqual([
      ['w-a', 'wl:w-a'],
      ['w-b', 'wl:w-b'],
      ['w-c', undefined],
    ])
  })

  test('of one item are certain when one of them is', async () => {
    const { items } = await readReferences({ labels: ['w-com-001'], body: 'Wanted: w-com-001' })
    expect(items).toEqual([{ wanted: 'w-com-001', label: 'w-com-001', certain: true }])
  })

  test('are ten at most', async () => {
    const numbers = Array.from({ length: 30 }, (_, n) => n)
    const found = await readReferences({
      labels: numbers.map((n) => `wl:w-${n}`),
      body: numbers.map((n) => `Wanted: w-_${n}`).join('\n'),
    })
    expect([found.items.length, found.malformed.length]).toEqual([10, 10])
  })
})
