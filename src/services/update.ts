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

/** Changes an item that is open; who may judge it can be changed until its end. */
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
    // Who may judge it is asked when the work is there: the rest of the item is what the work relies on.
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
  // Of an open bounty there is no waiting in line.
  if (answer.ok && given.tags !== undefined) await revisitAll(deps, item.id)
  return answer
}

/** Why the author of the command does not change this item; undefined where they might. */
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

/** New tags replace the old, but an open bounty stays one, for it was promised, and who may judge it has an option of its own. */
function withFlags(given: WantedChange, { tags }: WantedDetails, judged: JudgedScope | undefined): WantedChange {
  if (given.tags === undefined && judged === undefined) return given
  const isAnywhere = judged === undefined ? tags.includes(JUDGED_ANYWHERE) : judged === 'anywhere'
  const flags = [...(tags.includes(OPEN_BOUNTY) ? [OPEN_BOUNTY] : []), ...(isAnywhere ? [JUDGED_ANYWHERE] : [])]
  const words = (given.tags ?? tags).filter((tag) => tag !== OPEN_BOUNTY || !flags.includes(tag))
  return { ...given, tags: [...flags, ...words.filter((tag) => tag !== JUDGED_ANYWHERE)] }
}

/** Lets those who validate elsewhere judge an item's work, or no more; in any state before its end. */
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
    // The tag tells peers; what counts is the word in our own commit, said again where they wrote the tag.
    empty: isTagged,
  }
}

function changes(now: WantedDetails, change: WantedChange): boolean {
  return CHANGES.some((key) => change[key] !== undefined && JSON.stringify(change[key]) !== JSON.stringify(now[key]))
}
