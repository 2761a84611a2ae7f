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
import { printerFor } from './output.ts'
import type { CliContext } from './subcommand.ts'

export interface FromLabel {
  label: string
  /** `owner/repo`. */
  repo: string
  /** The login of the items' poster. */
  by: string
  /** True to post without asking for confirmation. */
  yes: boolean
  json: boolean
}

/** The part of the document of `--json` about the issues of a label. */
export interface PostedFromLabel {
  repository: string
  label: string
  /** The login of the items' poster, as GitHub spells it. */
  by: string
  /** Issues of the label that were on the board before. */
  onBoard: number
  toPost: { number: number; title: string; effort: string; tags: string[] }[]
  /** `labelled`: whether GitHub took the label that names the item. */
  posted: { item: string; number: number; labelled: boolean }[]
}

/**
 * Posts every open issue of a label, after a preview and a confirmation. `report` gets the document for `--json`: when
 * the first item is posted, and later items are added to it; at the end where none is.
 */
export async function postFromLabel(
  context: CliContext,
  wish: FromLabel,
  report: (document: PostedFromLabel) => void,
): Promise<void> {
  const print = printerFor(wish)
  const config = context.readConfig()
  const { github, at, fullName, repositoryId } = await reach(context, config, wish.repo)
  const issues = await listIssues(github, at, wish.label)
  return asPoster(context, config, wish.by, async (ledger, rig, { account, host }) => {
    const about = { host, repository: fullName, label: wish.label, postedBy: rig, at: new Date().toISOString() }
    const all = issues.map((issue) => ({ issue, item: itemOfIssue(issue, about, {}) }))
    const fresh = await notYetPosted(ledger, all)
    const found = previewOf(fresh, all.length, { label: wish.label, by: account.login }, fullName)
    preview(found, print)
    const document: PostedFromLabel = { ...found, posted: [] }
    if (fresh.length === 0 || !(await agreed(wish, TO_POST(fresh.length)))) return report(document)
    for (const { issue, item } of fresh) {
      await postAsOperator(ledger, item, { repositoryId })
      const posted = { item: item.id, number: issue.number, labelled: false }
      document.posted.push(posted)
      report(document)
      posted.labelled = await addLabel(github, at, issue.number, `wl:${item.id}`)
      print(`${item.id}  #${issue.number}${posted.labelled ? '' : '  (GitHub did not take the label)'}`)
    }
    print(`Posted ${count(fresh.length, 'item')}.`)
  })
}

async function reach({ createLog }: CliContext, config: Config, repo: string) {
  const credentials = credentialsOf(config)
  if (credentials === undefined)
    throw new UserError(
      'Issues are read through the GitHub App, and there is no APP_ID yet. Set the App up first: npm start',
    )
  const [owner = '', short = ''] = repo.split('/')
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
  // Settings are not read here: a hidden repository counts as one without settings.
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

type Preview = Omit<PostedFromLabel, 'posted'>

function previewOf(
  fresh: readonly PostableIssue[],
  all: number,
  { label, by }: Pick<Preview, 'label' | 'by'>,
  repository: string,
): Preview {
  const toPost = fresh.map(({ issue: { number }, item: { title, effort, tags } }) => ({
    number,
    title,
    effort,
    tags: [...tags],
  }))
  return { repository, label, by, onBoard: all - fresh.length, toPost }
}

function preview({ repository, label, by, onBoard, toPost }: Preview, print: (line: string) => void) {
  const known = onBoard === 0 ? '' : `, and ${onBoard} on the board already`
  print(`${count(toPost.length, 'open issue')} of ${repository} with the label "${label}" to post as ${by}${known}:`)
  for (const { number, title, effort, tags } of toPost)
    print(`  #${number}  ${title}  [${[effort, ...tags].join(', ')}]`)
}
