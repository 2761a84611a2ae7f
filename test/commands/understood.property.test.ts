import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseComment } from '../../src/commands/parse.ts'
import { readCommand } from '../../src/commands/read.ts'
import { COMMANDS } from '../../src/commands/registry.ts'
import { optionsFor } from './generate.ts'

async function readAll(text: string) {
  const { commands } = (await parseComment(text))!
  return commands.map((one) => readCommand(COMMANDS, one))
}

const sign = fc.constantFrom('=', ' = ', ':', ': ', '＝', '：')
const around = fc.constantFrom('$', '--$', '—$', '($)', '[$]', '**$**', '$,', '$;', '\u200b$')
const between = fc.constantFrom(' ', '  ', '\t', '\n', ' \\\n', '\u00a0')
const quotes = fc.constantFrom('""', '“”', '„“', '«»')
const written = fc.record({ sign, around, between, quotes, key: fc.constantFrom('lower', 'UPPER', 'bold') })

describe('an option, however it is written', () => {
  test.each(COMMANDS)('has the value of $name that stands in the text, or is refused', async (command) => {
    await fc.assert(
      fc.asyncProperty(
        optionsFor(command),
        fc.array(written, { minLength: 20, maxLength: 20 }),
        async (given, ways) => {
          const options = Object.entries(given).map(([key, text], at) => {
            const way = ways[at]!
            const name = way.key === 'UPPER' ? key.toUpperCase() : way.key === 'bold' ? `**${key}**` : key
            const isBare = /^[\w.-]+$/.test(text) && !/[,;]/.test(way.around)
            const value = isBare ? text : way.quotes[0] + text.replace(/["\\“”„«»]/g, String.raw`\$&`) + way.quotes[1]
            return way.between + way.around.replace('$', () => `${name}${way.sign}${value}`)
          })
          const found = await readAll(`/wl ${command.name}${options.join('')}`)
          expect(found).toHaveLength(1)
          const [read] = found
          if ('args' in read!) expect(read.args).toEqual(command.options.parse(given))
        },
      ),
      { numRuns: 150 },
    )
  })
})

const piece = fc.oneof(
  fc.constantFrom(
    'quality',
    'reliability',
    'creativity',
    'q',
    'message',
    'severity',
    'skills',
    'person',
    'item',
    'confidence',
  ),
  fc.constantFrom(
    '=',
    ':',
    ' ',
    ' ',
    ' ',
    ',',
    '.',
    '"',
    "'",
    '“',
    '(',
    ')',
    '*',
    '**',
    '--',
    '—',
    '＝',
    '/5',
    '\\',
    '\n',
    '\n- ',
  ),
  fc.constantFrom('1', '2', '3', '4', '5', '0.7', '６', '４', '10'),
  fc.constantFrom(
    '@bob',
    '＠carol',
    'carol',
    'for',
    'thanks',
    'great work',
    'w-0123456789',
    'leaf',
    'go',
    '`',
    '/wl',
    '/wl undo',
    '👍',
    '#12',
  ),
)
const soup = fc.array(piece, { maxLength: 14 }).map((parts) => `/wl stamp ${parts.join('')}`)

/** What stands in quotes of any kind, and in code, is a text. */
const unquoted = (text: string) => text.replace(/"[^"]*"|“[^“”"]*[“”"]|'[^']*'|`[^`]*`/g, ' ')

describe('whatever is written behind `/wl stamp`', () => {
  test('no score or person that stands there is dropped, and none is made up', async () => {
    await fc.assert(
      fc.asyncProperty(soup, async (text) => {
        for (const read of await readAll(text)) {
          if ('error' in read || read.command.name !== 'stamp') continue
          const line = unquoted(text.split('\n')[0]!)
          for (const [, name, , digit] of line.matchAll(
            /\b(quality|reliability|creativity)([*)]*)\s*[=:＝]\s*([1-5])(?![\d.])/g,
          ))
            expect(read.args).toMatchObject({ [name!]: Number(digit) })
          for (const [, login] of line.matchAll(/(?:^|[\s(*])[@＠](bob|carol)\b/g))
            expect(read.args['person']).toBe(login)
          const digits = text.normalize('NFKC')
          for (const key of ['quality', 'reliability', 'creativity'])
            if (read.args[key] !== undefined) expect(digits).toContain(String(read.args[key] as number))
          const message = read.args['message'] as string | undefined
          if (message !== undefined) expect(text.replace(/[\s\\]+/g, '')).toContain(message.replace(/[\s\\]+/g, ''))
        }
      }),
      { numRuns: 5_000 },
    )
  }, 60_000)

  test('a corrected line is read, and has no number that was not written', async () => {
    await fc.assert(
      fc.asyncProperty(soup, async (text) => {
        for (const read of await readAll(text)) {
          if (!('error' in read)) continue
          const [, lines = ''] = /\n`{3,}\n([\s\S]*)\n`{3,}$/.exec(read.error) ?? []
          for (const line of lines.split('\n').filter((one) => one !== '')) {
            const [again] = await readAll(line)
            expect(again).toHaveProperty('args')
            for (const [digit] of line.replace(/w-\w+/g, '').matchAll(/\d/g))
              expect(text.normalize('NFKC')).toContain(digit)
          }
        }
      }),
      { numRuns: 3_000 },
    )
  }, 60_000)
})

describe('a line that begins with `/wl` and a command', () => {
  const line = fc.tuple(
    fc.constantFrom('', '- ', '* ', '> ', 'Nice! ', '👍 ', '**', '## ', '@bob ', '  ', '1. '),
    fc.constantFrom(...COMMANDS.map(({ name }) => name)),
    fc.constantFrom('', ' thanks', ' quality=4', ' 4', '**'),
  )
  test('is run, refused with a reason, or mentions it', async () => {
    await fc.assert(
      fc.asyncProperty(line, async ([before, name, after]) => {
        const { commands, mentions } = (await parseComment(`${before}/wl ${name}${after}`))!
        if (before.startsWith('>')) expect([commands, mentions]).toEqual([[], []])
        else expect(commands.length + mentions.length).toBe(1)
      }),
    )
  })
})
