import { describe, expect, test } from 'vitest'
import { GROUPS } from '../../src/commands/command.ts'
import { helpOn, helpText } from '../../src/commands/help-text.ts'
import { parseCommands } from '../../src/commands/parser/parse.ts'
import { readCommand } from '../../src/commands/parser/read.ts'
import { COMMANDS } from '../../src/commands/registry.ts'
import { SCALE } from '../../src/domain/scale.ts'
import { commandHelp } from '../../src/replies/help.ts'
import { valuesOf } from '../replies/render.ts'

describe('the table of commands', () => {
  test.each(COMMANDS)('explains $name by examples that it takes itself', async (command) => {
    for (const example of command.examples) {
      const [written] = (await parseCommands(example))!
      expect(readCommand(COMMANDS, written!)).toMatchObject({ command: { name: command.name } })
    }
  })

  test.each(COMMANDS)('names in the usage of $name every option there is', ({ usage, options, words }) => {
    expect(usage).toMatch(/^\/wl [a-z]+/)
    const optional = Object.keys(options.shape).filter((key) => !words.includes(key))
    for (const key of optional) expect(usage).toContain(`${key}=`)
  })

  test.each(COMMANDS)('names only options that exist as words of $name', ({ options, words }) => {
    expect(Object.keys(options.shape)).toEqual(expect.arrayContaining([...words]))
  })
})

describe('help', () => {
  const text = helpText(COMMANDS)
  const listed = [...text.matchAll(/^- `\/wl ([a-z]+)` /gm)].map((match) => match[1])

  test('lists every command once, under what one wants to do', () => {
    expect(listed).toHaveLength(COMMANDS.length)
    expect(new Set(listed)).toEqual(new Set(COMMANDS.map(({ name }) => name)))
    expect([...text.matchAll(/^\*\*(.+)\*\*$/gm)].map((match) => match[1])).toEqual(Object.values(GROUPS))
  })

  test('keeps the order of the registry', () => {
    expect(listed).toEqual(COMMANDS.map(({ name }) => name))
  })

  test('fits a phone: no line has more than 60 characters beside its code', () => {
    for (const line of text.split('\n')) {
      const beside = line
        .replace(/^- /, '')
        .replace(/`[^`]+`/g, '')
        .replaceAll('**', '')
      if (beside.length > 60) expect(line).toBe('a line of at most 60 characters beside its code')
    }
  })

  test.each(
    COMMANDS.flatMap((command) => [command.name, ...(command.aliases ?? [])].map((name) => ({ name, command }))),
  )('on $name is that command’s', ({ name, command }) => {
    expect(helpOn(COMMANDS, name)).toBe(commandHelp(command))
  })

  test('on an unknown command says so and lists those there are', () => {
    expect(helpOn(COMMANDS, 'frobnicate')).toBe(`There is no command \`frobnicate\`.\n\n${text}`)
    expect(helpOn(COMMANDS, undefined)).toBe(text)
  })

  test.each(SCALE)('on $name says what each value means, and what is filled in', ({ name, values, leftOut }) => {
    const said = helpOn(COMMANDS, name)
    for (const [value, means] of values) expect(said).toContain(`\`${name}=${value}\` ${means}`)
    expect(said).toContain(`left out: ${leftOut}`)
    expect(helpOn(COMMANDS, 'scale')).toContain(`**${name}**`)
  })

  test('on `stamp` says what is filled in, and where the scale is', () => {
    const said = helpOn(COMMANDS, 'stamp')
    expect(said).toContain('confidence is 0.7 and severity is leaf')
    expect(said).toContain('`/wl help quality`')
  })

  test('on a word for a command names that', () => {
    expect(helpOn(COMMANDS, 'approve')).toContain('Did you mean `/wl help stamp`?')
  })

  test.each(COMMANDS)('on $name shows usage, who may, where and an example', (command) => {
    const text = commandHelp(command)
    const aliases = (command.aliases ?? []).map((name) => `/wl ${name}`)
    expect(valuesOf(text, 'inlineCode')).toEqual(
      expect.arrayContaining([command.usage, ...aliases, ...command.examples]),
    )
    expect(text).toContain(`Who may: ${command.who}.`)
    expect(text).toMatch(/Where: (issues|pull requests|issues and pull requests)\./)
  })
})
