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

/** The item that a command is about. `isHere`: it was posted in the repository where the command was written. */
interface ItemTarget {
  item: WantedDetails
  isHere: boolean
}

/**
 * A person who may change an item, and their right: `own` where the item is theirs, else the value of the commit's
 * trailer `Authority`.
 */
export interface ItemManager extends ItemTarget {
  rig: Rig
  authority: string
}

const OWN = 'own'

/**
 * Finds the item that a command names, or that of this issue or pull request; else returns the refusal. A wrong id is
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
    // The pull request was not seen before, or the operations store was lost.
    if (noted.length === 0 && (await syncHere(deps, context)) !== undefined) noted = await named()
    return noted.map((item) => item.wanted_id)
  }
  const issue = await getIssue(deps, place, place.number)
  if (issue === undefined) return []
  const item = await deps.ledger.read((db) => findWantedOf(db, deps.host, issue))
  return [item?.id ?? wantedId(deps.host, issue.id)]
}

/** The rule of a command that is for the person whose item it is, and for maintainers. */
export interface ItemManagement {
  example: string
  whose: (item: WantedDetails) => string | null
  /** The people who may give the command, one of `WHO_MANAGES`. */
  who: string
  /**
   * The refusal where the item is in no state for the command. It takes precedence over the refusal for want of a
   * right. `rig`: the author's, if they have one.
   */
  otherwise?: (item: WantedDetails, rig: Rig | undefined) => string | undefined
  /** True where maintainers may not, but only the person whose item it is. */
  ownOnly?: boolean
}

/**
 * The reason why an item manager's command is refused whatever its options; undefined where it might not be. `notNow`
 * returns the reason that lies in the item's state.
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
  /** The author's right; undefined where they have none. */
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
 * Requires that the author may change the item. Either the item is theirs (`whose` reads its person's handle), or they
 * maintain it: GitHub admin or maintain where it was posted, or trust level 3. Anybody else is refused, and not
 * registered for trying. A command that has run passes, so that it is answered the same again.
 */
export async function requireItemManager(
  deps: ServiceDeps,
  context: CommandContext,
  id: string,
  about: ItemManagement & {
    named: string | undefined
    /**
     * The answer that comes before anything is written: the refusal for the item's state, or the question that
     * `confirm` answers.
     */
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
  // A maintainer of one repository has no right over what was posted in another. Settings narrow the people who stamp,
  // not those who change items.
  const permission: EffectiveRole = isHere
    ? { ...asked, narrowed: false }
    : { ...asked, admin: false, maintain: false, write: false }
  if (rig !== undefined) return authorityOf({ validator: rig, permission, repository })
  return mayByRole(permission)
    ? `github ${permission.admin ? 'admin' : 'maintain'} ${repository.fullName}#${repository.id}`
    : undefined
}

/** The trailer `Authority` where a maintainer changes another person's item; none for one's own. */
export function byAuthority({ authority }: ItemManager): { Authority?: string } {
  return authority === OWN ? {} : { Authority: authority }
}

/** A refusal as the outcome of a command. */
export function refuse(text: string): CommandResult {
  return { ok: false, text }
}
