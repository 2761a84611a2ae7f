import { describe, expect, it } from 'vitest'
import { parseCommands } from '../../src/commands/parser/parse.ts'
import { readCommand } from '../../src/commands/parser/read.ts'
import { COMMANDS } from '../../src/commands/registry.ts'
import { withUnkept } from '../../src/commands/parser/unkept.ts'

async function answer(line: string, text?: string) {
  const [written] = (await parseCommands(line))!
  const read = readCommand(COMMANDS, written!)
  if ('error' in read) throw new Error(read.error)
  return withUnkept({ ok: true, ...(text !== undefined && { text }) }, read)
}

describe('words behind a command that its text does not hold', () => {
  it.each([
    ['/wl stamp 4 great work, thanks!', 'great work, thanks!'],
    ['/wl stamp quality=4 Thank you, great work!', 'Thank you, great work!'],
    ['/wl stamp 4, sehr gute Arbeit, danke!', 'sehr gute Arbeit, danke!'],
    ['/wl stamp quality=4 - well done', 'well done'],
    ['/wl stamp quality=4 I like `parse`', 'I like …'],
    ['/wl undo wrong number here', 'wrong number here'],
  ])('are named: %s', async (line, words) => {
    const { text } = await answer(line)
    expect(text).toMatch(/^Done\. Not kept: /)
    expect(text).toContain(`Not kept: \`${words}\`; words are kept where they stand in quotes, as \``)
  })

  it('are named beside what the command answers, and beside a text that is kept', async () => {
    expect((await answer('/wl stamp 4 "good" and more of it', 'Stamped.')).text).toBe(
      'Stamped.\n\nNot kept: `and more of it`; only what stands in the quotes of `message` is kept. ' +
        'If they change what you meant, `/wl undo` takes the stamp back within a day.',
    )
  })

  it('are named of a command that keeps none', async () => {
    expect((await answer('/wl claim I begin today')).text).toBe(
      'Done. Not kept: `I begin today`; `claim` keeps no words.',
    )
  })

  it.each([
    '/wl stamp 4',
    '/wl stamp 4 thanks!',
    '/wl stamp quality=4 thank you very much',
    '/wl stamp quality=4 thanks a lot :tada:',
    '/wl stamp quality=4 👍 :tada:',
    '/wl stamp 4 "great work"',
    '/wl status of this',
  ])('are none: %s', async (line) => {
    expect(await answer(line)).toEqual({ ok: true })
  })

  it('are not named of what was refused', async () => {
    const [written] = (await parseCommands('/wl stamp 4 great work'))!
    const read = readCommand(COMMANDS, written!)
    if ('error' in read) throw new Error(read.error)
    expect(withUnkept({ ok: false, text: 'No.' }, read)).toEqual({ ok: false, text: 'No.' })
  })
})
