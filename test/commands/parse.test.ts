import { describe, expect, test } from 'vitest'
import { parseCommands } from '../../src/commands/parse.ts'

const one = async (comment: string) => {
  const found = (await parseCommands(comment))!
  expect(found).toHaveLength(1)
  return { ...found[0]!, options: Object.fromEntries(found[0]!.options) }
}

describe('a command', () => {
  test('is a name, bare words and options', async () => {
    expect(await one('/wl stamp w-0123456789 quality=4 message="Well done" thanks!')).toEqual({
      line: '/wl stamp w-0123456789 quality=4 message="Well done" thanks!',
      name: 'stamp',
      raw: '/wl stamp w-0123456789 quality=4 message="Well done" thanks!',
      words: ['w-0123456789', 'thanks!'],
      options: { quality: '4', message: 'Well done' },
      trailing: new Set(),
      twice: [],
      unclosed: false,
    })
  })

  test('may be written in any case, its values keep theirs', async () => {
    expect(await one('/WL Stamp QUALITY=4 message=Good')).toMatchObject({
      name: 'stamp',
      options: { quality: '4', message: 'Good' },
    })
  })

  test('without a name is still one, so that it is answered', async () => {
    expect(await one('/wl')).toMatchObject({ name: '', words: [] })
    expect(await one('/wl quality=4 stamp')).toMatchObject({ name: '', words: ['stamp'] })
  })

  test('hides no other: each line is one, in order', async () => {
    const found = await parseCommands(
      'Hi\n/wl status\r\n/wl frobnicate\n\n> /wl decline\n\n/wl stamp quality="4\n/wl help',
    )
    expect(found?.map((command) => command.name)).toEqual(['status', 'frobnicate', 'stamp', 'help'])
  })

  test.each([
    { name: 'another word', comment: '/wlx stamp' },
    { name: 'a sentence before it', comment: 'please /wl stamp quality=4' },
    { name: 'a backslash before it', comment: '\\/wl stamp quality=4' },
    { name: 'a path', comment: '/wl/stamp' },
    { name: 'a list item', comment: '- /wl stamp quality=4' },
    { name: 'a heading', comment: '# /wl stamp quality=4' },
    { name: 'bold', comment: '**/wl stamp quality=4**' },
    { name: 'inline code', comment: '`/wl stamp quality=4`' },
    { name: 'inline code with prose around it', comment: 'Write\n`/wl stamp quality=4`\nto stamp.' },
    { name: 'a quote', comment: '> /wl stamp quality=4' },
  ])('is none: $name', async ({ comment }) => {
    expect(await parseCommands(comment)).toEqual([])
  })
})

describe('an option', () => {
  test.each([
    { name: 'bare', text: 'message=good', value: 'good' },
    { name: 'quoted', text: 'message="very good"', value: 'very good' },
    { name: 'with an escaped quote', text: String.raw`message="a \"b\" c"`, value: 'a "b" c' },
    { name: 'with an escaped backslash', text: String.raw`message="a\\"`, value: 'a\\' },
    { name: 'empty', text: 'message=', value: '' },
    { name: 'empty in quotes', text: 'message=""', value: '' },
    { name: 'with blanks around its sign', text: 'message = good', value: 'good' },
    { name: 'with a sign in it', text: 'message=a=b', value: 'a=b' },
    { name: 'in English smart quotes', text: 'message=“very good”', value: 'very good' },
    { name: 'in German smart quotes', text: 'message=„very good“', value: 'very good' },
    { name: 'in French smart quotes', text: 'message=«very good»', value: 'very good' },
    { name: 'with smart quotes inside', text: 'message="she said “yes” to it"', value: 'she said “yes” to it' },
    { name: 'with a line separator inside', text: 'message="a\u2028b"', value: 'a\u2028b' },
    { name: 'before a full stop', text: 'message="very good".', value: 'very good' },
  ])('is read: $name', async ({ text, value }) => {
    expect(await one(`/wl stamp ${text}`)).toMatchObject({ options: { message: value }, unclosed: false })
  })

  test('without a value does not swallow the next one', async () => {
    expect(await one('/wl post title= effort=small')).toMatchObject({ options: { title: '', effort: 'small' } })
  })

  test('given twice is noted, and its first value stays', async () => {
    expect(await one('/wl stamp quality=4 QUALITY=5')).toMatchObject({ options: { quality: '4' }, twice: ['quality'] })
  })

  test.each([
    { name: 'never closed', text: 'message="very good' },
    { name: 'closed by an escaped quote only', text: String.raw`message="very good\"` },
    { name: 'opened plainly and closed smartly', text: 'message="very good”' },
    { name: 'opened smartly and never closed', text: 'message=“very good' },
    { name: 'closed in the midst of the text', text: 'message="She said "great" work"' },
    { name: 'closed by a smart quote in the midst', text: 'message=“She said „great“ work”' },
    { name: 'in the midst of a bare word', text: 'message=5"-disk' },
  ])('has quotes that do not pair: $name', async ({ text }) => {
    expect((await one(`/wl stamp quality=4 ${text}`)).unclosed).toBe(true)
  })
})
