import { describe, expect, test } from 'vitest'
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
    { name: 'its id in inline code', body: `Wanted: \`${ID}\`` },
    { name: 'a quote', body: `> Wanted: ${ID}` },
    { name: 'a comment', body: `<!--\nWanted: ${ID}\n-->` },
    { name: 'a sentence', body: `This was Wanted: ${ID}` },
    { name: 'an empty template', body: 'Wanted:' },
    { name: 'a word', body: 'Wanted: more tests' },
  ])('names none: $name', async ({ body }) => {
    expect(await fromBody(body)).toEqual({ items: [], malformed: [], unread: false })
  })

  test('that was meant and is malformed is told', async () => {
    expect(await fromBody('Wanted: w-01234_6789 please')).toEqual({
      items: [],
      malformed: ['w-01234_6789'],
      unread: false,
    })
  })
})

describe('several references', () => {
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
