import { describe, expect, test } from 'vitest'
import { tokenize } from '../../src/commands/parser/tokens.ts'

const KEYS = new Set(['message', 'quality', 'title', 'effort', 'skills'])
const read = (text: string) => tokenize(text, (name) => KEYS.has(name))

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
  ])('is read as help shows it: $name', ({ text, value }) => {
    expect(read(text).tokens).toMatchObject([{ kind: 'option', key: 'message', value, isPlain: true }])
  })

  test.each([
    { name: 'a colon', text: 'message: good', value: 'good' },
    { name: 'dashes', text: '--message=good', value: 'good' },
    { name: 'brackets', text: '(message=good)', value: 'good' },
    { name: 'bold', text: '**message**=good', value: 'good' },
    { name: 'bold around its sign', text: '**message:** good', value: 'good' },
    { name: 'a wide sign', text: 'message＝good', value: 'good' },
    { name: 'single quotes', text: "message='very good'", value: 'very good' },
    { name: 'an apostrophe in single quotes', text: "message='it isn't'", value: "it isn't" },
  ])('is read, and is not as help shows it: $name', ({ text, value }) => {
    expect(read(text).tokens).toMatchObject([{ kind: 'option', key: 'message', value, isPlain: false }])
  })

  test('without a value does not swallow the next one', () => {
    expect(read('title= effort=small').tokens).toMatchObject([
      { key: 'title', value: '' },
      { key: 'effort', value: 'small' },
    ])
  })

  test('ends at a comma before the next one, and not at one in a list', () => {
    expect(read('skills=a,b,quality=4').tokens).toMatchObject([
      { key: 'skills', value: 'a,b' },
      { key: 'quality', value: '4' },
    ])
  })

  test.each(['https://example.com', 'w-0123456789:', 'wl:w-0123456789', ':tada:', '12:30'])('is none: %s', (text) => {
    expect(read(text).tokens).toMatchObject([{ kind: 'word' }])
  })

  test.each([
    { name: 'never closed', text: 'message="very good', broken: 'open' },
    { name: 'closed by an escaped quote only', text: String.raw`message="very good\"`, broken: 'open' },
    { name: 'opened plainly and closed smartly', text: 'message="very good”', broken: 'open' },
    { name: 'opened smartly and never closed', text: 'message=“very good', broken: 'open' },
    { name: 'single, never closed', text: "message='very good", broken: 'open' },
    { name: 'closed in the midst of the text', text: 'message="She said "great" work"', broken: 'midst' },
    { name: 'closed by a smart quote in the midst', text: 'message=“She said „great“ work”', broken: 'midst' },
    { name: 'in the midst of a bare word', text: 'message=5"-disk', broken: 'midst' },
    { name: 'single, which of them closes is not told', text: "message='the users' choice'", broken: 'midst' },
  ])('has quotes that do not pair: $name', ({ text, broken }) => {
    expect(read(`quality=4 ${text}`).broken).toBe(broken)
  })
})

test('many quotes that never close are read in time', () => {
  const began = process.cpuUsage()
  for (const text of [
    "'a ".repeat(20_000),
    '((('.repeat(20_000),
    'a***'.repeat(16_000),
    ',a'.repeat(30_000),
    '"a" '.repeat(16_000),
  ])
    read(text)
  expect(process.cpuUsage(began).user / 1000).toBeLessThan(1000)
})
