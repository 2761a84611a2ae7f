import { whyLeftAlone } from './left-alone.ts'
import { mayByRole, roleRefusal, TRUSTED } from '../authorization/permit.ts'
import { findRigOf } from '../ledger/tables/rigs.ts'
import { refusal } from '../replies/refusals.ts'
import type { ServiceDeps, CommandContext } from './context.ts'

/**
 * The reason why the author of the command can judge nothing here, whatever the options; undefined where they might.
 */
export async function lacksRight(
  deps: ServiceDeps,
  context: CommandContext,
  act: JudgementKind,
): Promise<string | undefined> {
  const { on } = context
  const alone = await whyLeftAlone(context)
  if (alone !== undefined) return alone
  // On an issue, the right depends on the item.
  return on === 'issue' ? undefined : refuseWithoutRight(deps, context, act)
}

/**
 * The refusal for a person who can judge nothing here, with no role that counts and no trust; undefined for anybody
 * else, whom the facts of the work may still bar. This check costs one request to GitHub at most, so it comes before
 * the work is read, which costs one for each commit, check and review.
 */
export async function refuseWithoutRight(
  deps: ServiceDeps,
  context: CommandContext,
  act: JudgementKind,
): Promise<string | undefined> {
  const { place, repository, author } = context
  const permission = await deps.roles(place, repository.id, author)
  if (mayByRole(permission)) return undefined
  const rig = await deps.ledger.read((db) => findRigOf(db, deps.host, author))
  if (rig !== undefined && rig.trustLevel >= TRUSTED && !permission.narrowed) return undefined
  const say = (rule: Parameters<typeof refusal.stamp>[0]) => refusal.stamp(rule, repository.fullName, act)
  // The snapshot has been fetched already.
  const isAuthor = act !== 'reject' && (await context.snapshot())?.pull.author?.id === author.id
  if (isAuthor) return say({ rule: 'yearbook-self' })
  return say(rig !== undefined && rig.trustLevel < 0 ? { rule: 'suspended' } : roleRefusal(permission, rig))
}

/** The kind of a judgement, as a refusal names it. */
export type JudgementKind = 'stamp' | 'reject' | 'correct'
