import { parseArgs, type ParseArgsConfig } from 'node:util'
import { UserError } from '../domain/errors.ts'

/** The error for arguments that do not fit the subcommand's usage: exit code 2, where other errors have 1. */
export class UsageError extends UserError {
  override name = 'UsageError'
}

type CliOptions = NonNullable<ParseArgsConfig['options']>

/**
 * Parses arguments by `parseArgs` of Node, strictly. Throws a UsageError that names the unknown argument and the usage.
 */
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

/** Node's reason without its second sentence, which is advice that does not hold here. */
function reasonOf(error: unknown): string {
  const [first = ''] = (error instanceof Error ? error.message : String(error)).split('. ')
  return first.slice(0, 120)
}

export function notUnderstood(usage: string, why?: string): UsageError {
  return new UsageError(`Not understood${why === undefined ? '' : ` (${why})`}. Expected: ${usage}`)
}

/** Refuses any argument, for a subcommand that takes none. */
export function refuseArguments(args: readonly string[], usage: string): void {
  readArguments(args, usage, {})
}
