import { whyLeftAlone } from './left-alone.ts'
import type { OwnWork } from '../authorization/yearbook-rule.ts'
import { isBounty } from '../domain/bounty.ts'
import type { Completion } from '../domain/completion.ts'
import { readEvidence } from '../domain/evidence.ts'
import { type Account, isSamePerson } from '../domain/rig.ts'
import type { PullRequest } from '../github/pull-requests.ts'
import { getAccount } from '../github/repositories.ts'
import { completionsOf, findCompletion } from '../ledger/tables/completions.ts'
import { isAuthorOf } from '../pull-requests/authors.ts'
import { ownCommit, ownWork } from '../pull-requests/own-work.ts'
import { type Criterion, isUnmet } from '../replies/criteria.ts'
import { refusal } from '../replies/refusals.ts'
import { EXAMPLE_ID } from '../replies/status.ts'
import { leftAlone } from '../replies/left-alone.ts'
import { syncHere } from './sync-here.ts'
import { findTarget } from './require-item-manager.ts'
import { judgedHere } from './judged-here.ts'
import { refuseWithoutRight, type JudgementKind } from './early-refusal.ts'
import { countsForItem, type PosterConsent } from './item-origin.ts'
import type { PullRequestRef } from '../domain/refs.ts'
import type { SyncedItem, SyncedPullRequest } from '../pull-requests/types.ts'
import type { ServiceDeps, CommandContext } from './context.ts'

/** The work that a command judges, with GitHub's facts about it. */
export interface JudgedWork {
  wanted: string
  /** The submitter's completion. */
  completion: string
  /** The rig of the submitter. */
  submitter: string
  /**
   * The share that is judged, where it is not the submitter's: that of a co-author, or a share that has a completion
   * already.
   */
  share: { person: Account } | { completion: Completion } | undefined
  /** Evidence and head as they are judged; undefined for work that is no pull request. */
  evidence: string | undefined
  head: string | undefined
  ownWork: OwnWork | 'unseen' | undefined
  /** The criteria of a stamp that this head does not meet. */
  unmet: readonly Criterion[]
  /** The pull request; undefined for other work. */
  pull: PullRequest | undefined
  /** Those of the item, where they were read. */
  tags?: readonly string[] | undefined
  /** True when the roles of this repository count for the item. */
  isHere: boolean
  /** The consent of the item's poster, where that is the reason why they count. */
  byConsent?: PosterConsent
  /** The repository where the item was posted, where that is the reason why they do not count. */
  elsewhere?: string
}

/** The parts of a command that select the work. */
interface WorkSelector {
  item?: string | undefined
  person?: string | undefined
}

type Chosen = JudgedWork | { refused: string }

/** The effect of a push on a command that was written before it. */
export type AfterPush = 'ask again' | 'judge what was there' | 'judge what is there'

/**
 * The command that selects work: its kind of judgement, and an example of it for an item, such as
 * `/wl stamp w-… quality=4`.
 */
export interface WorkSelection {
  act: JudgementKind
  example: (item: string) => string
  afterPush: AfterPush
}
type Example = WorkSelection['example']

/**
 * Selects the one piece of work on this thread that a command means, with GitHub's facts about it; else returns the
 * refusal. A wrong name is refused: no other work is taken in its place.
 */
export async function chooseWork(
  deps: ServiceDeps,
  context: CommandContext,
  named: WorkSelector,
  asking: WorkSelection,
): Promise<Chosen> {
  const { act, example } = asking
  const alone = await whyLeftAlone(context)
  if (alone !== undefined) return { refused: alone }
  if (context.on === 'issue') return onIssue(deps, context, named, example)
  const refused = await refuseWithoutRight(deps, context, act)
  return refused === undefined ? onPull(deps, context, named, asking) : { refused }
}

