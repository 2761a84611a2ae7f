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
import { openStoresForCommand } from '../stores.ts'
import type { Subcommand } from './subcommand.ts'

const LOOK_MS = 250
const LONGEST_SHOWN = 40

export const importProfiles: Subcommand = {
  name: 'import',
  usage: 'wasteland-bridge import <login…>',
  summary: 'makes character sheets of GitHub profiles, with IMPORT_TOKEN',
  async run(args, context) {
    const logins = readLogins(args)
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
      let failed = 0
      for (const login of logins) if (!(await importOne(imports, login, ending.signal))) failed++
      return failed === 0 ? 0 : 1
    } finally {
      process.off('SIGINT', end).off('SIGTERM', end)
      await opened.close()
    }
  },
}

function readLogins(args: readonly string[]): string[] {
  try {
    const { positionals } = parseArgs({ args: [...args], options: {}, allowPositionals: true })
    if (positionals.length > 0) return positionals.map((login) => login.replace(/^@/, ''))
  } catch {
    // Said below.
  }
  throw notUnderstood(importProfiles.usage)
}

/** Asks for it and shows how far it is. False when it came to nothing. */
async function importOne(imports: Imports, login: string, signal: AbortSignal): Promise<boolean> {
  const requested = await imports.request({ login, by: { way: 'operator' } })
  if ('refused' in requested) {
    process.stderr.write(`${oneLine(login, LONGEST_SHOWN)}: not imported. ${requested.refused}\n`)
    return false
  }
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
      return printEnd(view, line)
    }
    if (line !== shown) progress.report((shown = line))
    await sleep(LOOK_MS, undefined, { signal }).catch(() => {})
  }
}

function printEnd({ state }: ImportView, line: string): boolean {
  ;(state === 'done' ? process.stdout : process.stderr).write(`${line}\n`)
  return state === 'done'
}
