import { createAdmittedNames } from '../authorization/admitted-names.ts'
import { createAdmissionCheck } from '../authorization/check-admission.ts'
import { createPermissionCache } from '../authorization/permission-cache.ts'
import { createSettingsReader } from '../authorization/settings-file.ts'
import { type Config, credentialsOf } from '../config.ts'
import type { ForPerson, ReconcileDeps } from '../deliveries/missed.ts'
import { reconcile as compare, type Reconciled } from '../deliveries/reconcile.ts'
import { storeEvent, storeRevert, storeRevisit } from '../deliveries/work.ts'
import { UserError } from '../domain/errors.ts'
import { count, oneLine } from '../domain/text.ts'
import { connectGitHub, type GitHub } from '../github/github.ts'
import { getRepository } from '../github/repositories.ts'
import { hmacKey } from '../ops/data-dir.ts'
import { createReplyFinder } from '../replies/replier.ts'
import { notUnderstood, readArguments } from './arguments.ts'
import { JSON_OPTION, say, sayJson } from './output.ts'
import { openStoresForCommand, type OpenedStores } from '../stores.ts'
import type { CliContext, Subcommand } from './subcommand.ts'

export const reconcile: Subcommand = {
  name: 'reconcile',
  usage: 'wasteland-bridge reconcile --repo owner/name [--json]',
  summary: 'compares a repository with the ledger and makes good what was missed; lists commands older than a week',
  async run(args, context) {
    const { name, json } = readOptions(args)
    const config = context.readConfig()
    const github = reach(config, context)
    const stores = await openStoresForCommand(config, context.createLog('silent'))
    try {
      const installation = await github.installationAt(name)
      if (installation === undefined)
        throw new UserError(
          `The App is not installed on ${name.owner}/${name.repo}, or there is no such repository. Install it there, or correct the name.`,
        )
      const repository = await getRepository(github, { installation, ...name })
      const at = { installation_id: installation, repository_id: repository?.id ?? 0, ...name }
      const done = await compare(reconcileDeps(config, github, stores), at, { byHand: true })
      if (done.refused !== undefined) throw new UserError(REFUSED[done.refused](done.repository))
      if (json) sayJson(documentOf(done, stores.isRunning))
      else for (const line of report(done, stores.isRunning)) say(line)
      return 0
    } finally {
      await stores.close()
    }
  },
}

function readOptions(args: readonly string[]): { name: { owner: string; repo: string }; json: boolean } {
  const { values } = readArguments(args, reconcile.usage, { repo: { type: 'string' }, ...JSON_OPTION })
  const [, owner, repo] = /^([A-Za-z0-9-]{1,39})\/([A-Za-z0-9._-]{1,100})$/.exec(values.repo ?? '') ?? []
  if (owner === undefined || repo === undefined) throw notUnderstood(reconcile.usage)
  return { name: { owner, repo }, json: values.json }
}

function reach(config: Config, { createLog }: CliContext): GitHub {
  const credentials = credentialsOf(config)
  if (credentials === undefined)
    throw new UserError('There is no APP_ID yet, so GitHub shows us no repository. Set the App up first: npm start')
  const { GHE_HOST: gheHost, GHE_PROTOCOL: gheProtocol } = config
  return connectGitHub({ ...credentials, gheHost, gheProtocol, log: createLog('silent') })
}

function reconcileDeps(config: Config, github: GitHub, { ledger, host, store, queue }: OpenedStores): ReconcileDeps {
  const { identity } = github
  const settingsOf = createSettingsReader({
    host,
    store,
    cache: createPermissionCache(),
    identity,
    installation: github.installation,
  })
  return {
    host,
    ledger,
    store,
    queue,
    identity,
    installation: github.installation,
    checkAdmission: createAdmissionCheck(
      identity,
      createAdmittedNames({ store, host }, config.ADMIT, config.dataDir),
      settingsOf,
    ),
    repliedAt: createReplyFinder(host, github, hmacKey(config.dataDir)),
    // A running server invalidates its own caches, when it works on the delivery.
    put: (event, isAnswered) => storeEvent(queue, { invalidate: async () => {} }, event, isAnswered),
    revisit: (at) => storeRevisit(queue, at),
    revert: (job) => storeRevert(queue, store.wasteland, job),
    now: () => new Date(),
  }
}

const REFUSED: Readonly<Record<NonNullable<Reconciled['refused']>, (repository: string) => string>> = {
  gone: (repository) => `GitHub does not show us ${repository}. It may be gone, or renamed.`,
  'not-admitted': (repository) =>
    `${repository} is not one of the repositories that this bridge serves. Admit it first: wasteland-bridge admit ${repository}`,
  'name-moved': (repository) =>
    `The name of ${repository} means another account or repository than the one that was admitted. wasteland-bridge doctor says which.`,
  'private-not-named': (repository) =>
    `${repository} is not public, so nothing of it is recorded. Admit it by name first: wasteland-bridge admit ${repository}`,
  'private-keep': (repository) =>
    `${repository} is not public, so nothing of it is recorded until its .github/wasteland.yml says private: publish.`,
}

const WHY: Readonly<Record<ForPerson['why'], string>> = {
  old: 'older than a week',
  'edited by another': 'edited by somebody else, so not surely its author’s words',
  'edit unknown': 'edited since it was answered, and GitHub does not tell what',
}

/** The document of `--json`: the numbers of the report, and every command that is left for a person. */
function documentOf({ repository, pulls, commands, labels, reverts, left }: Reconciled, isRunning: boolean) {
  const forPerson = left.map(({ why, ...one }) => ({ why: why.replaceAll(' ', '-'), ...one }))
  return { repository, pullRequests: pulls, commands, labelledIssues: labels, reverts, left: forPerson, isRunning }
}

function report({ pulls, commands, labels, reverts, left }: Reconciled, isRunning: boolean): string[] {
  const parts = [
    ...(pulls > 0 ? [`looks again at ${count(pulls, 'pull request')}`] : []),
    ...(commands > 0 ? [`runs ${count(commands, 'comment')} with commands that nobody answered`] : []),
    ...(labels > 0 ? [`posts ${count(labels, 'labelled issue')}`] : []),
    ...(reverts > 0 ? [`notes what ${count(reverts, 'revert')} took back`] : []),
  ]
  const when = isRunning ? 'now' : 'when it runs'
  const done = parts.length === 0 ? ['Nothing is missing.'] : parts.map((part) => `The bridge ${part} ${when}.`)
  if (left.length === 0) return done
  return [
    ...done,
    `${count(left.length, 'command')} nobody answered and the bridge does not run. Look at each; its author may write it again:`,
    ...left.map(({ why, url, login, line }) => `  ${url} (${WHY[why]}) ${oneLine(login, 100)}: "${line}"`),
  ]
}
