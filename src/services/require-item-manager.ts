import { whyLeftAlone } from './left-alone.ts'
import { authorityOf, mayByRole } from '../authorization/permit.ts'
import type { EffectiveRole } from '../authorization/roles.ts'
import { wantedId } from '../domain/ids.ts'
import type { Rig } from '../domain/rig.ts'
import type { WantedDetails } from '../domain/wanted.ts'
import { getIssue } from '../github/repositories.ts'
import { findRigOf } from '../ledger/tables/rigs.ts'
import { findWantedOf } from '../ledger/tables/wanted.ts'
import { commandHasRun } from '../operations/tables/ledger-index.ts'
import { itemsAt } from '../operations/tables/pull-request-items.ts'
import { notOnBoard } from '../replies/issue-status.ts'
import { items } from '../replies/items.ts'
import { syncHere } from './sync-here.ts'
import { requireParticipant } from './require-participant.ts'
import { DECLINED } from './participant.ts'
import { whereItWasPosted } from './item-origin.ts'
import { describeWanted } from '../ledger/tables/wanted-details.ts'
import type { CommandResult, ServiceDeps, CommandContext } from './context.ts'

/** The item that a command is about. `isHere`: it was posted in the repository where the command was said. */
interface ItemTarget {
  item: WantedDetails
  isHere: boolean
}

/** Who may change an item, and by what: `own` for the one whose it is, else the commit's `Authority:`. */
export interface ItemManager extends ItemTarget {
  rig: Rig
  authority: string
}

const OWN = 'own'

/**
 * The item that a command names, or that of this issue or pull request; else the refusal. An id that is wrong is
 * refused: no other item is taken in its place.
 */
export async function findTarget(
  deps: ServiceDeps,
  context: CommandContext,
  named: string | undefined,
  example: string,
): Promise<ItemTarget | { refused: CommandResult }> {
  const here = await idsHere(deps, context)
  if (named === undefined && here.length !== 1) return { refused: refuse(items.which(context.on, here, example)) }
  const id = named ?? here[0]!
  const item = await deps.ledger.read((db) => describeWanted(db, id))
  if (item !== undefined) {
    const isOfThisIssue = context.on === 'issue' && here.includes(id)
    const { posted, keptId } = await whereItWasPosted(deps, context, item)
    return { item, isHere: posted === 'here' || (isOfThisIssue && keptId === undefined) }
  }
  return {
    refused: refuse(named === undefined && context.on === 'issue' ? notOnBoard : items.unknown(id)),
  }
}

/** The ids of the items of this thread: those that a pull request names, or that of the issue, posted or not. */
export async function idsHere(deps: ServiceDeps, context: CommandContext): Promise<string[]> {
  const { on, place, repository } = context
  if (on === 'pull request') {
    const named = () => itemsAt(deps.store, deps.host, { repository_id: repository.id, number: place.number })
    let noted = await named()
    // Not seen before, or the operations store was lost.
    if (noted.length === 0 && (await syncHere(deps, context)) !== undefined) noted = await named()
    return noted.map((item) => item.wanted_id)
  }
  const issue = await getIssue(deps, place, place.number)
  if (issue === undefined) return []
  const item = await deps.ledger.read((db) => findWantedOf(db, deps.host, issue))
  return [item?.id ?? wantedId(deps.host, issue.id)]
}

/** Whose an item is, for a command that is theirs. */
export interface ItemManagement {
  example: string
  whose: (item: WantedDetails) => string | null
  /** Who may, of `WHO_MANAGES`. */
  who: string
  /** What is said instead to who may not, by their rig if they have one: the item is in no state for it. */
  otherwise?: (item: WantedDetails, rig: Rig | undefined) => string | undefined
  /** Maintainers may not, only whose it is. */
  ownOnly?: boolean
}

/**
 * Why an item manager's command is refused whatever its options; undefined where it might not be. `notNow` says what
 * the item's state forbids.
 */
