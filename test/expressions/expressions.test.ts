import { check } from 'recheck'
import { expect, it } from 'vitest'
import { collect, type Expression, expressionsIn } from './collect.ts'

// GitHub's users write what most of these are held against, and one that goes back over its text again and again is
// enough to stop the bridge.

const ROOT = new URL('../..', import.meta.url).pathname
const EXPRESSIONS = collect(ROOT, ['src', 'importers'])

/** What recheck calls slow, and why it may be so: by file and source. */
const SLOW: Record<string, string> = {
  'src/cli/demo.ts \\n*<!--.*?-->': 'the demo’s own replies',
}

/** Those that are put together at run time, by file: how they are bounded. */
const DYNAMIC: Record<string, string> = {
  'src/cli/docs.ts': 'over our own pages, when somebody asks for `npm run fix`',
  'src/ledger/tables/upgrade-plan.ts': 'a column’s name, over the checks of our own schema file',
  'src/ledger/profiles/erasure-marks.ts':
    'an escaped host and a number around one run of at most 100 characters without a slash',
}

const nameOf = ({ file, source }: Expression) => `${file} ${source}`

it('no regular expression goes back over its text again and again', { timeout: 600_000 }, async () => {
  const read = EXPRESSIONS.filter(({ source }) => source !== undefined)
  const slow: string[] = []
  const verdicts = new Map<string, Promise<string | undefined>>()
  for (const expression of read) {
    const key = `${expression.flags}/${expression.source}`
    if (!verdicts.has(key)) verdicts.set(key, faultOf(expression))
    const fault = await verdicts.get(key)
    if (fault !== undefined) slow.push(nameOf(expression))
  }
  // One that is no longer slow leaves the table.
  expect([...new Set(slow)].toSorted()).toEqual(Object.keys(SLOW).toSorted())
})

it('regular expressions that are put together at run time are known', () => {
  const dynamic = EXPRESSIONS.filter(({ source }) => source === undefined).map(({ file }) => file)
  expect([...new Set(dynamic)].toSorted()).toEqual(Object.keys(DYNAMIC).toSorted())
})

it('regular expressions are found wherever they are written', () => {
  expect(EXPRESSIONS.length).toBeGreaterThan(100)
  const text = [
    'const WORD = String.raw`\\w+`',
    "const PART = 'a' + WORD",
    "text.split(/;\\s*$/m); z.string().regex(/^b$/i); text.match('c+')",
    'new RegExp(`^${PART}$`, "gi"); RegExp(later)',
    'new RegExp(/d/.source + "e")',
  ].join('\n')
  const found = expressionsIn('a.ts', text).map(({ source, flags, line }) => `${line} /${source}/${flags}`)
  expect(found.toSorted()).toEqual([
    '3 /;\\s*$/m',
    '3 /^b$/i',
    '3 /c+/',
    '4 /^a\\w+$/gi',
    '4 /undefined/',
    '5 /d/',
    '5 /de/',
  ])
  expect(() => expressionsIn('b.ts', 'const = /a/')).toThrow('b.ts cannot be read')
})

it.each(['\\s+$', '^# (.*?)[ \\t]*#*[ \\t]*$', '(a|a)*b', '\\/+$'])('the checker finds %s slow', async (source) => {
  expect(await faultOf({ file: '', line: 1, source, flags: '' })).toMatch(/polynomial|exponential/)
})

/** Undefined for one whose time grows with its text and no faster. The same on each machine: no clock, a fixed seed. */
async function faultOf({ source, flags }: Expression): Promise<string | undefined> {
  // recheck does not know sets of characters as the flag `v` has them.
  if (flags.includes('v'))
    return repeats(source!) ? 'it repeats something, and recheck cannot read the flag v' : undefined
  const found = await check(source!, flags, { timeout: null, randomSeed: 1 })
  if (found.status === 'safe') return undefined
  return found.status === 'vulnerable' ? found.complexity.summary : found.error.kind
}

/** True where there may be a quantifier; also of a class that has its sign. */
function repeats(source: string): boolean {
  return /[*+?{]/.test(source.replaceAll(/\\[pPu]\{[^}]*\}|\(\?[:=!<]/g, ''))
}
