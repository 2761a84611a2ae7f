import { whyLeftAlone } from './left-alone.ts'
import { type ItemManagement, whyNotItemManager, refuse, requireItemManager } from './require-item-manager.ts'
import type { ServiceDeps, CommandContext, CommandResult, IdsInLine } from './context.ts'
import { type Rig, entityUri } from '../domain/rig.ts'
import { quote } from '../replies/markdown.ts'
import { recordedFor } from '../replies/status.ts'
import { type WantedDetails, OPEN_BOUNTY } from '../domain/wanted.ts'
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
  const said = submitted(completion, rig)
  if (await commandHasRun(deps.store, deps.ledger, id)) return { ok: true, text: said }
  const read = await readGiven(deps, context, item, args.evidence)
  if ('refused' in read) return refuse(read.refused)
  return record(deps, context, id, said, async (db) => {
    const now = await describeWanted(db, item.id)
    const refused = now === undefined ? GONE : (notTaken(now, rig.handle) ?? (await heldByPull(deps, context, now)))
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

/** Why nothing is submitted for this item by who acts; undefined where it might be. */
export async function whyNotSubmit(
  deps: ServiceDeps,
  context: CommandContext,
  { item: named }: IdsInLine,
): Promise<string | undefined> {
  return (
    (await onPull(context, named)) ??
    whyNotItemManager(deps, context, named, MANAGEMENT, (item, rig) => notTaken(item, rig?.handle))
  )
}

const MANAGEMENT: ItemManagement = {
  example: '/wl done w-0123456789 evidence=https://example.org/report',
  whose: (item) => item.claimedBy,
  who: 'who holds the item',
  ownOnly: true,
  otherwise: (item, rig) => notTaken(item, rig?.handle),
}

/** On a pull request the item is named: its own work is submitted by itself. */
async function onPull(context: CommandContext, named: string | undefined): Promise<string | undefined> {
  if (context.on === 'issue' || named !== undefined) return undefined
  return (await whyLeftAlone(context)) ?? ON_PULL
}

const ON_PULL =
  'A pull request is submitted by marking it ready for review. For other work, name the item: ' +
  '`/wl done w-0123456789 evidence=…`.'

const GONE = 'There is no such item on this board now. `/wl board` lists the open ones.'

function submitted(completion: string, rig: Rig): string {
  return (
    `Submitted as ${quote(completion)}. Next: a maintainer, or a rig of trust level 3, comments \`/wl stamp quality=4\` on the issue of ` +
    `the item, or \`/wl reject reason="…"\`.\n\n${recordedFor([rig.handle])}`
  )
}

/** Why an item takes no work from a rig now, by its own state. */
function notTaken({ id, status, claimedBy, tags }: WantedDetails, handle: string | undefined): string | undefined {
  if (status === 'open' && tags.includes(OPEN_BOUNTY))
    return `${quote(id)} is an open bounty: its work is a pull request with a line \`Wanted: ${id}\` in its description.`
  if (status === 'open') return `Nobody holds ${quote(id)}. Take it first, \`/wl claim ${id}\`, then say this again.`
  if (status === 'withdrawn')
    return `${quote(id)} was taken off the board, so it takes no work. \`/wl board\` lists open items.`
  if (status === 'completed')
    return `${quote(id)} is completed, so it takes no more work. \`/wl board\` lists open items.`
  if (claimedBy !== handle)
    return `${quote(claimedBy ?? 'somebody else')} holds ${quote(id)}, and only who holds it may submit work. \`/wl board\` lists open items.`
  return status === 'claimed' ? undefined : `${quote(id)} is in review already. A maintainer stamps or rejects it next.`
}

async function heldByPull(
  { store, host }: ServiceDeps,
  { author }: CommandContext,
  { id }: WantedDetails,
): Promise<string | undefined> {
  const pull = (await contendersFor(store, id)).find((one) => one.host === host && one.author_id === author.id)
  if (pull === undefined) return undefined
  return (
    `Your pull request ${quote(`${pull.owner}/${pull.repo}#${pull.number}`)} names ${quote(id)} and is the work on it: mark it ready for ` +
    'review, and it is submitted. If it is not, take the label or the `Wanted:` line away and claim the item again.'
  )
}

const SHA = /^[0-9a-f]{7,40}$/i

const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i

/** A name and a password before the host, wherever a link stands. */
const CREDENTIALS = /:\/\/[^\s/?#]*@/

/** The evidence as it is kept: a link is never fetched, a SHA is GitHub's to confirm. */
async function readGiven(
  deps: ServiceDeps,
  { place, repository }: CommandContext,
  { description }: WantedDetails,
  text: string,
): Promise<{ evidence: string } | { refused: string }> {
  if (CREDENTIALS.test(text))
    return { refused: 'A link with a user name or password in it is not kept: the ledger is public. Give it without.' }
  const home = readIssueLink(description)
  const served = [repository.fullName, home === undefined ? '' : `${home.owner}/${home.repo}`]
  if (readEvidence(text) !== undefined || served.some((one) => isPullIn(text, deps.host, one)))
    return {
      refused: `A pull request is submitted by itself: give it a label or a line \`Wanted: w-…\`, and mark it ready.`,
    }
  if (SHA.test(text)) {
    const commit = await findCommit(deps, place, text)
    if (commit !== undefined) return { evidence: commit.url }
    return {
      refused: `GitHub knows no commit ${quote(text)} in ${quote(repository.fullName)}. Check the SHA; work that lies elsewhere is given as a link.`,
    }
  }
  const isLink = SCHEME.test(text) && !text.includes(' ')
  if (isLink && !(URL.canParse(text) && new URL(text).protocol === 'https:'))
    return { refused: `${quote(text)} is no https link. Give one that begins with \`https://\`, or a text in quotes.` }
  return { evidence: text }
}

/** True of a link to a pull request whose commits have authors that we know of, and who may not judge it. */
function isPullIn(text: string, host: string, fullName: string): boolean {
  const [, at, repository] = /^https?:\/\/([^\s/]+)\/([^\s/]+\/[^\s/]+)\/pull\/[0-9]/i.exec(text) ?? []
  const isOurs = at?.toLowerCase() === (host === 'github' ? 'github.com' : host.toLowerCase())
  return isOurs && repository?.toLowerCase() === fullName.toLowerCase()
}
