import { describe, expect, test } from 'vitest'
import { parseCommands } from '../../src/commands/parser/parse.ts'
import { readCommand } from '../../src/commands/parser/read.ts'
import { COMMANDS } from '../../src/commands/registry.ts'

async function read(comment: string) {
  const found = (await parseCommands(comment))!
  expect(found).toHaveLength(1)
  return readCommand(COMMANDS, found[0]!)
}

async function args(comment: string) {
  const answer = await read(comment)
  return 'args' in answer ? answer.args : answer.error
}

async function error(comment: string) {
  const answer = await read(comment)
  return 'error' in answer ? answer.error : `no error, but ${JSON.stringify(answer.args)}`
}

describe('a command as it was meant', () => {
  test.each([
    { name: 'one score', comment: '/wl stamp quality=4', args: { quality: 4 } },
    { name: 'only reliability', comment: '/wl stamp reliability=3', args: { reliability: 3 } },
    {
      name: 'a target before the options',
      comment: '/wl stamp w-0123456789 quality=4',
      args: { item: 'w-0123456789', quality: 4 },
    },
    {
      name: 'a target after them, in capitals',
      comment: '/wl stamp quality=4 W-0123456789',
      args: { item: 'w-0123456789', quality: 4 },
    },
    { name: 'trailing prose', comment: '/wl stamp quality=4 Thank you, great work!', args: { quality: 4 } },
    { name: 'trailing prose with code', comment: '/wl stamp quality=4 I like `parse`', args: { quality: 4 } },
    {
      name: 'skills in capitals and twice',
      comment: '/wl stamp quality=4 skills=Go,docs,go',
      args: { quality: 4, skills: ['go', 'docs'] },
    },
    {
      name: 'skills with blanks',
      comment: '/wl stamp quality=4 skills="c++, c#"',
      args: { quality: 4, skills: ['c++', 'c#'] },
    },
    {
      name: 'a severity in capitals',
      comment: '/wl stamp quality=4 severity=ROOT',
      args: { quality: 4, severity: 'root' },
    },
    {
      name: 'the ends of confidence',
      comment: '/wl stamp quality=4 confidence=1.000',
      args: { quality: 4, confidence: 1 },
    },
    {
      name: 'a message of several lines’ worth',
      comment: '/wl stamp quality=4 message="a\u2028b"',
      args: { quality: 4, message: 'a b' },
    },
    {
      name: 'a message of one word before an option',
      comment: '/wl stamp message=good quality=4',
      args: { quality: 4, message: 'good' },
    },
    { name: 'the highest priority', comment: '/wl post priority=0', args: { priority: 0 } },
    { name: 'help on one command', comment: '/wl help STAMP', args: { command: 'stamp' } },
    { name: 'help with prose', comment: '/wl help', args: {} },
  ])('is read: $name', async ({ comment, args: expected }) => {
    expect(await args(comment)).toEqual(expected)
  })
})

describe('numbers', () => {
  const bad = [
    '0',
    '6',
    '-1',
    '+4',
    '4.5',
    '1e0',
    '0x4',
    '٤',
    '',
    'four',
    '44',
    'NaN',
    'Infinity',
    '""',
    '" "',
    '4/10',
    '4,5',
  ]
  test.each(bad)('out of range or no number are refused, never rounded: quality=%s', async (value) => {
    expect(await error(`/wl stamp quality=${value}`)).toContain('expected a whole number from 1 to 5')
  })

  test.each(['1.1', '-0', '.5', '1.0001', '70%', '٠', '1e-1', '2'])('of confidence too: %s', async (value) => {
    expect(await error(`/wl stamp quality=4 confidence=${value}`)).toContain('expected a number from 0 to 1')
  })

  test.each(['5', '-1', '1.5', 'high'])('of priority too: %s', async (value) => {
    expect(await error(`/wl post priority=${value}`)).toContain('from 0 (highest) to 4')
  })
})

