import { whyLeftAlone } from './left-alone.ts'
import type { ServiceDeps, ActionContext, CommandResult, CommandContext } from './context.ts'
import { type Issue, getIssue, addLabel } from '../github/repositories.ts'
import type { CommonsDb } from '../ledger/engine/types.ts'
import { findWantedOf, insertWanted, findWanted, type NewWanted } from '../ledger/tables/wanted.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { OPERATOR } from './actor.ts'
import { type WantedInput, itemOfIssue } from './new-item.ts'
import { refuse } from './require-item-manager.ts'
import { leftAlone } from '../replies/left-alone.ts'
import { commandHasRun } from '../operations/tables/ledger-index.ts'
import { wantedId as wantedIdOf } from '../domain/ids.ts'
import { revisitClosing } from '../pull-requests/closing-pulls.ts'
import { revisitAll } from './revisit-waiting.ts'
import { describeWanted, countOpenPosts } from '../ledger/tables/wanted-details.ts'
import type { Settings } from '../authorization/settings.ts'
import { requireParticipant } from './require-participant.ts'
import { record, recordBy, type Decision } from './record.ts'
import { posting } from '../replies/post.ts'
import { capFor } from '../reputation/policy.ts'
import { postedIn, judgedWhere, type Wanted, OPEN_BOUNTY } from '../domain/wanted.ts'

/** Posts an issue, by a command or by the label that does the same. Repeated, it finishes what a crash broke off. */
export async function postIssue(
  deps: ServiceDeps,
  context: ActionContext,
  given: WantedInput,
  id: string,
): Promise<CommandResult> {
  const { place, repository } = context
  const admitted = await context.admission(repository)
  if ('refused' in admitted) return refuse(leftAlone(admitted.refused, repository.fullName))
  const issue = await getIssue(deps, place, place.number)
  if (issue === undefined) return refuse(posting.gone)
  // Where the post has run, only the steps after it are done again, whoever the author is: others may add the same
  // label.
  const hasRun = await commandHasRun(deps.store, deps.ledger, id)
  const answer = hasRun ? undefined : await putOnBoard(deps, context, issue, { given, id, settings: admitted.settings })
  if (answer?.ok === false) return answer
  // A transferred issue has the item of the issue that it was before.
  const found = await deps.ledger.read((db) => findWantedOf(db, deps.host, issue))
  const wanted = found?.id ?? wantedIdOf(deps.host, issue.id)
  // Pull requests that named the item, or closed the issue, before it was posted take the item now.
  await revisitClosing(deps, place, repository.id)
  await revisitAll(deps, wanted)
  const isLabelled = await addLabel(deps, place, place.number, `wl:${wanted}`)
  const item = await deps.ledger.read((db) => describeWanted(db, wanted))
  const isBounty = item?.tags.includes(OPEN_BOUNTY) === true
  const text = posting.done(wanted, given, { isLabelled, isBounty, postedBy: item?.postedBy })
  return answer ?? { ok: true, text }
}

/**
 * The reason why the author of the command cannot post this issue now, whatever the options; undefined where they
 * might.
 */
export async function whyNotPost(deps: ServiceDeps, context: CommandContext): Promise<string | undefined> {
  const { place } = context
  const alone = await whyLeftAlone(context)
  if (alone !== undefined) return alone
  const issue = await getIssue(deps, place, place.number)
  if (issue === undefined) return posting.gone
  return (await notTheirs(deps, context, issue)) ?? deps.ledger.read((db) => notNow(deps, db, issue))
}

/** The reason why the author may not post this issue; undefined where they may. */
async function notTheirs(
  deps: ServiceDeps,
  { author, place, repository }: ActionContext,
  issue: Issue,
): Promise<string | undefined> {
  const may = issue.authorId === author.id || (await deps.roles(place, repository.id, author)).write
  return may ? undefined : posting.notYours
}

/** The reason why nobody can post this issue now; undefined where it can be posted. */
async function notNow({ host }: ServiceDeps, db: CommonsDb, issue: Issue): Promise<string | undefined> {
  const known = await findWantedOf(db, host, issue)
  if (known === undefined) return issue.open ? undefined : posting.closed
  const before = postedBefore(known)
  return 'refuse' in before ? before.refuse : before.already
}

