import { parseArgs } from 'node:util'

/** What `npm run bench` is to do. */
export interface BenchArguments {
  /** The benches to run, in this order. */
  names: string[]
  quick: boolean
  profile: boolean
  /** GitHub's latency in milliseconds; undefined where each bench takes its own. */
  latency: number | undefined
}

/** A bench as the command line knows it. */
export interface NamedBench {
  /** Whether a latency of GitHub shows in what it measures. */
  takesLatency: boolean
  /** What it measures, in a line. */
  about: string
}

const LONGEST_MS = 10_000

/** Arguments that cannot be followed; the message says what is wrong and what is expected. */
export class WrongArguments extends Error {}

/** Reads the command line, or throws WrongArguments. `benches`: by name. */
export function readArguments(argv: readonly string[], benches: Record<string, NamedBench>): BenchArguments | 'help' {
  const { values, positionals: given } = parsed(argv)
  if (values.help === true) return 'help'
  const all = Object.keys(benches)
  const unknown = given.find((name) => !Object.hasOwn(benches, name))
  if (unknown !== undefined)
    throw new WrongArguments(`There is no bench "${unknown}". Expected some of ${all.join(', ')}, or none for all.`)
  const latency = readLatency(values.latency)
  const late = all.filter((name) => benches[name]!.takesLatency)
  const deaf = given.find((name) => !benches[name]!.takesLatency)
  if (latency !== undefined && deaf !== undefined)
    throw new WrongArguments(
      `The bench "${deaf}" takes no --latency, for GitHub's answers are no part of what it measures. It is for ${late.join(', ')}.`,
    )
  const names = given.length > 0 ? [...new Set(given)] : latency === undefined ? all : late
  return { names, quick: values.quick === true, profile: values.profile === true, latency }
}

/** The text for `--help`. */
export function usage(benches: Record<string, NamedBench>): string {
  const lines = Object.entries(benches).map(([name, { about }]) => `  ${name.padEnd(14)}${about}`)
  return [
    'npm run bench -- [name…] [--latency=<ms>] [--quick] [--profile]',
    '',
    ...lines,
    '',
    `  --latency=<ms>  GitHub answers that much later, 0 to ${LONGEST_MS}; without names, all that take it are run`,
    '  --quick         a few of everything, to see that it runs; the figures then say little',
    '  --profile       with CPU profiles of the bridge, and what it waited for longest',
  ].join('\n')
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        latency: { type: 'string' },
        quick: { type: 'boolean' },
        profile: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    })
  } catch (error) {
    throw new WrongArguments(
      `${(error as Error).message.split('. ')[0]}. Expected --latency=<ms>, --quick, --profile and names of benches; --help lists them.`,
      { cause: error },
    )
  }
}

function readLatency(given: string | undefined): number | undefined {
  if (given === undefined) return undefined
  const ms = /^\d{1,5}$/.test(given) ? Number(given) : NaN
  if (!(ms <= LONGEST_MS))
    throw new WrongArguments(
      `--latency takes whole milliseconds from 0 to ${LONGEST_MS}, such as --latency=80, and was "${given}".`,
    )
  return ms
}
