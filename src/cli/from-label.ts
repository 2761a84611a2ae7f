import { admit } from '../authorization/admission.ts'
import { readAdmittedHere } from '../authorization/admitted-names.ts'
import { DEFAULT_SETTINGS } from '../authorization/settings.ts'
import { itemOfIssue } from '../services/new-item.ts'
import { type Config, credentialsOf } from '../config.ts'
import { UserError } from '../domain/errors.ts'
import { count } from '../domain/text.ts'
import { connectGitHub } from '../github/github.ts'
import type { RepositoryName } from '../github/pull-requests.ts'
import { addLabel, getRepository, type Issue, listIssues } from '../github/repositories.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { findWanted, type NewWanted } from '../ledger/tables/wanted.ts'
import { postAsOperator } from '../services/post.ts'
import { agreed, type Confirmation } from './agreed.ts'
import { asPoster } from './poster.ts'
import type { CliContext } from './subcommand.ts'

export interface FromLabel {
  label: string
  /** `owner/repo`. */
  repo: string
  /** Whose items they will be. */
  by: string
  /** Without asking. */
  yes: boolean
}

/** Puts every open issue of a label on the board, after a preview and a yes. Resolves to the exit code. */
export async function postFromLabel(context: CliContext, wish: FromLabel): Promise<number> {
  const config = context.readConfig()
  const { github, at, fullName, repositoryId } = await reach(context, config, wish.repo)
  const issues = await listIssues(github, at, wish.label)
  return asPoster(context, config, wish.by, async (ledger, rig, { host }) => {
    const about = { host, repository: fullName, label: wish.label, postedBy: rig, at: new Date().toISOString() }
    const all = issues.map((issue) => ({ issue, item: itemOfIssue(issue, about, {}) }))
    const fresh = await notYetPosted(ledger, all)
    preview(fresh, all.length, wish, fullName)
    if (fresh.length === 0 || !(await agreed(wish.yes, TO_POST(fresh.length)))) return 0
    for (const { issue, item } of fresh) {
      await postAsOperator(ledger, item, { repositoryId })
      const labelled = await addLabel(github, at, issue.number, `wl:${item.id}`)
      say(`${item.id}  #${issue.number}${labelled ? '' : '  (GitHub did not take the label)'}`)
    }
    say(`Posted ${count(fresh.length, 'item')}.`)
    return 0
  })
}

async function reach({ createLog }: CliContext, config: Config, repo: string) {
  const credentials = credentialsOf(config)
  if (credentials === undefined)
    throw new UserError(
      'Issues are read through the GitHub App, and there is no APP_ID yet. Set the App up first: npm start',
    )
  const [owner, short] = repo.split('/')
  if (owner === undefined || short === undefined || !/^[\w.-]+\/[\w.-]+$/.test(repo))
    throw new UserError(`${repo.slice(0, 100)} is not a repository. Expected owner/repo.`)
  const name: RepositoryName = { owner, repo: short }
  const github = connectGitHub({
    ...credentials,
    gheHost: config.GHE_HOST,
    gheProtocol: config.GHE_PROTOCOL,
    log: createLog('warn'),
  })
  await github.probot.ready()
  const installation = await github.installationAt(name)
  const at = installation === undefined ? undefined : { installation, ...name }
  const facts = at && (await getRepository(github, at))
  if (at === undefined || facts === undefined)
    throw new UserError(`The GitHub App is not installed on ${repo}. Install it there, then repeat this.`)
  const { ownerId } = await github.identity()
  const named = await readAdmittedHere(config.ADMIT, config.dataDir, github.host)
  // Settings are not read here: a hidden repository counts as one that says nothing.
  const answer = admit({ appOwnerId: ownerId, named }, facts, DEFAULT_SETTINGS)
  if ('refused' in answer)
    throw new UserError(
      facts.hidden
        ? `${repo} is not public. Post its issues one by one, with /wl post.`
        : `${repo} is not admitted. First: wasteland-bridge admit ${repo}`,
    )
  return { github, at, fullName: facts.fullName, repositoryId: facts.id }
}

const TO_POST = (items: number): Confirmation => ({
  question: `Post ${count(items, 'item')}?`,
  otherwise: 'A preview only: repeat it with --yes to post.',
  declined: 'Nothing is posted.',
})

type PostableIssue = { issue: Issue; item: NewWanted }

async function notYetPosted(ledger: Ledger, all: readonly PostableIssue[]): Promise<PostableIssue[]> {
  const known = await Promise.all(all.map(({ item }) => ledger.read((db) => findWanted(db, item.id))))
  return all.filter((_, index) => known[index] === undefined)
}

function preview(fresh: readonly PostableIssue[], all: number, { label, by }: FromLabel, repo: string) {
  const known = all === fresh.length ? '' : `, and ${all - fresh.length} on the board already`
  say(`${count(fresh.length, 'open issue')} of ${repo} with the label "${label}" to post as ${by}${known}:`)
  for (const { issue, item } of fresh)
    say(`  #${issue.number}  ${item.title}  [${[item.effort, ...item.tags].join(', ')}]`)
}

function say(text: string) {
  process.stdout.write(`${text}\n`)
}
