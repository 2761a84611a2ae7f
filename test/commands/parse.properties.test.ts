import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseCommands } from '../../src/commands/parser/parse.ts'
import { readCommand } from '../../src/commands/parser/read.ts'
import { COMMANDS } from '../../src/commands/registry.ts'
import { optionsFor, print } from './generate.ts'

const COMMAND = '/wl stamp quality=5 message="by accident"'
const prose = fc.string({ unit: fc.constantFrom('a', 'é', '雪', '😀', ' ', '.', '“', "'", '='), maxLength: 20 })
const newline = fc.constantFrom('\n', '\r\n')
const fragment = fc.oneof(
  { weight: 3, arbitrary: prose },
  { weight: 2, arbitrary: fc.constantFrom(...COMMANDS.flatMap(({ examples, name }) => [...examples, `/wl ${name} `])) },
  fc.constantFrom(
    '@bob',
    ' w-0123456789',
    'quality=',
    'reason="',
    'level=2',
    '“',
    '&lt;',
    '~~',
    '|',
    '$$',
    '<a href="x">',
    '</a>',
  ),
  fc.string({ unit: 'binary', maxLength: 10 }),
  fc.constantFrom(
    '/wl',
    '/wl stamp quality=4',
    '/WL HELP',
    '"',
    '”',
    '`',
    '``',
    '```',
    '~~~',
    '> ',
    '- ',
    '1. ',
    '    ',
    '\t',
  ),
  fc.constantFrom(
    '<!--',
    '-->',
    '<code>',
    '</code>',
    '<pre>',
    '<',
    '[',
    '](',
    ')',
    '![',
    '[a]: b',
    '\\',
    '*',
    '_',
    '#',
    '\0',
  ),
  newline,
)
const comments = fc.array(fragment, { maxLength: 60 }).map((parts) => parts.join(''))

describe('any comment', () => {
  test('is parsed and read without an error, and each answer names its line on one line', async () => {
    await fc.assert(
      fc.asyncProperty(comments, async (comment) => {
        for (const written of (await parseCommands(comment))!) {
          const read = readCommand(COMMANDS, written)
          if ('error' in read) expect(read.error.split('\n')[0]).toMatch(/^(?:`|There is no command)/)
          if ('error' in read) expect(read.error).not.toMatch(/[\r\u2028]/)
        }
      }),
      { numRuns: 5_000 },
    )
  })

  test('of a quarter of the largest size is parsed in time', async () => {
    const paragraph =
      'Some *prose* with `code`, a [link](https://example.com) and <b>HTML</b>.\n> a quote\n\n- a list\n\n'
    const size = 16_384 - COMMAND.length - 2
    const comment = `${paragraph.repeat(Math.ceil(size / paragraph.length)).slice(0, size)}\n\n${COMMAND}`
    expect(comment.length).toBe(16_384)
    expect(await parseCommands(comment)).toHaveLength(1)
  })

  test('finds each command exactly once however many there are', async () => {
    expect(await parseCommands('/wl help\n'.repeat(1000))).toHaveLength(1000)
  })
})

const safeText = fc.string({ unit: fc.constantFrom('a', 'é', '😀', ' ', '.'), maxLength: 20 }).map((text) => `a${text}`)
const around: Record<string, (command: string, text: string) => string> = {
  'a fence': (command, text) => `\`\`\`${text}\n${text}\n${command}\n\`\`\``,
  'a longer fence with a fence in it': (command, text) => `\`\`\`\`\n\`\`\`\n${text}\n\`\`\`\n${command}\n\`\`\`\``,
  'indented code': (command, text) => `${text}\n\n    ${command}`,
  'inline code': (command, text) => `\`${command}\` ${text}`,
  'inline code over lines': (command, text) => `a${text}\`b\n${command}\nc\` d`,
  'a quote': (command, text) => `> ${text}\n> ${command}`,
  'a comment': (command, text) => `<!-- ${text}\n${command}\n-->`,
  'the text of an HTML link': (command, text) => `a${text}<a href="https://example.com">\n${command}\n</a>`,
  'the text of an image': (command, text) => `a${text}![b\n${command}\nc](https://example.com/x.png)`,
  'the text of a link': (command, text) => `a${text}[b\n${command}\nc](https://example.com)`,
  'HTML code': (command, text) => `a${text}<code>\n${command}\n</code>`,
  'an HTML quote': (command, text) => `<blockquote>\n\n${text}\n\n${command}\n\n</blockquote>`,
}
const nest: Record<string, (text: string) => string> = {
  'as it is': (text) => text,
  'in a list': (text) => text.replaceAll(/^/gm, '  ').replace('  ', '- '),
  'in a quote': (text) => text.replaceAll(/^/gm, '> '),
  'after prose': (text) => `Hello, see below:\n\n${text}`,
}

describe('a command that is shown and not said', () => {
  test.each(Object.entries(around))('never runs: %s', async (_name, wrap) => {
    await fc.assert(
      fc.asyncProperty(
        safeText,
        fc.array(fc.constantFrom(...Object.values(nest)), { maxLength: 3 }),
        newline,
        async (text, nests, end) => {
          const comment = nests.reduce((inner, outer) => outer(inner), wrap(COMMAND, text))
          expect(
            (await parseCommands(`${comment}\n\n/wl status`.replaceAll('\n', end)))?.map((written) => written.name),
          ).toEqual(['status'])
        },
      ),
    )
  })
})

describe('commands that are said and commands that are shown in one comment', () => {
  const said = fc.constantFrom(...COMMANDS.flatMap(({ examples }) => examples)).map((line) => ({ line, text: line }))
  const shown = fc
    .record({
      line: fc.constantFrom(...COMMANDS.flatMap(({ examples }) => examples)),
      wrap: fc.constantFrom(...Object.values(around)),
      nests: fc.array(fc.constantFrom(...Object.values(nest)), { maxLength: 3 }),
      text: safeText,
    })
    .map(({ line, wrap, nests, text }) => ({
      line: undefined,
      text: nests.reduce((inner, outer) => outer(inner), wrap(line, text)),
    }))
  const filler = fc
    .constantFrom(1, 2, 3, 20)
    .map((n) => ({ line: undefined, text: 'Prose with **bold** and ünïcode 雪 😀.\n'.repeat(n) }))
  const blocks = fc.array(fc.oneof(said, shown, { weight: 1, arbitrary: filler }), { maxLength: 5 })

  test('run exactly as said, in order', async () => {
    await fc.assert(
      fc.asyncProperty(blocks, newline, async (some, end) => {
        const comment = some
          .map(({ text }) => text)
          .join('\n\n')
          .replaceAll('\n', end)
        expect((await parseCommands(comment))!.map(({ line }) => line)).toEqual(some.flatMap(({ line }) => line ?? []))
      }),
      { numRuns: 5_000 },
    )
  }, 180_000)
})

describe('a printed command', () => {
  test.each(COMMANDS)('$name parses back to what it was made of', async (command) => {
    const names = fc.constantFrom(command.name, ...(command.aliases ?? []))
    await fc.assert(
      fc.asyncProperty(
        optionsFor(command),
        names,
        fc.boolean(),
        prose,
        newline,
        async (given, name, bare, around, end) => {
          const line = print(command, name, given, bare)
          const found = (await parseCommands(`a${around}${end}${end}${line}${end}${end}b${around}`))!
          expect(found).toHaveLength(1)
          const read = readCommand(COMMANDS, found[0]!)
          expect('error' in read ? read.error : read.command.name).toBe(command.name)
          expect('args' in read && read.args).toEqual(command.options.parse(given))
        },
      ),
      { numRuns: 150 },
    )
  })
})
