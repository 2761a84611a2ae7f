import { parseArgs } from 'node:util'
import { UserError } from '../domain/errors.ts'
import type { Imports } from '../domain/imports.ts'
import { createImports } from '../imports/service.ts'
import { notUnderstood } from './arguments.ts'
import { importDepsFor } from './import-deps.ts'
import { openStoresForCommand } from '../stores.ts'
import type { Subcommand } from './subcommand.ts'

export const forgetProfile: Subcommand = {
  name: 'forget',
  usage: 'wasteland-bridge forget <login> [--id <numeric id>] [--decline]',
  summary:
    'removes the imported profile of a person, with its history, and bars imports of them; --decline: they take no further part',
  async run(args, context) {
    const { login, id, declines } = readArguments(args)
    const config = context.readConfig()
    const opened = await openStoresForCommand(config, context.createLog('silent'))
    try {
      const imports = createImports(await importDepsFor(config, opened))
      const known = id ?? (await idOf(imports, login))
      if (known === undefined)
        throw new UserError(
          `There is no sheet of ${login} under their own name. To forget somebody who was renamed, or keep out somebody ` +
            `who has no sheet, name the numeric id too (--id); https://api.github.com/users/${login} tells it.`,
        )
      const { removed, takesPart, proof } = await imports.erase({ id: known, login, type: 'User' }, { declines })
      say(removed ? `Removed what was imported of ${login}, with its history.` : `Nothing was imported of ${login}.`)
      for (const line of proof) say(`  ${line}`)
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

/** A handle stays when its owner is renamed, and the login may be another's by then. */
async function idOf(imports: Imports, login: string): Promise<number | undefined> {
  const sheet = await imports.sheet(login)
  return sheet?.person.login.toLowerCase() === login.toLowerCase() ? sheet.person.id : undefined
}

function readArguments(args: readonly string[]): { login: string; id: number | undefined; declines: boolean } {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      options: { id: { type: 'string' }, decline: { type: 'boolean' } },
      allowPositionals: true,
    })
    const [login, ...more] = positionals
    const isId = values.id === undefined || /^[1-9][0-9]{0,14}$/.test(values.id)
    if (login !== undefined && /^[a-z\d_-]{1,64}$/i.test(login) && more.length === 0 && isId)
      return { login, id: values.id === undefined ? undefined : Number(values.id), declines: values.decline === true }
  } catch {
    // Said below.
  }
  throw notUnderstood(forgetProfile.usage)
}

function say(text: string) {
  process.stdout.write(`${text}\n`)
}
