import type { CliContext } from './subcommand.ts'

/** Option of a subcommand whose answer programs read, too. */
export const JSON_OPTION = { json: { type: 'boolean', default: false } } as const

/** Prints a line on standard output. */
export function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** Prints the one document of `--json`. What else is said goes to standard error. */
export function sayJson(document: unknown): void {
  say(JSON.stringify(document, null, 2))
}

/** A function that prints lines for people: nothing with `--json`, whose document has the same. */
export function printerFor({ json }: { json: boolean }): (line: string) => void {
  return json ? () => {} : say
}

/** Prints a line on standard error. */
export function sayOnStderr(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** A context whose log goes to standard error, where `--json` has standard output for its document alone. */
export function logToStderr(context: CliContext): CliContext {
  return { ...context, createLog: (level) => context.createLog(level, process.stderr) }
}
