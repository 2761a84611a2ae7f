import { describe, expect, test } from 'vitest'
import { parseCommands } from '../../src/commands/parser/parse.ts'

const one = async (comment: string) => {
  const found = (await parseCommands(comment))!
  expect(found).toHaveLength(1)
  return found[0]!
}

describe('a command', () => {
  test('is a name and what follows', async () => {
    const line = '/wl stamp w-0123456789 quality=4 message="Well done" thanks!'
    expect(await one(`Hi\n${line}\r\n`)).toEqual({
      line,
      raw: line,
      name: 'stamp',
      rest: ' w-0123456789 quality=4 message="Well done" thanks!',
      source: line,
      lines: 1,
      hasTable: false,
      isPlain: true,
    })
  })

  test('may be written in any case', async () => {
    expect(await one('/WL Stamp QUALITY=4')).toMatchObject({ name: 'stamp', rest: ' QUALITY=4' })
  })

  test('without a name is still one, so that it is answered', async () => {
    expect(await one('/wl')).toMatchObject({ name: '', rest: '' })
    expect(await one('/wl quality=4 stamp')).toMatchObject({ name: '', rest: 'quality=4 stamp' })
  })

  test('hides no other: each line is one, in order', async () => {
    const found = await parseCommands(
      'Hi\n/wl status\r\n/wl frobnicate\n\n> /wl decline\n\n/wl stamp quality="4\n/wl help',
    )
    expect(found?.map((command) => command.name)).toEqual(['status', 'frobnicate', 'stamp', 'help'])
  })

  test('goes on over lines of options, and has them all in its line', async () => {
    const written = await one('Good.\n\n/wl stamp\n- quality: 4\n- reliability: 5\nAnd thanks.')
    expect(written).toMatchObject({
      line: '/wl stamp\n- quality: 4\n- reliability: 5',
      raw: '/wl stamp',
      rest: '\nquality: 4\nreliability: 5',
      lines: 3,
      isPlain: false,
    })
    expect(await one(written.line)).toEqual(written)
  })

  test.each([
    '/wl stamp quality=4\n\nreliability=3',
    '/wl stamp quality=4\n\n- reliability: 3',
    '/wl stamp quality=4\n\n\n**reliability** = 3',
  ])('goes on in the next paragraph where an option begins it: %j', async (comment) => {
    expect((await one(comment)).rest).toMatch(/quality=4\n(?:reliability=3|reliability: 3|\*\*reliability\*\* = 3)$/)
  })

  test.each([
    { name: 'a blank line and prose', comment: '/wl stamp quality=4\n\nreliability was fine' },
    { name: 'a blank line and another command', comment: '/wl stamp\n\n/wl stamp quality=4' },
    { name: 'many blank lines', comment: '/wl stamp quality=4\n\n\n\nreliability=3' },
    { name: 'a blank line and code', comment: '/wl stamp quality=4\n\n`reliability=3`' },
    { name: 'prose', comment: '/wl stamp quality=4\nreliability was fine' },
    { name: 'an option of another command', comment: '/wl stamp quality=4\neffort=small' },
    { name: 'a rule below it', comment: '/wl stamp quality=4\n---' },
    { name: 'an address', comment: '/wl done evidence=x\nevidence://example.com' },
    { name: 'a quote that never closes', comment: '/wl stamp quality=4 message="a\nb\n\nc"' },
    { name: 'a quote that closes in another command', comment: '/wl stamp quality=4 message="a\n/wl status"' },
    { name: 'a quote that closes too far below', comment: `/wl stamp message="a\n${'b\n'.repeat(10)}"` },
  ])('does not go on: $name', async ({ comment }) => {
    expect((await parseCommands(comment))?.[0]).toMatchObject({ lines: 1 })
  })

  test.each([
    { name: 'another word', comment: '/wlx stamp' },
    { name: 'a sentence before it', comment: 'please /wl stamp quality=4' },
    { name: 'a backslash before it', comment: '\\/wl stamp quality=4' },
    { name: 'a path', comment: '/wl/stamp' },
    { name: 'a list item below text', comment: 'How to:\n\n- /wl stamp quality=4' },
    { name: 'one item of a list of other things', comment: '- look\n- /wl stamp quality=4' },
    { name: 'a heading', comment: '# /wl stamp quality=4' },
    { name: 'bold beside text', comment: 'Write this:\n\n**/wl stamp quality=4**' },
    { name: 'a task', comment: '- [ ] /wl stamp quality=4' },
    { name: 'inline code', comment: '`/wl stamp quality=4`' },
    { name: 'inline code with prose around it', comment: 'Write\n`/wl stamp quality=4`\nto stamp.' },
    { name: 'a quote', comment: '> /wl stamp quality=4' },
    { name: 'turned round by a mark', comment: '\u202e/wl stamp quality=4' },
  ])('is none: $name', async ({ comment }) => {
    expect(await parseCommands(comment)).toEqual([])
  })

  test('in lists and emphasis is one where the comment has nothing else', async () => {
    const found = await parseCommands('- /wl status\n- **/wl stamp quality=4**\n\n*/wl board*')
    expect(found?.map(({ name }) => name)).toEqual(['status', 'stamp', 'board'])
    expect(found?.map(({ isPlain }) => isPlain)).toEqual([false, false, false])
  })
})