/**
 * Posts the item. Resolves to undefined when this command has posted it; else to the refusal, or to the answer that the
 * item is there already.
 */
async function putOnBoard(
  deps: ServiceDeps,
  context: ActionContext,
  issue: Issue,
  { given, id, settings }: { given: WantedInput; id: string; settings: Settings },
): Promise<CommandResult | undefined> {
  const { repository } = context
  const theirs = await notTheirs(deps, context, issue)
  if (theirs !== undefined) return refuse(theirs)
  const entered = await requireParticipant(deps, context)
  if ('refused' in entered) return entered.refused
  const { rig } = entered
  const about = { host: deps.host, repository: repository.fullName, label: settings.labels.wanted }
  const item = itemOfIssue(issue, { ...about, postedBy: rig.handle, at: context.at }, given)
  const answer = await record(deps, context, id, undefined, async (db): Promise<Decision> => {
    const known = await findWantedOf(db, deps.host, issue)
    if (known !== undefined) return postedBefore(known)
    if (!issue.open) return { refuse: posting.closed }
    if ((await whyNoParent(db, given.parent, item.id)) !== undefined) return { refuse: posting.noParent(given.parent!) }
    const [open, cap] = [await countOpenPosts(db, rig.handle), capFor(deps.policy.posts, rig.trustLevel)]
    if (open >= cap) return { refuse: posting.tooMany(rig.trustLevel, cap) }
    return writeItem(db, item, {
      parent: given.parent,
      repositoryId: repository.id,
      judged: given.judged === 'anywhere' ? 'anywhere' : undefined,
    })
  })
  return answer.text === undefined ? undefined : answer
}

/**
 * Posts an item as the operator, for whom no cap holds. Resolves to `known` where the board has its id already, or to
 * the fault of its parent.
 */
export async function postAsOperator(
  ledger: Ledger,
  item: NewWanted,
  where: { parent?: string | undefined; repositoryId?: number } = {},
): Promise<'posted' | 'known' | NoParent> {
  let outcome: 'posted' | 'known' | NoParent = 'posted'
  await recordBy(ledger, OPERATOR, undefined, async (db): Promise<Decision> => {
    const isKnown = (await findWanted(db, item.id)) !== undefined
    outcome = isKnown ? 'known' : ((await whyNoParent(db, where.parent, item.id)) ?? 'posted')
    return outcome === 'posted' ? writeItem(db, item, where) : { refuse: outcome }
  })
  return outcome
}

async function writeItem(
  db: CommonsDb,
  item: NewWanted,
  {
    parent,
    repositoryId,
    judged,
  }: { parent?: string | undefined; repositoryId?: number | undefined; judged?: 'anywhere' | undefined },
): Promise<Decision> {
  await insertWanted(db, item)
  return {
    subject: `wl post: ${item.id}`,
    trailers: {
      ...(parent !== undefined && { Parent: parent }),
      ...(repositoryId !== undefined && { 'Posted-In': postedIn(repositoryId, item.id) }),
      ...(judged !== undefined && { Judged: judgedWhere(judged, item.id) }),
    },
    verifyAfter: async (after) => (await findWanted(after, item.id))?.status === 'open',
  }
}

function postedBefore({ id, status }: Wanted): { refuse: string } | { already: string } {
  return status === 'withdrawn' ? { refuse: posting.withdrawn(id) } : { already: posting.already({ id, status }) }
}

type NoParent = 'no-parent' | 'parent-withdrawn'

/** The reason why an item cannot have this parent; undefined where it can, or has none. */
async function whyNoParent(db: CommonsDb, parent: string | undefined, id: string): Promise<NoParent | undefined> {
  if (parent === undefined) return undefined
  const found = parent === id ? undefined : await findWanted(db, parent)
  if (found === undefined) return 'no-parent'
  return found.status === 'withdrawn' ? 'parent-withdrawn' : undefined
}