describe('an error', () => {
  test.each([
    { name: 'a typo in the name', comment: '/wl stmap quality=4', says: 'Did you mean `/wl stamp quality=4`?' },
    {
      name: 'an unknown command',
      comment: '/wl frobnicate',
      says: 'There is no command `frobnicate`. `/wl help` lists them.',
    },
    { name: 'no command', comment: '/wl', says: 'a command is missing' },
    {
      name: 'a typo in an option',
      comment: '/wl stamp qualtiy=4',
      says: 'there is no option `qualtiy`. Did you mean `quality=4`?',
    },
    { name: 'an unknown option', comment: '/wl stamp quality=4 colour=red', says: 'there is no option `colour`' },
    {
      name: 'an option that every object has',
      comment: '/wl stamp quality=4 constructor=1',
      says: 'there is no option `constructor`',
    },
    { name: 'an option of another command', comment: '/wl post quality=4', says: 'there is no option `quality`' },
    { name: 'an option twice', comment: '/wl stamp quality=4 quality=4', says: '`quality` is given twice' },
    { name: 'a quote that is not closed', comment: '/wl stamp quality=4 message="good', says: 'do not pair' },
    { name: 'no score', comment: '/wl stamp', says: '`quality` is missing' },
    { name: 'creativity alone', comment: '/wl stamp creativity=4', says: '`quality` is missing' },
    {
      name: 'an unknown severity',
      comment: '/wl stamp quality=4 severity=twig',
      says: 'expected one of leaf, branch, root',
    },
    { name: 'too many skills', comment: '/wl stamp quality=4 skills=a,b,c,d,e,f', says: 'expected 1 to 5 names' },
    { name: 'no skills', comment: '/wl stamp quality=4 skills=,', says: 'expected 1 to 5 names' },
    { name: 'skills in markup', comment: '/wl stamp quality=4 skills=<b>', says: 'not read in a command' },
    { name: 'an empty message', comment: '/wl stamp quality=4 message=" "', says: 'expected some text' },
    {
      name: 'a message that is too long',
      comment: `/wl stamp quality=4 message=${'x'.repeat(501)}`,
      says: 'at most 500 characters',
    },
    { name: 'a title that is too long', comment: `/wl post title=${'x'.repeat(201)}`, says: 'at most 200 characters' },
    {
      name: 'a message without quotes',
      comment: '/wl stamp quality=4 message=great work',
      says: 'the value of `message` seems to go on',
    },
    {
      name: 'a list with blanks',
      comment: '/wl stamp quality=4 skills=go, docs',
      says: 'the value of `skills` seems to go on',
    },
    { name: 'code in a message', comment: '/wl stamp quality=4 message="good `parse`"', says: 'not read in a command' },
  ])('says what is wrong: $name', async ({ comment, says }) => {
    expect(await error(comment)).toContain(says)
  })

  test('about an option says what is expected, and where more is to read', async () => {
    expect(await error('/wl stamp quality=6')).toBe(
      '`/wl stamp quality=6`: `quality=6` is not possible; expected a whole number from 1 to 5. `/wl help stamp` explains it.',
    )
  })

  test('of 500 characters outside the basic plane is none', async () => {
    expect(await args(`/wl stamp quality=4 message=${'😀'.repeat(500)}`)).toMatchObject({ message: '😀'.repeat(500) })
  })
})

describe('a target', () => {
  test.each([
    { name: 'a person', comment: '/wl stamp @bob quality=4', args: { person: 'bob' } },
    {
      name: 'a person whom the message names too',
      comment: '/wl stamp @bob quality=4 message="@bob"',
      args: { person: 'bob', message: '@bob' },
    },
    { name: 'a completion', comment: '/wl stamp c-0123456789abcdef quality=4', args: { item: 'c-0123456789abcdef' } },
    {
      name: 'a person and an item, in any order',
      comment: '/wl stamp w-0123456789 @bob quality=4',
      args: { person: 'bob', item: 'w-0123456789' },
    },
  ])('is taken for what it is: $name', async ({ comment, args: expected }) => {
    expect(await args(comment)).toEqual({ quality: 4, ...expected })
  })

  test.each([
    { name: 'a second person', comment: '/wl stamp @bob @eve quality=4' },
    { name: 'a second person beside an item', comment: '/wl stamp @bob w-0123456789 @eve quality=4' },
    { name: 'a person beside person=', comment: '/wl stamp person=@bob @eve quality=4' },
    { name: 'a person on a command that takes none', comment: '/wl claim @bob' },
    { name: 'a second item', comment: '/wl stamp w-0123456789 w-9876543210 quality=4' },
    { name: 'an item beside item=', comment: '/wl stamp item=w-0123456789 w-9876543210 quality=4' },
    { name: 'an item after prose', comment: '/wl stamp this w-0123456789 quality=4' },
    { name: 'an item in quotes', comment: '/wl stamp quality=4 “w-0123456789”' },
    { name: 'an item in inline code', comment: '/wl stamp `w-0123456789` quality=4' },
    { name: 'an item that is a link', comment: '/wl stamp [w-0123456789](https://example.com) quality=4' },
    { name: 'an item on a command that takes none', comment: '/wl status w-0123456789' },
  ])('that cannot be meant is refused and never falls back: $name', async ({ comment }) => {
    expect(await read(comment)).toHaveProperty('error')
  })

  test('may be named twice the same', async () => {
    expect(await args('/wl stamp w-0123456789 w-0123456789 quality=4')).toEqual({ item: 'w-0123456789', quality: 4 })
  })

  test('that is a prefix stays a prefix, for the ledger to refuse', async () => {
    expect(await args('/wl stamp w-01234 quality=4')).toEqual({ item: 'w-01234', quality: 4 })
  })
})

describe('a question', () => {
  test.each([
    ['/wl how do I claim this?', 'claim'],
    ['/wl what is quality', 'quality'],
    ['/wl Can I stamp?', 'stamp'],
    ['/wl what’s the board?', 'board'],
    ['/wl why', undefined],
    ['/wl help what does a reliability of 3 mean?', 'reliability'],
  ])('%s is answered by help', async (line, command) => {
    const [written] = (await parseCommands(line))!
    expect(readCommand(COMMANDS, written!)).toMatchObject({
      command: { name: 'help' },
      args: command ? { command } : {},
    })
  })
})
