import { SCALE } from '../../domain/scale.ts'
import type { Command } from '../command.ts'
import { denies } from './denials.ts'

/** What a question begins with, where a command's name would stand. */
const ASKING = new Set(
  'how what whats which who whose where when why can could may might must should do does did is are am will would explain'.split(
    ' ',
  ),
)
/** Words of a question that are looked at. */
const MOST_WORDS = 100

/** The command or measure that a question is about: `/wl how do I claim this?`. Undefined of what is no question. */
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

/** What a name surely asks, beside `do` and the like, which may also begin an order. */
export function isAsking(name: string): boolean {
  return /^(?:why|how|what|whats|when|where|who|which|whose|is|are|was|were|did|does|has|will)$/.test(
    name.replace(/['’]/g, ''),
  )
}

/** The command or measure that is named in words about which help is asked. */
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
