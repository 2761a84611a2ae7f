import { parseArgs } from 'node:util'
import { NotProven, UserError } from '../domain/errors.ts'
import type { ErasureChecks } from '../domain/imports.ts'
import { createImports } from '../imports/service.ts'
import { notUnderstood } from './arguments.ts'
import { importDepsFor } from './import-deps.ts'
import { proofOf } from '../replies/forgotten.ts'
import { openStoresForCommand } from '../stores.ts'
import { JSON_OPTION, say, sayJson } from './output.ts'
import type { Subcommand } from './subcommand.ts'

export const forgetProfile: Subcommand = {
  name: 'forget',
  usage: 'wasteland-bridge forget <login> [--id <numeric id>] [--decline] [--json]',
  summary:
    'removes the imported profile of a person, with its history, and bars imports of them; --decline: they take no further part',
  async run(args, context) {
    const { login: given, id, declines, json } = readArguments(args)
    const config = context.readConfig()
    const opened = await openStoresForCommand(config, context.createLog('silent'))
    try {
      const imports = createImports(await importDepsFor(config, opened))
      const sheet = await (id === undefined ? imports.sheet(given) : imports.sheetOf({ id }))
      // A handle stays when its owner is renamed, and the login may be another's by then.
      const isTheirs = sheet?.person.login.toLowerCase() === given.toLowerCase()
      const login = isTheirs ? sheet.person.login : given
      const known = id ?? (isTheirs ? sheet.person.id : undefined) ?? (await imports.erasureOf(login))
      if (known === undefined)
        throw new UserError(
          `There is no sheet of ${login} under their own name. To forget somebody who was renamed, or keep out somebody ` +
            `who has no sheet, name the numeric id too (--id); https://api.github.com/users/${login} tells it.`,
        )
      const { removed, takesPart, checked } = await imports
        .erase({ id: known, login, type: 'User' }, { declines })
        .catch(toldHowToGoOn(`wasteland-bridge forget ${login} --id ${known}${declines ? ' --decline' : ''}`))
      if (json) {
        sayJson({ login, id: known, removed, takesPart, proof: checked ? shown(checked) : null })
        return 0
      }
      say(removed ? `Removed what was imported of ${login}, with its history.` : `Nothing was imported of ${login}.`)
      for (const line of checked ? proofOf(checked, 'them') : []) say(`  ${line}`)
      say(
        !takesPart
          ? 'They take no further part: nothing of them is imported or recorded. What the commons has stays, it is append-only.'
          : 'Nobody can import them. They go on taking part; with --decline they take none.',
      )
      say('They alone take that back: /wl join, in an issue or pull request.')
      return 0
    } finally {
      await opened.close()
    }
  },
}

/** The address is right where the proof fails, so the sentence of other failures would mislead. */
function toldHowToGoOn(again: string) {
  return (error: unknown): never => {
    if (!(error instanceof NotProven)) throw error
    throw new UserError(
      `Not done yet: ${error.message}. The wish is noted, and imports of them are barred. ` +
        `Run ${again} again; a bridge that runs tries again by itself every few minutes.`,
    )
  }
}

interface ForgetArguments {
  login: string
  id: number | undefined
  declines: boolean
  json: boolean
}

/** The proof, for `--json`. */
function shown({ files, commits, remotes, commentStays }: ErasureChecks) {
  return { filesRead: files ?? null, formerCommits: commits, remotes, commentStays }
}

function readArguments(args: readonly string[]): ForgetArguments {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      options: { id: { type: 'string' }, decline: { type: 'boolean' }, ...JSON_OPTION },
      allowPositionals: true,
    })
    const [login, ...more] = positionals
    const isId = values.id === undefined || /^[1-9][0-9]{0,14}$/.test(values.id)
    const { decline: declines = false, json } = values
    if (login !== undefined && /^[a-z\d_-]{1,64}$/i.test(login) && more.length === 0 && isId)
      return { login, id: values.id === undefined ? undefined : Number(values.id), declines, json }
  } catch {
    // Reported below.
  }
  throw notUnderstood(forgetProfile.usage)
}
