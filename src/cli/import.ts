import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { UserError } from '../domain/errors.ts'
import type { Imports, ImportView } from '../domain/imports.ts'
import { oneLine } from '../domain/text.ts'
import { createImports, workOnImports } from '../imports/service.ts'
import { progressOn } from '../ops/progress.ts'
import { stateLine } from '../replies/imports.ts'
import { notUnderstood } from './arguments.ts'
import { importDepsFor } from './import-deps.ts'
import { JSON_OPTION, say, sayOnStderr, sayJson } from './output.ts'
import { openStoresForCommand } from '../stores.ts'
import type { Subcommand } from './subcommand.ts'

const POLL_MS = 250
const LONGEST_SHOWN = 40

export const importProfiles: Subcommand = {
  name: 'import',
  usage: 'wasteland-bridge import <login…> [--json]',
  summary: 'makes character sheets of GitHub profiles, with IMPORT_TOKEN',
  async run(args, context) {
    const wish = readOptions(args)
    const config = context.readConfig()
    const ending = new AbortController()
    const end = () => ending.abort()
    process.once('SIGINT', end).once('SIGTERM', end)
    const opened = await openStoresForCommand(config, context.createLog('silent'))
    try {
      const deps = await importDepsFor(config, opened)
      const imports = createImports(deps)
      // A server that runs works on its queue itself.
      if (!opened.isRunning) workOnImports(deps, opened.imports, ending.signal)
      return (await importAll(imports, wish, ending.signal)) ? 0 : 1
    } finally {
      process.off('SIGINT', end).off('SIGTERM', end)
      await opened.close()
    }
  },
}

interface Wish {
  logins: string[]
  json: boolean
}

function readOptions(args: readonly string[]): Wish {
  try {
    const { positionals, values } = parseArgs({ args: [...args], options: JSON_OPTION, allowPositionals: true })
    if (positionals.length > 0)
      return { logins: positionals.map((login) => login.replace(/^@/, '')), json: values.json }
  } catch {
    // Reported below.
  }
  throw notUnderstood(importProfiles.usage)
}

/**
 * The end of one import, as `--json` tells it. `refused`: none was begun. `stopped`: the command ended before the
 * import did. `not begun`: the command ended before its turn.
 */
interface EndedImport {
  login: string
  state: ImportView['state'] | 'refused' | 'stopped' | 'not begun'
  /** The handle of the sheet, which is no rig's. */
  handle: string | null
  /** Whether the sheet differs from the one before. */
  changed: boolean
  /** Why there is no sheet: a sentence. */
  reason: string | null
}

/** Imports one after the other. False when one came to nothing. */
async function importAll(imports: Imports, { logins, json }: Wish, signal: AbortSignal): Promise<boolean> {
  const ended: EndedImport[] = logins.map((login) => withoutSheet(login, 'not begun'))
  try {
    for (const [n, login] of logins.entries()) {
      const begun = () => void (ended[n] = withoutSheet(login, 'stopped'))
      const { line, ...one } = await importOne(imports, login, { signal, begun })
      ended[n] = one
      if (one.state !== 'done') sayOnStderr(line)
      else if (!json) say(line)
    }
  } finally {
    if (json && ended.some(({ state }) => state !== 'not begun')) sayJson(ended)
  }
  return ended.every(({ state }) => state === 'done')
}

function withoutSheet(login: string, state: EndedImport['state'], reason: string | null = null): EndedImport {
  return { login: oneLine(login, LONGEST_SHOWN), state, handle: null, changed: false, reason }
}

/** Requests an import and shows its progress. `begun` is called once it is stored. `line`: how it ended, in words. */
async function importOne(
  imports: Imports,
  login: string,
  { signal, begun }: { signal: AbortSignal; begun: () => void },
): Promise<EndedImport & { line: string }> {
  const requested = await imports.request({ login, by: { way: 'operator' } })
  if ('refused' in requested) {
    const { refused: reason } = requested
    const line = `${oneLine(login, LONGEST_SHOWN)}: not imported. ${reason}`
    return { ...withoutSheet(login, 'refused', reason), line }
  }
  begun()
  const progress = progressOn(process.stderr)
  let shown = ''
  for (;;) {
    const view = await imports.find(requested.job)
    if (view === undefined)
      throw new UserError(`The import of ${login} is not there any more: they were forgotten meanwhile.`)
    const line = stateLine(view)
    if (view.endedAt !== undefined || signal.aborted) {
      progress.end()
      if (view.endedAt === undefined) throw new UserError(`Stopped. ${login} is gone on with at the next start.`)
      const { state, sheet, failure: reason = null } = view
      return { login: view.login, state, handle: sheet?.handle ?? null, changed: sheet?.changed === true, reason, line }
    }
    if (line !== shown) progress.report((shown = line))
    await sleep(POLL_MS, undefined, { signal }).catch(() => {})
  }
}
