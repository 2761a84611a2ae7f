import leven from 'leven'
import { Unavailable, UserError } from '../domain/errors.ts'
import { GitHubRefused } from '../github/errors.ts'
import { loadPart, PartNotLoaded } from '../ops/load-part.ts'
import { UsageError } from './arguments.ts'
import { helpFor, helpOf, versionLine } from './help.ts'
import { loadSubcommands, SUBCOMMANDS } from './registry.ts'
import type { CliContext, Subcommand } from './subcommand.ts'

/** Exit codes: 0 done; 1 not done, for a reason that is printed; 2 not understood. */
const [DONE, NOT_DONE, NOT_UNDERSTOOD] = [0, 1, 2]

/**
 * Runs a subcommand. An error that its user can mend is printed in one line on standard error. Resolves to the exit
 * code.
 */
export async function runCli(args: readonly string[], context: CliContext): Promise<number> {
  const [name = 'help', ...rest] = args
  if (isHelp(name)) return help(rest)
  if (['version', '--version', '-V', '-v'].includes(name)) return say(versionLine())
  try {
    const subcommand = await find(name)
    if (subcommand === undefined) return unknown(name)
    if (rest.includes('--help') || rest.includes('-h')) return say(helpFor(subcommand).trimEnd())
    return await subcommand.run(rest, context)
  } catch (error) {
    const said = inWords(error)
    if (said === undefined) throw error
    process.stderr.write(`${said}\n`)
    return error instanceof UsageError ? NOT_UNDERSTOOD : NOT_DONE
  }
}

function isHelp(name: string): boolean {
  return ['help', '--help', '-h'].includes(name)
}

async function find(name: string): Promise<Subcommand | undefined> {
  const known = SUBCOMMANDS.find((one) => one.name === name)
  return known && loadPart(`The subcommand ${name}`, known.load)
}

async function help([about]: readonly string[]): Promise<number> {
  if (about === undefined || isHelp(about)) return say(helpOf(await loadSubcommands()).trimEnd())
  const subcommand = await find(about)
  return subcommand === undefined ? unknown(about) : say(helpFor(subcommand).trimEnd())
}

function say(text: string): number {
  process.stdout.write(`${text}\n`)
  return DONE
}

/** The largest edit distance of a typo. */
const NEAR = 2

function unknown(name: string): number {
  const shown = name.slice(0, 40)
  const [nearest] = SUBCOMMANDS.map((known) => ({ known: known.name, far: leven(known.name, shown) })).toSorted(
    (one, other) => one.far - other.far,
  )
  const meant = nearest !== undefined && nearest.far <= NEAR ? ` Did you mean ${nearest.known}?` : ''
  process.stderr.write(`There is no subcommand ${shown}.${meant} wasteland-bridge help lists them all.\n`)
  return NOT_UNDERSTOOD
}

/** Error codes of files and folders that this user may not use, or that are not there. */
const MACHINE = new Set(['EACCES', 'EPERM', 'ENOTDIR', 'EISDIR', 'ENOENT', 'EROFS', 'EMFILE', 'ELOOP'])

/** Error codes of a full disk. A failed write names no path, for it has only a file descriptor. */
const FULL = new Set(['ENOSPC', 'EDQUOT'])

/** The sentence for an error that the user can do something about; undefined for a bug of the program. */
function inWords(error: unknown): string | undefined {
  if (error instanceof UserError || error instanceof PartNotLoaded) return error.message
  if (error instanceof Unavailable) return `Not done: ${error.message}. Check the address and try again.`
  if (error instanceof GitHubRefused)
    return `Not done: ${error.message}, which is a refusal. Check the App’s permissions and the name given.`
  const { code, path } = (error ?? {}) as NodeJS.ErrnoException
  if (code !== undefined && FULL.has(code))
    return `Not done: there is no room left on the disk (${code}). Make some, or name another place with DATA_DIR.`
  if (code !== undefined && path !== undefined && MACHINE.has(code))
    return `Not done: ${path} cannot be used (${code}). Let this user use it, or name another place with DATA_DIR.`
  return undefined
}