async function onPull(
  deps: ServiceDeps,
  context: CommandContext,
  named: WorkSelector,
  { act, example, afterPush }: WorkSelection,
): Promise<Chosen> {
  const { author, place, repository } = context
  // Must come before the sync, which stores the present head as seen.
  const judged = await judgedHere(deps, context)
  const synced = await syncHere(deps, context)
  if (synced === undefined) return { refused: refusal.noItem }
  if ('refused' in synced) return { refused: leftAlone(synced.refused, repository.fullName) }
  const { pull } = synced.snapshot
  const isPushed = judged !== undefined && !judged.same
  if (isPushed && afterPush === 'ask again')
    return { refused: refusal.pushedSince(pull.headSha, judged.before, context.line) }
  const target = await chooseItem(deps, synced, named.item, example)
  if ('refused' in target) return target
  const { item } = target
  const meant = named.person === undefined ? authorIn(context, synced) : undefined
  if (meant !== undefined) return { refused: refusal.maybePerson(meant, context.line) }
  const share = await shareOf(deps, context, synced, named.person, target.share)
  if (share !== undefined && 'refused' in share) return share
  if (share !== undefined && item.rest === 'entered') return { refused: refusal.notAdoptedYet(item.wanted) }
  const { item: about, mine } = item.view
  return {
    wanted: item.wanted,
    completion: mine!.id,
    submitter: mine!.completedBy,
    share,
    evidence: synced.work.line,
    head: (isPushed && afterPush === 'judge what was there' ? judged.before : undefined) ?? pull.headSha,
    // The yearbook rule does not hold for a rejection, and reading the commits may take many requests.
    ownWork: act === 'reject' ? undefined : await ownWork(deps, place, pull, synced.work, author.id),
    unmet: (synced.criteria.get(item.wanted) ?? []).filter(isUnmet),
    pull,
    tags: about?.tags,
    ...(await countsForItem(deps, context, item.wanted, about?.description)),
  }
}

/**
 * The first word after the command that is, without its `@`, the login of an author of the work other than the pull
 * request's author.
 */
function authorIn({ prose = [] }: CommandContext, { snapshot, work }: SyncedPullRequest): string | undefined {
  const { author } = snapshot.pull
  const others = work.commits.flatMap(({ authors }) => authors).filter(({ id }) => id !== author?.id)
  const logins = new Set(others.map(({ login }) => login.toLowerCase()))
  return prose.find((word) => logins.has(word.toLowerCase()))
}

async function chooseItem(
  deps: ServiceDeps,
  { items }: SyncedPullRequest,
  given: string | undefined,
  example: Example,
): Promise<{ item: SyncedItem; share?: Completion } | { refused: string }> {
  if (items.length === 0) return { refused: refusal.noItem }
  if (given !== undefined) {
    const share = given.startsWith('c-') ? await deps.ledger.read((db) => findCompletion(db, given)) : undefined
    const named = items.find(({ wanted, view }) => {
      const mine = view.mine?.id
      return wanted === given || (mine !== undefined && (mine === given || mine === share?.parentId))
    })
    if (named === undefined) {
      const wanted = items.map((item) => item.wanted)
      return { refused: refusal.otherItem(given, wanted) }
    }
    if (!canBeJudged(named)) return { refused: refusal.notInReview(named.wanted, named.rest) }
    return share === undefined || share.id === named.view.mine!.id ? { item: named } : { item: named, share }
  }
  const ready = items.filter((item) => item.rest === 'in-review' || item.rest === 'entered')
  if (ready.length > 1) {
    const wanted = ready.map((item) => item.wanted)
    return { refused: refusal.whichItem(wanted, example(wanted[0]!)) }
  }
  const only = ready[0] ?? items.find(canBeJudged)
  return only === undefined ? { refused: refusal.notInReview(items[0]!.wanted, items[0]!.rest) } : { item: only }
}

function canBeJudged({ rest, view }: SyncedItem): boolean {
  return view.mine !== undefined && (rest === 'in-review' || rest === 'entered' || view.mine.stampId !== null)
}

