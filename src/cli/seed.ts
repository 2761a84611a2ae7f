import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { z } from 'zod'
import { UserError } from '../domain/errors.ts'
import { discoverLogins, openForSeeding, priceOfSeeding } from '../imports/seed-github.ts'
import { seed as seedProfiles } from '../imports/seed.ts'
import { endSeeding, planSeeding, type Seeding, seedingSoFar } from '../operations/tables/seeding.ts'
import { progressOn } from '../ops/progress.ts'
import { seedPlan, seedProgress, seedReport, seedSeconds, type ShownCost } from '../replies/seeding.ts'
import { notUnderstood } from './arguments.ts'
import { importDepsFor } from './import-deps.ts'
import { openStoresForCommand } from '../stores.ts'
import { JSON_OPTION, say, sayOnStderr, sayJson } from './output.ts'
import type { CliContext, Subcommand } from './subcommand.ts'

const Options = z.strictObject({
  top: z
    .string()
    .regex(/^[1-9][0-9]{0,5}$/, 'expected a number up to 999999')
    .transform(Number)
    .optional(),
  file: z.string().optional(),
  'dry-run': z.boolean().default(false),
  anew: z.boolean().default(false),
  json: z.boolean().default(false),
})

export const seed: Subcommand = {
  name: 'seed',
  usage: 'wasteland-bridge seed --top <n> | --file <logins.txt> [--dry-run] [--anew] [--json]',
  summary: 'makes sheets of many: the top contributors to starred repositories, or the logins of a file',
  async run(args, context) {
    const given = readOptions(args)
    const named = given.file === undefined ? undefined : await readLogins(given.file)
    if (given['dry-run']) {
      const count = named?.length ?? given.top ?? 0
      const price = priceOfSeeding(count, named === undefined)
      if (given.json) sayJson({ profiles: count, ...shownCost(price), seconds: seedSeconds(price) })
      else for (const line of seedPlan(count, price)) say(line)
      return 0
    }
    return carryOut(context, given, named)
  },
}

function readOptions(args: readonly string[]) {
  const read = (() => {
    try {
      const options = { top: string, file: string, 'dry-run': flag, anew: flag, ...JSON_OPTION }
      return Options.safeParse(parseArgs({ args: [...args], options }).values)
    } catch {
      return undefined
    }
  })()
  if (read?.success !== true || (read.data.top === undefined) === (read.data.file === undefined))
    throw notUnderstood(seed.usage)
  return read.data
}

const string = { type: 'string' } as const
const flag = { type: 'boolean' } as const

/** Reads the logins of a file, each once. Text after a `#` is a comment. */
async function readLogins(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${file} cannot be read (${error.code}). Expected a file with a login a line.`)
  })
  const lines = text.split('\n').map((line) => line.replace(/#.*/, '').trim().replace(/^@/, '').toLowerCase())
  const wrong = lines.findIndex((line) => !/^[\w[\]-]{0,100}$/.test(line))
  if (wrong !== -1)
    throw new UserError(`Line ${wrong + 1} of ${file} is no login. Expected a text file with one a line.`)
  const logins = new Set(lines.filter((login) => login !== ''))
  if (logins.size === 0) throw new UserError(`${file} names nobody. Expected a login a line.`)
  return [...logins]
}

async function carryOut(context: CliContext, given: z.output<typeof Options>, named: string[] | undefined) {
  const { top = 0, anew, json } = given
  const config = context.readConfig()
  if (config.IMPORT_TOKEN === undefined)
    throw new UserError(
      'Seeding needs IMPORT_TOKEN: a token of GitHub’s without any scope, of whoever runs this bridge.',
    )
  // Profiles leave much garbage, which V8 would let grow to several times the live memory.
  setFlagsFromString('--heap-growing-percent=30')
  const ending = new AbortController()
  const end = () => ending.abort(new UserError('Stopped. Run the same command again, and it goes on where it was.'))
  process.once('SIGINT', end).once('SIGTERM', end)
  const opened = await openStoresForCommand(config, context.createLog('silent'))
  const progress = progressOn(process.stderr)
  try {
    const deps = await importDepsFor(config, opened)
    const { store, host } = deps
    const waiting = (until: Date) =>
      progress.report(`GitHub’s limit is reached; going on at ${until.toISOString().slice(11, 16)} UTC`)
    const github = openForSeeding(deps, config.IMPORT_TOKEN, waiting)
    if (anew) await endSeeding(store, host)
    const before = await seedingSoFar(store, host)
    if (before.total === 0) {
      const found = (done: number, of: number) =>
        progress.report(`Looking for contributors: ${done}/${of} repositories`)
      await planSeeding(store, host, named ?? (await discoverLogins(github, top, found, ending.signal)))
    } else {
      const print = json ? sayOnStderr : say
      print(`Going on: ${sum(before.outcomes)} of ${before.total} are done. To begin another seeding: --anew`)
    }
    const { total } = await seedingSoFar(store, host)
    const was = sum(before.outcomes)
    const began = Date.now()
    const fetched = (here: number) => {
      const seconds = (Date.now() - began) / 1000
      progress.report(seedProgress({ done: was + here, total, seconds, here, left: github.left?.points }))
    }
    const broken = await seedProfiles(deps, github, fetched, ending.signal).then(
      () => undefined,
      (error: unknown) => ({ error }),
    )
    progress.end()
    // Where the store is away, too, the first error is the one to tell.
    const done = await seedingSoFar(store, host).catch((error: unknown) => {
      throw broken === undefined ? error : broken.error
    })
    const stopped = broken !== undefined
    if (json && (!stopped || sum(done.outcomes) > was)) sayJson(documentOf(done, was, github.spent, stopped))
    if (stopped) throw broken.error
    if (!json) for (const line of seedReport(done, github.spent)) say(line)
    await endSeeding(store, host)
    return 0
  } finally {
    progress.end()
    process.off('SIGINT', end).off('SIGTERM', end)
    await opened.close()
  }
}

/** The document of `--json`. `doneBefore`: of runs that were broken off. Requests and points are of this run. */
function documentOf({ total, outcomes, reasons }: Seeding, doneBefore: number, spent: ShownCost, stopped: boolean) {
  const skippedFor = Object.fromEntries(reasons.map(({ reason, n }) => [reason, n]))
  return { profiles: total, ...shownCost(spent), ...outcomes, skippedFor, doneBefore, stopped }
}

function shownCost({ requests, points }: ShownCost): ShownCost {
  return { requests, points }
}

function sum(outcomes: Record<string, number>): number {
  return Object.values(outcomes).reduce((all, n) => all + n, 0)
}
