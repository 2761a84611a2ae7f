import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readAdmitted, readAdmittedHere } from '../authorization/admitted-names.ts'
import type { Config } from '../config.ts'
import { wrongName } from '../domain/admitted-name.ts'
import { UserError } from '../domain/errors.ts'
import { writePrivately } from '../ops/private-file.ts'
import { lookUpName } from './admit-lookup.ts'
import { notUnderstood, readArguments, UsageError } from './arguments.ts'
import { say, sayJson } from './output.ts'
import type { CliContext, Subcommand } from './subcommand.ts'

export const admit: Subcommand = {
  name: 'admit',
  usage: 'wasteland-bridge admit <owner/repo or owner>[#id]… | --list [--json] | --remove <name>…',
  summary: 'serves further repositories, at once; lists them, or serves them no more',
  async run(args, context) {
    const { values, positionals: names } = readArguments(args, admit.usage, OPTIONS, { positionals: true })
    if (values.list === true && (values.remove === true || names.length > 0)) throw notUnderstood(admit.usage)
    if (values.json === true && values.list !== true) throw notUnderstood(admit.usage)
    if (values.list !== true && names.length === 0)
      throw new UsageError('Name at least one repository: wasteland-bridge admit owner/repo')
    const wrong = names.map(wrongName).find((sentence) => sentence !== undefined)
    if (wrong !== undefined) throw new UserError(wrong)
    const config = context.readConfig()
    if (values.list === true) return list(config, values.json === true)
    return values.remove === true ? remove(config, names) : add(config, context, names)
  },
}

const OPTIONS = { list: { type: 'boolean' }, json: { type: 'boolean' }, remove: { type: 'boolean' } } as const

async function add(config: Config, context: CliContext, names: readonly string[]): Promise<number> {
  const { dataDir, ADMIT } = config
  const known = await readAdmitted(ADMIT, dataDir)
  // All are looked up before the first is written.
  const found = await Promise.all(names.map((name) => lookUpName(config, context, name)))
  const absent = found.find((one) => 'absent' in one)
  if (absent !== undefined && 'absent' in absent) throw new UserError(absent.absent)
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  for (const [n, name] of names.entries()) {
    const [plain = '', id] = name.toLowerCase().split('#')
    const { ownerId, repositoryId } = known.get(plain) ?? {}
    const isKnown = id === undefined ? known.has(plain) : [ownerId, repositoryId].includes(Number(id))
    // The line break comes first: somebody may have left the last line without one.
    if (!isKnown) await appendFile(fileIn(dataDir), `\n${name.toLowerCase()}\n`, { mode: 0o600 })
    const lookup = found[n]!
    say(`${name} is admitted${isKnown ? ' already' : ''}.${'note' in lookup ? ` ${lookup.note}` : ''}`)
  }
  say('A private repository also needs "private: publish" in its .github/wasteland.yml.')
  return 0
}

async function list({ dataDir, ADMIT, GHE_HOST }: Config, asJson: boolean): Promise<number> {
  const named = await readAdmittedHere(ADMIT, dataDir, GHE_HOST ?? 'github')
  const fromEnvironment = new Set(ADMIT.map((name) => name.toLowerCase().split('#')[0]))
  const admitted = [...named].map(([name, meaning]) => ({
    name,
    id: meaning?.repositoryId ?? meaning?.ownerId ?? null,
    fromEnvironment: fromEnvironment.has(name),
  }))
  if (asJson) sayJson(admitted)
  else
    for (const one of admitted)
      say(`${one.name}${one.id === null ? '' : `#${one.id}`}${one.fromEnvironment ? '  (ADMIT)' : ''}`)
  if (named.size === 0 && !asJson)
    say('None is admitted by name. The public repositories of the App’s owner are served all the same.')
  return 0
}

/**
 * Takes names out of DATA_DIR/admitted. Their ids stay in DATA_DIR/admitted-ids: a name that is admitted again means
 * the same.
 */
async function remove({ dataDir, ADMIT }: Config, names: readonly string[]): Promise<number> {
  const plain = (name: string) => name.trim().toLowerCase().split('#')[0] ?? ''
  const gone = new Set(names.map(plain))
  const fixed = ADMIT.find((name) => gone.has(plain(name)))
  if (fixed !== undefined)
    throw new UserError(`${fixed} is named by the variable ADMIT. Take it out there, and start the bridge again.`)
  const text = await readFile(fileIn(dataDir), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const unknown = [...gone].find((name) => !lines.some((line) => plain(line) === name))
  if (unknown !== undefined)
    throw new UserError(`${unknown} is not admitted by name. wasteland-bridge admit --list shows what is.`)
  const left = lines.filter((line) => !gone.has(plain(line)))
  writePrivately(fileIn(dataDir), left.map((line) => `${line}\n`).join(''))
  for (const name of gone) say(`${name} is admitted no more. What was recorded of it stays.`)
  return 0
}

function fileIn(dataDir: string): string {
  return join(dataDir, 'admitted')
}
