import type { CommandContext, CommandResult, IdsInLine, ServiceDeps } from './context.ts'
import {
  type WantedType,
  type Effort,
  JUDGED_ANYWHERE,
  type WantedDetails,
  OPEN_BOUNTY,
  judgedWhere,
} from '../domain/wanted.ts'
import { WHO_MANAGES } from '../replies/items.ts'
import { updating } from '../replies/update.ts'
import {
  type ItemManagement,
  type ItemManager,
  byAuthority,
  whyNotItemManager,
  requireItemManager,
} from './require-item-manager.ts'
import { type WantedChange, setTags, updateWanted } from '../ledger/tables/wanted.ts'
import type { CommonsDb } from '../ledger/engine/types.ts'
import { type Decision, record } from './record.ts'
import { describeWanted } from '../ledger/tables/wanted-details.ts'
import { revisitAll } from './revisit-waiting.ts'

/** Changes an open item. The right to judge it (`judged`) can be changed until the item ends. */
export async function updateItem(
  deps: ServiceDeps,
  context: CommandContext,
  { item: named, ...given }: UpdateInput & { item?: string | undefined },
  id: string,
): Promise<CommandResult> {
  const manager = await requireItemManager(deps, context, id, { ...MANAGEMENT, named })
  if ('refused' in manager) return manager.refused
  const { item } = manager
  const answer = await record(deps, context, id, updating.done(item.id, given), async (db): Promise<Decision> => {
    const now = await describeWanted(db, item.id)
    const isOver = now === undefined || now.status === 'completed' || now.status === 'withdrawn'
    // The right to judge matters only once the work is there; the other fields are what the work relies on.
    const onlyJudged = given.judged !== undefined && CHANGES.every((key) => given[key] === undefined)
    if (onlyJudged && !isOver) return letJudge(db, manager, now, { where: given.judged!, at: context.at })
    if (now?.status !== 'open') return { refuse: updating.notOpen(now ?? item) }
    const { judged, ...words } = given
    const change = withFlags(words, now, judged)
    if (!changes(now, change)) return { already: updating.already(now) }
    await updateWanted(db, item.id, change, context.at)
    const opened = judged === undefined ? {} : { Judged: judgedWhere(judged, item.id) }
    return { subject: `wl update: ${item.id}`, trailers: { ...byAuthority(manager), ...opened } }
  })
  // New tags may have made the item an open bounty, for which nobody waits in line.
  if (answer.ok && given.tags !== undefined) await revisitAll(deps, item.id)
  return answer
}

/**
 * The reason why the author of the command cannot change this item, whatever the options; undefined where they might.
 */
export function whyNotUpdate(
  deps: ServiceDeps,
  context: CommandContext,
  { item: named }: IdsInLine,
): Promise<string | undefined> {
  return whyNotItemManager(deps, context, named, MANAGEMENT, (item) =>
    item.status === 'completed' || item.status === 'withdrawn' ? updating.notOpen(item) : undefined,
  )
}

interface UpdateInput {
  title?: string | undefined
  type?: WantedType | undefined
  effort?: Effort | undefined
  priority?: number | undefined
  tags?: string[] | undefined
  judged?: 'anywhere' | 'here' | undefined
}

export const CHANGES = ['title', 'type', 'effort', 'priority', 'tags'] as const

const MANAGEMENT: ItemManagement = {
  example: updating.example,
  whose: (item) => item.postedBy,
  who: WHO_MANAGES.poster,
}

type JudgedScope = 'anywhere' | 'here'

/**
 * Replaces the old tags by the new ones, except for two flags. An open bounty stays one, for it was promised, and the
 * right to judge has an option of its own.
 */
function withFlags(given: WantedChange, { tags }: WantedDetails, judged: JudgedScope | undefined): WantedChange {
  if (given.tags === undefined && judged === undefined) return given
  const isAnywhere = judged === undefined ? tags.includes(JUDGED_ANYWHERE) : judged === 'anywhere'
  const flags = [...(tags.includes(OPEN_BOUNTY) ? [OPEN_BOUNTY] : []), ...(isAnywhere ? [JUDGED_ANYWHERE] : [])]
  const words = (given.tags ?? tags).filter((tag) => tag !== OPEN_BOUNTY || !flags.includes(tag))
  return { ...given, tags: [...flags, ...words.filter((tag) => tag !== JUDGED_ANYWHERE)] }
}

/** Allows people who validate elsewhere to judge an item's work, or no longer; in any state before its end. */
async function letJudge(
  db: CommonsDb,
  manager: ItemManager,
  now: WantedDetails,
  { where, at }: { where: JudgedScope; at: string },
): Promise<Decision> {
  const { tags = [] } = withFlags({}, now, where)
  const isTagged = JSON.stringify(tags) === JSON.stringify(now.tags)
  if (!isTagged) await setTags(db, now.id, tags, at)
  return {
    subject: `wl update: ${now.id}`,
    trailers: { ...byAuthority(manager), Judged: judgedWhere(where, now.id) },
    // The tag informs peers; only the trailer in our own commit counts, and it is written again where peers wrote the
    // tag.
    empty: isTagged,
  }
}

function changes(now: WantedDetails, change: WantedChange): boolean {
  return CHANGES.some((key) => change[key] !== undefined && JSON.stringify(change[key]) !== JSON.stringify(now[key]))
}
