import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type CommentEdit, toRun } from '../../src/commands/edited.ts'
import { parseCommands } from '../../src/commands/parser/parse.ts'
import { readCommand } from '../../src/commands/parser/read.ts'
import { COMMANDS } from '../../src/commands/registry.ts'
import { type Left, othersLines } from '../../src/domain/comment-history.ts'

/** What runs of the last of these versions, which its author left. */
async function run(versions: readonly Left[]) {
  const now = versions.at(-1)!.text
  const before = versions.slice(0, -1)
  const edit: CommentEdit = { before: before.at(-1)!.text, others: async () => othersLines(before) }
  const { written, refused } = await toRun(await parseCommands(now), edit)
  return { runs: (written ?? []).map((one) => readCommand(COMMANDS, one)), refused }
}

const own = (text: string): Left => ({ text, byAuthor: true })
const other = (text: string): Left => ({ text, byAuthor: false })

it.each<[string, string, string]>([
  ['an option', 'Nice.\ncreativity=5', 'Nice.\n\n/wl stamp quality=2\ncreativity=5'],
  ['an option in a list', 'Nice.\n\n- creativity=5', 'Nice.\n\n/wl stamp quality=2\n- creativity=5'],
  ['the end of a text', 'Nice.\nbad" creativity=5', 'Nice.\n\n/wl stamp quality=2 message="not\nbad" creativity=5'],
  ['what a backslash joins', 'Nice.\ncreativity=5', '/wl stamp quality=2 \\\ncreativity=5'],
  ['an option that stood in a comment of HTML', '<!-- x\ncreativity=5 -->', '/wl stamp quality=2\ncreativity=5'],
])('a command does not go on with a line that somebody else planted: %s', async (_name, planted, now) => {
  const { runs, refused } = await run([own('Nice.'), other(planted), own(now)])
  expect(runs).toEqual([])
  expect(refused).toMatchObject({ ok: false, text: expect.stringContaining('Somebody else edited this comment') })
})

it('a command of several lines runs where nobody but its author edited the comment', async () => {
  const { runs } = await run([own('Nice.'), own('Nice.\n\n/wl stamp quality=2\ncreativity=5')])
  expect(runs).toMatchObject([{ args: { quality: 2, creativity: 5 } }])
})

it('of lines that somebody else edited in, none gives a value to a command of the author', async () => {
  const theirs = fc.constantFrom(
    'creativity=5',
    '- creativity=5',
    'creativity: 5',
    '**creativity=5**',
    'x" creativity=5',
    'message="planted',
    'message="planted"',
    '\\',
    'planted \\',
    '<!-- creativity=5',
    '`creativity=5`',
    '> creativity=5',
    '/wl stamp creativity=5 quality=1',
    '',
  )
  const mine = fc.constantFrom(
    'Nice.',
    '',
    '/wl stamp quality=2',
    '/wl stamp quality=2 \\',
    '/wl stamp quality=2 message="fine',
    'fine"',
    '-->',
    'reliability=3',
  )
  const lines = fc.array(mine, { maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(
      lines,
      fc.array(fc.tuple(fc.nat(6), theirs), { minLength: 1, maxLength: 3 }),
      fc.array(fc.tuple(fc.nat(9), mine), { maxLength: 4 }),
      async (first, planted, added) => {
        const insert = (into: readonly string[], all: readonly (readonly [number, string])[]) =>
          all.reduce((text, [at, line]) => text.toSpliced(Math.min(at, text.length), 0, line), [...into])
        const then = insert(first, planted)
        const now = insert(then, added)
        const { runs } = await run([own(first.join('\n')), other(then.join('\n')), own(now.join('\n'))])
        for (const read of runs) {
          if ('error' in read) continue
          expect(read.args['creativity']).toBeUndefined()
          expect(JSON.stringify(read.args['message'] ?? '')).not.toMatch(/planted|creativity/)
        }
      },
    ),
    { numRuns: 2_000 },
  )
}, 60_000)