export async function whyNotItemManager(
  deps: ServiceDeps,
  context: CommandContext,
  named: string | undefined,
  about: ItemManagement,
  notNow: (item: WantedDetails, rig: Rig | undefined) => string | undefined,
): Promise<string | undefined> {
  const asking = await checkItemManager(deps, context, named, about)
  if ('refused' in asking) return asking.refused.text
  const { target, known, authority } = asking
  return authority === undefined ? notItemManager(target, known, about) : notNow(target.item, known)
}

interface ItemAuthorityCheck {
  target: ItemTarget
  known: Rig | undefined
  /** By what who asks may; undefined where they may not. */
  authority: string | undefined
}

async function checkItemManager(
  deps: ServiceDeps,
  context: CommandContext,
  named: string | undefined,
  about: ItemManagement,
): Promise<ItemAuthorityCheck | { refused: CommandResult }> {
  const { author } = context
  const alone = await whyLeftAlone(context)
  if (alone !== undefined) return { refused: refuse(alone) }
  const target = await findTarget(deps, context, named, about.example)
  if ('refused' in target) return target
  const known = await deps.ledger.read((db) => findRigOf(db, deps.host, author))
  const isOwn = known !== undefined && about.whose(target.item) === known.handle
  const authority = isOwn ? OWN : await maintains(deps, context, target, known, about.ownOnly)
  return { target, known, authority }
}

function notItemManager(target: ItemTarget, known: Rig | undefined, about: ItemManagement): string {
  const { item, isHere } = target
  const elsewhere = isHere || about.ownOnly === true ? undefined : item.id
  return about.otherwise?.(item, known) ?? items.onlyFor(about.who, elsewhere)
}

/**
 * Lets in whose item it is (`whose` reads their handle) and who maintains it: GitHub admin or maintain where it was
 * posted, or trust level 3. Anybody else is refused, and not registered for having asked. A command that has run
 * is let in, to answer the same again.
 */
export async function requireItemManager(
  deps: ServiceDeps,
  context: CommandContext,
  id: string,
  about: ItemManagement & {
    named: string | undefined
    /** What is answered before anything is done: that the item is in no state for it, or the question whether it is meant. */
    question?: ((item: WantedDetails) => CommandResult | undefined) | undefined
  },
): Promise<ItemManager | { refused: CommandResult }> {
  const asking = await checkItemManager(deps, context, about.named, about)
  if ('refused' in asking) return asking
  const { target, known, authority } = asking
  const { author } = context
  const question = about.question?.(target.item)
  if ((authority === undefined || question !== undefined) && !(await commandHasRun(deps.store, deps.ledger, id))) {
    if (authority !== undefined)
      return { refused: (await deps.optOuts.has(deps.host, author.id)) ? DECLINED : question! }
    return {
      refused: refuse(notItemManager(target, known, about)),
    }
  }
  const entered = await requireParticipant(deps, context)
  return 'refused' in entered ? entered : { ...target, rig: entered.rig, authority: authority ?? OWN }
}

async function maintains(
  deps: ServiceDeps,
  { place, repository, author }: CommandContext,
  { isHere }: ItemTarget,
  rig: Rig | undefined,
  ownOnly = false,
): Promise<string | undefined> {
  if (ownOnly) return undefined
  const asked = await deps.roles(place, repository.id, author)
  // A maintainer of one repository has no say over what was posted in another. Settings narrow who stamps, not this.
  const permission: EffectiveRole = isHere
    ? { ...asked, narrowed: false }
    : { ...asked, admin: false, maintain: false, write: false }
  if (rig !== undefined) return authorityOf({ validator: rig, permission, repository })
  return mayByRole(permission)
    ? `github ${permission.admin ? 'admin' : 'maintain'} ${repository.fullName}#${repository.id}`
    : undefined
}

/** The trailer `Authority`, where a maintainer changes what is another's; none for one's own. */
export function byAuthority({ authority }: ItemManager): { Authority?: string } {
  return authority === OWN ? {} : { Authority: authority }
}

/** A refusal as the outcome of a command. */
export function refuse(text: string): CommandResult {
  return { ok: false, text }
}