/**
 * The share of a pull request that a command means; undefined for its author's. A person who wrote none of it is
 * refused by name.
 */
async function shareOf(
  deps: ServiceDeps,
  { place }: CommandContext,
  { snapshot, work }: SyncedPullRequest,
  login: string | undefined,
  named: Completion | undefined,
): Promise<JudgedWork['share'] | { refused: string }> {
  if (login === undefined) return named && { completion: named }
  const { author } = snapshot.pull
  const did = (account: Account) =>
    named === undefined
      ? account.id === author?.id || isAuthorOf(work.commits, account.id)
      : isSamePerson(deps.host, account, named.hopUri)
  const account = await accountOf(deps, place, login, did)
  if (account === undefined) return { refused: refusal.noAccount(login) }
  if (named !== undefined)
    return did(account)
      ? { completion: named }
      : { refused: refusal.notTheirs(account.login, named.id, named.completedBy) }
  if (account.id === author?.id) return undefined
  return did(account) ? { person: account } : { refused: refusal.noAuthor(account.login) }
}

/**
 * The account of a login. A GitHub App acts as `name[bot]` and is mentioned as `@name`: `name[bot]` is taken where that
 * App did the work.
 */
async function accountOf(
  deps: ServiceDeps,
  place: PullRequestRef,
  login: string,
  did: (account: Account) => boolean,
): Promise<Account | undefined> {
  const named = await getAccount(deps, place, login)
  if (login.endsWith('[bot]') || (named !== undefined && did(named))) return named
  const app = await getAccount(deps, place, `${login}[bot]`)
  return app !== undefined && did(app) ? app : named
}

async function onIssue(
  deps: ServiceDeps,
  context: CommandContext,
  named: WorkSelector,
  example: Example,
): Promise<Chosen> {
  const { place, author } = context
  const given = named.item?.startsWith('c-') === true ? named.item : undefined
  const meant = given === undefined ? undefined : await deps.ledger.read((db) => findCompletion(db, given))
  if (given !== undefined && meant === undefined) return { refused: refusal.noCompletion(given) }
  const target = await findTarget(deps, context, meant?.wantedId ?? named.item, example(EXAMPLE_ID))
  if ('refused' in target) return { refused: target.refused.text ?? '' }
  const { item, isHere } = target
  const all = await deps.ledger.read((db) => completionsOf(db, item.id))
  const parents = all.filter((one) => one.parentId == null)
  const open = item.status === 'in_review' ? parents.filter((one) => one.completedBy === item.claimedBy) : []
  const stamped = parents.filter((one) => one.stampId !== null)
  const candidates = meant === undefined ? (open.length > 0 ? open : stamped) : [meant]
  const [only] = candidates
  if (only === undefined && item.status === 'open' && isBounty(item)) return { refused: refusal.isBounty(item.id) }
  if (only === undefined) return { refused: refusal.notSubmitted(item.id, item.status) }
  const pull = readEvidence(only.evidence)
  if (pull !== undefined) return { refused: refusal.isPull(item.id, pull.url) }
  if (candidates.length > 1) return { refused: refusal.whichCompletion(candidates, example(only.id)) }
  if (only.stampId === null && !open.some((one) => one.id === only.id))
    return { refused: refusal.notSubmitted(item.id, item.status) }
  if (named.person !== undefined) {
    const account = await getAccount(deps, place, named.person)
    if (account === undefined) return { refused: refusal.noAccount(named.person) }
    if (!isSamePerson(deps.host, account, only.hopUri))
      return { refused: refusal.notTheirs(account.login, only.id, only.completedBy) }
  }
  return {
    wanted: item.id,
    completion: only.id,
    submitter: only.completedBy,
    share: undefined,
    evidence: undefined,
    head: undefined,
    ownWork: await ownCommit(deps, place, only.evidence, author.id),
    unmet: [],
    pull: undefined,
    tags: item.tags,
    isHere,
  }
}
