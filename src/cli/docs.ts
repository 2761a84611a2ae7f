import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import * as linguist from 'linguist-languages'
import { z } from 'zod'
import { COMMANDS } from '../commands/registry.ts'
import { Environment } from '../config.ts'
import type { Language } from '../domain/languages.ts'
import { FILLED_IN, SCALE } from '../domain/scale.ts'
import { loadSubcommands } from './registry.ts'
import { skillText } from './skill-text.ts'
import { stateRows } from './states-text.ts'
import { SettingsFile } from '../authorization/settings-schema.ts'

/**
 * Writes the tables of README and docs from the tables in code, between `<!-- name -->` and `<!-- /name -->`, the
 * agents' skill, and Linguist's languages. `--check`: changes nothing, exits 1 when one of them is behind.
 */

const cell = (text: string) => text.replaceAll('|', '\\|')

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows.map((row) => row.map(cell))]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n')
}

function commandTable(): string {
  return table(
    ['command', 'who may', 'does'],
    COMMANDS.map(({ usage, who, summary }) => [`\`${usage}\``, who, summary]),
  )
}

const subcommands = await loadSubcommands()

function subcommandTable(): string {
  return table(
    ['command', 'does'],
    subcommands.map(({ usage, summary }) => [`\`${usage}\``, summary]),
  )
}

const Described = z.object({
  description: z.string().optional(),
  // The default of a group of keys is an object and not shown: its keys have their own.
  default: z
    .union([z.string(), z.number(), z.boolean(), z.array(z.string())])
    .optional()
    .catch(undefined),
  get properties() {
    return z.record(z.string(), Described).optional()
  },
})

/** One row a key of a schema, from its descriptions and defaults; keys below others as `labels.wanted`. */
function keyTable(head: string, schema: z.ZodType): string {
  return table([head, 'meaning', 'default'], keyRows(Described.parse(z.toJSONSchema(schema, { io: 'input' }))))
}

function keyRows({ properties }: z.output<typeof Described>, under = ''): string[][] {
  return Object.entries(properties ?? {}).flatMap(([name, key]) => {
    const path = under + name
    if (key.description !== undefined) return [[`\`${path}\``, key.description, standardOf(key.default)]]
    if (key.properties === undefined) throw new Error(`${path} has no description`)
    return keyRows(key, `${path}.`)
  })
}

function standardOf(value: z.output<typeof Described>['default']): string {
  const words = (Array.isArray(value) ? value : [value ?? '']).join(', ')
  return words === '' ? '' : `\`${words}\``
}

type Tables = Readonly<Record<string, () => string>>

/** The meaning of each score, a column a number. */
function scoreTable(): string {
  const scores = SCALE.filter(({ values }) => values.every(([value]) => /^[1-5]$/.test(value)))
  const [first] = scores
  return table(
    ['', ...first!.values.map(([value]) => value)],
    scores.map(({ name, tells, values }) => [`\`${name}\`: ${tells}`, ...values.map(([, means]) => means)]),
  )
}

/** The options beside the scores, a line a value. */
function besideTable(): string {
  const rest = SCALE.filter(({ values }) => !values.every(([value]) => /^[1-5]$/.test(value)))
  return table(
    ['option', 'value', 'means'],
    rest.flatMap(({ name, tells, values }) =>
      values.map(([value, means], at) => [at === 0 ? `\`${name}\`: ${tells}` : '', `\`${value}\``, means]),
    ),
  )
}

const README: Tables = {
  scale: () => `${scoreTable()}\n\n${besideTable()}\n\n${FILLED_IN}`,
  commands: commandTable,
  settings: () => keyTable('key', SettingsFile),
}

const OPERATING: Tables = {
  subcommands: subcommandTable,
  environment: () => keyTable('variable', Environment),
}

const STATUS: Tables = {
  states: () => table(['the comment', 'the check', 'means'], stateRows()),
}

const fill = (tables: Tables) => (page: string) =>
  Object.entries(tables).reduce((text, [name, make]) => {
    const place = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`)
    if (!place.test(text)) throw new Error(`The page has no place for the table "${name}"`)
    return text.replace(place, (_, start: string, end: string) => `${start}\n${make()}\n\n${end}`)
  }, page)

/** What we read of Linguist's languages, a line each (`src/domain/languages.ts`). */
function languageLines(): string {
  const lines = Object.values(linguist).map(({ name, type, ...more }: LinguistLanguage) => {
    const lists = [more.filenames ?? [], more.extensions ?? []]
    const cells = [name, type, more.group ?? '', ...lists.map((list) => list.join(','))]
    if (cells.some((cell) => cell.includes('\t')) || lists.flat().some((one) => one.includes(',')))
      throw new Error(`languages.tsv cannot hold ${name}`)
    return cells.join('\t').trimEnd()
  })
  return [
    '# Of the package linguist-languages (MIT), which npm run fix reads: name, type, group, file names, extensions.',
    ...lines,
    '',
  ].join('\n')
}

type LinguistLanguage = Partial<Pick<Language, 'group' | 'filenames' | 'extensions'>> & Pick<Language, 'name' | 'type'>

const FILES = [
  { name: 'README.md', make: fill(README) },
  { name: 'docs/operating.md', make: fill(OPERATING) },
  { name: 'docs/status.md', make: fill(STATUS) },
  { name: '.claude/skills/wasteland/SKILL.md', make: skillText },
  { name: 'src/domain/languages.tsv', make: languageLines },
] as const

for (const { name, make } of FILES) {
  const file = new URL(`../../${name}`, import.meta.url)
  const before = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const after = make(before)
  if (before === after) process.stdout.write(`${name} is up to date.\n`)
  else if (process.argv.includes('--check')) {
    process.stderr.write(`${name} is behind the tables in code: run npm run fix.\n`)
    process.exitCode = 1
  } else {
    mkdirSync(new URL('.', file), { recursive: true })
    writeFileSync(file, after)
    process.stdout.write(`${name} is written.\n`)
  }
}
