import { parseArgs, type ParseArgsConfig } from 'node:util'
import { UserError } from '../domain/errors.ts'

/** What was typed is not how the subcommand is written: exit code 2, where a fault of another kind is 1. */
export class UsageError extends UserError {
  override name = 'UsageError'
}

type CliOptions = NonNullable<ParseArgsConfig['options']>

/** `parseArgs` of Node, strict. Throws UsageError that names what is not known, and the usage. */
export function readArguments<const T extends CliOptions>(
  args: readonly string[],
  usage: string,
  options: T,
  { positionals = false }: { positionals?: boolean } = {},
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: positionals })
  } catch (error) {
    throw notUnderstood(usage, reasonOf(error))
  }
}

/** Node's reason, of whose two sentences the second is advice that does not hold here. */
function reasonOf(error: unknown): string {
  const [first = ''] = (error instanceof Error ? error.message : String(error)).split('. ')
  return first.slice(0, 120)
}

export function notUnderstood(usage: string, why?: string): UsageError {
  return new UsageError(`Not understood${why === undefined ? '' : ` (${why})`}. Expected: ${usage}`)
}

/** For a subcommand that takes none. */
export function refuseArguments(args: readonly string[], usage: string): void {
  readArguments(args, usage, {})
}
