import { SCALE } from '../../domain/scale.ts'
import type { Command } from '../command.ts'
import { denies } from './denials.ts'

/** Words that begin a question, in the place of a command's name. */
const ASKING = new Set(
  'how what whats which who whose where when why can could may might must should do does did is are am will would explain'.split(
    ' ',
  ),
)
/** The most words of a question that are read. */
const MOST_WORDS = 100

/** The command or measure that a question is about: `/wl how do I claim this?`. Undefined for other text. */
export function askedAbout(
  commands: readonly Command[],
  { name, rest }: { name: string; rest: string },
): { command?: string } | undefined {
  if (!ASKING.has(name.toLowerCase().replace(/['’]/g, ''))) return undefined
  return rest
    .toLowerCase()
    .split(/[^\p{L}'’]+/u, MOST_WORDS)
    .some(denies)
    ? undefined
    : askedIn(commands, rest)
}

/** Whether a name surely begins a question; `do` and the like may also begin an order. */
export function isAsking(name: string): boolean {
  return /^(?:why|how|what|whats|when|where|who|which|whose|is|are|was|were|did|does|has|will)$/.test(
    name.replace(/['’]/g, ''),
  )
}

/** The command or measure that is named in a request for help. */
export function askedIn(commands: readonly Command[], text: string): { command?: string } {
  const known = new Set([
    ...commands.flatMap((one) => [one.name, ...(one.aliases ?? [])]),
    ...SCALE.map((measure) => measure.name),
  ])
  known.delete('help')
  const words = text.toLowerCase().split(/[^a-z]+/, MOST_WORDS)
  const about = words.find((word) => known.has(word))
  return about === undefined ? {} : { command: about }
}
