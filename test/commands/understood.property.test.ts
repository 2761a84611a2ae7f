import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseComment } from '../../src/commands/parser/parse.ts'
import { readCommand } from '../../src/commands/parser/read.ts'
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

/** Whether a value stands in a text, in the same form of both; the marks of a list in front of its lines are Markdown's. */
function asWritten(text: string, form: (text: string) => string, value: string): boolean {
  const unlisted = text.replace(/\n[^\S\n]*(?:[-*+]|\d{1,9}[.)])[^\S\n]+/g, '\n')
  return [text, unlisted].some((one) => form(one).includes(form(value)))
}

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
          if (message !== undefined) expect(asWritten(text, (one) => one.replace(/[\s\\]+/g, ''), message)).toBe(true)
        }
      }),
      { numRuns: 5_000 },
    )
  }, 60_000)

  test.each(['@bob６ 1', 'quality=4 @bob４', 'quality=4 ＠ｂｏｂ6'])(
    'a login that is only in part of full-width forms is nobody’s: %s',
    async (text) => {
      const [read] = await readAll(`/wl stamp ${text}`)
      expect(read).toMatchObject({ error: expect.stringContaining('expected a GitHub login') })
    },
  )

  test('a corrected line is read, and has no number that was not written', async () => {
    await fc.assert(
      fc.asyncProperty(soup, async (text) => {
        for (const read of await readAll(text)) {
          if (!('error' in read)) continue
          const [, lines = ''] = /\n`{3,}\n([\s\S]*)\n`{3,}$/.exec(read.error) ?? []
          for (const line of lines.split('\n').filter((one) => one !== '')) {
            const [again] = await readAll(filled(line))
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

/** What is missing stands in a line as `…`. */
function filled(line: string): string {
  return line.replaceAll('="…"', '="x"').replaceAll('=…', '=3')
}

/** What people call a value beside its own word. */
const CALLED: Readonly<Record<string, readonly string[]>> = {
  trivial: ['xs'],
  small: ['s'],
  medium: ['m'],
  large: ['l'],
  epic: ['xl'],
  feature: ['feat', 'enhancement'],
  bug: ['bugfix'],
  docs: ['doc', 'documentation'],
}
const bare = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s"'“”„«»\\*_`\u200b]+/g, '')

/** The values of what is read, as they must stand in the text. */
function valuesOf(args: Record<string, unknown>): string[] {
  return Object.values(args).flatMap((value) =>
    [value].flat().flatMap((one) => (typeof one === 'string' || typeof one === 'number' ? [String(one)] : [])),
  )
}

const glue = fc.constantFrom(
  ' ',
  ' ',
  ' ',
  ', ',
  '\n',
  ' \\\n',
  '=',
  ': ',
  ' = ',
  '"',
  ' "',
  '" ',
  ' (',
  ') ',
  ' **',
  '** ',
  '\n- ',
  ' --',
)
const anything = fc.constantFrom(
  '1',
  '3',
  '5',
  '0.7',
  '４',
  '4/5',
  '$50',
  '2h',
  'S',
  'P1',
  'leaf',
  'bug',
  'yes',
  '@bob',
  '＠carol',
  'carol',
  '#12',
  'w-0123456789',
  'c-0123456789abcdef',
  's-0123456789abcdef',
  'https://example.com/x',
  'thanks',
  'great work',
  '👍',
  '`go`',
)

describe('whatever is written behind any command', () => {
  test.each(COMMANDS)('no value of $name is made up, and none that has a name is dropped', async (command) => {
    const keys = Object.keys(command.options.shape)
    const part = fc.oneof(anything, ...(keys.length === 0 ? [] : [fc.constantFrom(...keys)]))
    const text = fc
      .array(fc.tuple(glue, part), { maxLength: 8 })
      .map((parts) => `/wl ${command.name} ${parts.flat().join('')}`)
    await fc.assert(
      fc.asyncProperty(text, async (written) => {
        const [read] = await readAll(written)
        if (read === undefined || 'error' in read || read.command.name !== command.name) return
        for (const value of valuesOf(read.args)) {
          const names = [value, ...(CALLED[value] ?? [])]
          expect(names.some((name) => asWritten(written, bare, name))).toBe(true)
        }
        const [first] = unquoted(written).split('\n')
        for (const [, key] of first!.matchAll(/(?:^|\s)([a-z]+)=[a-z0-9@]/g))
          if (keys.includes(key!)) expect(read.args).toHaveProperty(key!)
      }),
      { numRuns: 400 },
    )
  })
})

describe('a line that begins with `/wl` and a command', () => {
  const line = fc.tuple(
    fc.constantFrom(
      '',
      '- ',
      '* ',
      '> ',
      'Nice! ',
      '👍 ',
      '**',
      '## ',
      '@bob ',
      '  ',
      '1. ',
      '\u200b',
      '- [ ] ',
      '(',
      '_',
    ),
    fc.constantFrom(...COMMANDS.flatMap(({ name, aliases = [] }) => [name, ...aliases])),
    fc.constantFrom(
      '',
      ' thanks',
      ' quality=4',
      ' 4',
      '**',
      '.',
      ', thanks',
      '\nquality=4',
      ' "x',
      ' `4`',
      ' @bob: 4',
      ' \\',
    ),
  )
  test('is run, refused with a reason, or mentions it', async () => {
    await fc.assert(
      fc.asyncProperty(line, async ([before, name, after]) => {
        const { commands, mentions } = (await parseComment(`${before}/wl ${name}${after}`))!
        // Run, or refused in words.
        for (const read of commands.map((one) => readCommand(COMMANDS, one)))
          if ('error' in read) expect(read.error).toMatch(/\S/)
          else expect(COMMANDS).toContain(read.command)
        if (before.startsWith('>')) expect([commands, mentions]).toEqual([[], []])
        else expect(commands.length + mentions.length).toBe(1)
      }),
    )
  })
})

const noise = fc.oneof(
  fc.constantFrom(
    'thanks',
    'great work',
    'commits look wrong',
    'and',
    'or',
    'for',
    'carol',
    'stars',
    'is',
    'this',
    'ünï',
    '很好',
  ),
  fc.constantFrom(
    '1',
    '2',
    '3',
    '5',
    '4.5',
    '4/5',
    '0.7',
    '80%',
    '８',
    '④',
    '4️⃣',
    'four',
    'of 5',
    'out of 5',
    '- 3',
    '3/4/5',
  ),
  fc.constantFrom('"good"', '“so so”', "'fine'", '"', "'", '"not 4?"', "don't"),
  fc.constantFrom('not', 'NOT', 'never', 'without', 'dont', 'don’t', 'no', 'if', 'unless', 'once', '👎', '❌'),
  fc.constantFrom('~~4~~', '~~', '~~gone', '~x~', '~~@bob~~', '~~confirm~~'),
  fc.constantFrom('?', '4?', 'ok?', '？', '!', '.', ',', ';', ':', '…', '-', '—', '(', ')', '**', '_'),
  fc.constantFrom(
    '\u200b',
    '\u202e',
    '\u00a0',
    '\ufe0f',
    'e\u0301',
    '\u{1f468}\u200d\u{1f469}',
    '\ud800',
    '👍',
    ':tada:',
  ),
  fc.constantFrom(
    '@bob',
    '＠carol',
    '@bob,',
    'w-0123456789',
    's-0123456789abcdef',
    '#12',
    'https://x.y/a?b=c,d',
    'confirm',
  ),
)
const options = fc.constantFrom(
  ...new Set(
    COMMANDS.flatMap(({ options: { shape } }) => Object.keys(shape)).flatMap((key) =>
      ['=4', ': 4', ' 3', '=small', '=go', '="good"', '=@bob', '~~=4~~', '=4?', ' is 4', '>=4', '=go and sql'].map(
        (rest) => key + rest,
      ),
    ),
  ),
)

/** What stands outside of quotes, as words. */
const wordsOf = (text: string) =>
  unquoted(text)
    .split(/\s+/)
    .filter((word) => word !== '')
const SAYS_NO = /^(?:not|never|without|dont|don['’]t|👎|❌)[.,!;:]*$/i

describe('whatever noise stands behind a known command', () => {
  const line = (name: string) =>
    fc
      .array(fc.oneof({ weight: 3, arbitrary: noise }, { weight: 1, arbitrary: options }), { maxLength: 6 })
      .map((parts) => [`/wl ${name}`, ...parts].join(' '))

  test.each(COMMANDS)('$name runs as it stands there, or is refused with a reason', async (command) => {
    await fc.assert(
      fc.asyncProperty(line(command.name), async (text) => {
        const { commands } = (await parseComment(text))!
        expect(commands).toHaveLength(1)
        const read = readCommand(COMMANDS, commands[0]!)
        if ('error' in read) {
          expect(read.error).toMatch(/[.?]/)
          expect(read.error).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/)
          const [, copied] = /\n`{3,}\n([\s\S]*)\n`{3,}$/.exec(read.error) ?? []
          for (const one of copied?.split('\n') ?? []) expect((await readAll(filled(one)))[0]).toHaveProperty('args')
          return
        }
        if (read.command.name !== command.name) {
          expect(read.command.name).toBe('help')
          return
        }
        const words = wordsOf(text).slice(2)
        const values = valuesOf(read.args).map((value) => value.toLowerCase())
        const all = bare(text)
        for (const value of values)
          expect([value, ...(CALLED[value] ?? [])].some((one) => all.includes(bare(one)))).toBe(true)
        if (command.group === 'look') return
        // Nothing that is taken back, struck out or asked.
        expect(words.filter((word) => SAYS_NO.test(word))).toEqual([])
        expect(words.filter((word) => /^~{1,2}\p{L}|\p{L}~{1,2}$|~~[\p{L}\p{N}@]/u.test(word))).toEqual([])
        if (!Object.hasOwn(command.options.shape, 'confirm'))
          expect(words.filter((word) => /[?？]/.test(word) && !word.includes('://'))).toEqual([])
        // Whom, what and how much it names is taken, and nothing else.
        for (const [at, word] of words.entries()) {
          const name = /^(?:[@＠]([a-z]+)|([ws]-[0-9a-f]{10,16}))[.,!;:]*$/i.exec(word)
          if (name !== null) expect(values.join(' ')).toContain(name[1] ?? name[2])
          const isScale = /^(?:of|\/)$/.test(words[at - 1] ?? '')
          const number = /^([0-9])[.,!;:]*$/.exec(word)?.[1]
          if (number !== undefined && !isScale) expect(values.join(' ')).toContain(number)
        }
        // To others it may be somebody's handle.
        if (Object.hasOwn(command.options.shape, 'confirm') && values.includes('confirm'))
          expect(words.filter((word) => /\p{L}/u.test(word) && !/^(?:confirm|reason|w-)/i.test(word))).toEqual([])
      }),
      { numRuns: 250 },
    )
  })
})
