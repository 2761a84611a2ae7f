import { whyLeftAlone } from './left-alone.ts'
import { type ItemManagement, whyNotItemManager, refuse, requireItemManager } from './require-item-manager.ts'
import type { ServiceDeps, CommandContext, CommandResult, IdsInLine } from './context.ts'
import { entityUri } from '../domain/rig.ts'
import { WHO_MANAGES } from '../replies/items.ts'
import { submitting } from '../replies/submit.ts'
import type { WantedDetails } from '../domain/wanted.ts'
import { contendersFor } from '../operations/tables/pull-request-items.ts'
import { readIssueLink } from '../domain/issue-link.ts'
import { readEvidence } from '../domain/evidence.ts'
import { findCommit } from '../github/commits.ts'
import { completionId } from '../domain/ids.ts'
import { commandHasRun } from '../operations/tables/ledger-index.ts'
import { record } from './record.ts'
import { describeWanted } from '../ledger/tables/wanted-details.ts'
import { moveWanted } from '../ledger/tables/wanted.ts'
import { insertCompletion, findCompletion } from '../ledger/tables/completions.ts'
import { ledgerTime } from '../domain/time.ts'

/** Submits work that is no pull request, with a link, a commit or a text as evidence. */
export async function submitWork(
  deps: ServiceDeps,
  context: CommandContext,
  args: { evidence: string; item?: string | undefined },
  id: string,
): Promise<CommandResult> {
  const unnamed = await onPull(context, args.item)
  if (unnamed !== undefined) return refuse(unnamed)
  const holder = await requireItemManager(deps, context, id, { ...MANAGEMENT, named: args.item })
  if ('refused' in holder) return holder.refused
  const { item, rig } = holder
  const completion = completionId(deps.host, context.comment, item.id, rig.handle)
  const said = submitting.done(completion, rig.handle)
  if (await commandHasRun(deps.store, deps.ledger, id)) return { ok: true, text: said }
  const read = await readGiven(deps, context, item, args.evidence)
  if ('refused' in read) return refuse(read.refused)
  return record(deps, context, id, said, async (db) => {
    const now = await describeWanted(db, item.id)
    const refused =
      now === undefined
        ? submitting.gone
        : (submitting.notTaken(now, rig.handle) ?? (await heldByPull(deps, context, now)))
    if (refused !== undefined) return { refuse: refused }
    await moveWanted(db, 'done', item.id, { holder: rig.handle, evidence: read.evidence, at: context.at })
    await insertCompletion(db, {
      id: completion,
      wantedId: item.id,
      completedBy: rig.handle,
      evidence: read.evidence,
      hopUri: rig.hopUri ?? entityUri(deps.host, context.author),
      completedAt: ledgerTime(context.at),
    })
    return {
      subject: `wl done: ${item.id}`,
      verifyAfter: async (after) => (await findCompletion(after, completion)) !== undefined,
    }
  })
}

/**
 * The reason why the author of the command cannot submit work for this item, whatever the options; undefined where they
 * might.
 */
export async function whyNotSubmit(
  deps: ServiceDeps,
  context: CommandContext,
  { item: named }: IdsInLine,
): Promise<string | undefined> {
  return (
    (await onPull(context, named)) ??
    whyNotItemManager(deps, context, named, MANAGEMENT, (item, rig) => submitting.notTaken(item, rig?.handle))
  )
}

const MANAGEMENT: ItemManagement = {
  example: submitting.example,
  whose: (item) => item.claimedBy,
  who: WHO_MANAGES.claimantAlone,
  ownOnly: true,
  otherwise: (item, rig) => submitting.notTaken(item, rig?.handle),
}

/**
 * The refusal of a command on a pull request that names no item: the pull request's own work is submitted by itself.
 */
async function onPull(context: CommandContext, named: string | undefined): Promise<string | undefined> {
  if (context.on === 'issue' || named !== undefined) return undefined
  return (await whyLeftAlone(context)) ?? submitting.onPullRequest
}

async function heldByPull(
  { store, host }: ServiceDeps,
  { author }: CommandContext,
  { id }: WantedDetails,
): Promise<string | undefined> {
  const pull = (await contendersFor(store, id)).find((one) => one.host === host && one.author_id === author.id)
  return pull && submitting.heldByPullRequest(id, `${pull.owner}/${pull.repo}#${pull.number}`)
}

const SHA = /^[0-9a-f]{7,40}$/i

const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i

/** A user name or a password before the host of a link, anywhere in the text. */
const CREDENTIALS = /:\/\/[^\s/?#]*@/

/** Reads the evidence as it is stored. A link is never fetched; a SHA is looked up on GitHub. */
async function readGiven(
  deps: ServiceDeps,
  { place, repository }: CommandContext,
  { description }: WantedDetails,
  text: string,
): Promise<{ evidence: string } | { refused: string }> {
  if (CREDENTIALS.test(text)) return { refused: submitting.hasCredentials }
  const home = readIssueLink(description)
  const served = [repository.fullName, home === undefined ? '' : `${home.owner}/${home.repo}`]
  if (readEvidence(text) !== undefined || served.some((one) => isPullIn(text, deps.host, one)))
    return { refused: submitting.isPullRequest }
  if (SHA.test(text)) {
    const commit = await findCommit(deps, place, text)
    if (commit !== undefined) return { evidence: commit.url }
    return { refused: submitting.noCommit(text, repository.fullName) }
  }
  const isLink = SCHEME.test(text) && !text.includes(' ')
  if (isLink && !(URL.canParse(text) && new URL(text).protocol === 'https:'))
    return { refused: submitting.notHttps(text) }
  return { evidence: text }
}

/**
 * True for a link to a pull request of this repository: the bridge knows the authors of its commits, who may not judge
 * it.
 */
function isPullIn(text: string, host: string, fullName: string): boolean {
  const [, at, repository] = /^https?:\/\/([^\s/]+)\/([^\s/]+\/[^\s/]+)\/pull\/[0-9]/i.exec(text) ?? []
  const isOurs = at?.toLowerCase() === (host === 'github' ? 'github.com' : host.toLowerCase())
  return isOurs && repository?.toLowerCase() === fullName.toLowerCase()
}
