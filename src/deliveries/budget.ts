import { mayByRole, TRUSTED } from '../authorization/permit.ts'
import { Postponed } from '../domain/errors.ts'
import type { EventDeps } from '../events/event.ts'
import type { ForgeEvent } from '../events/forge-event.ts'
import { inRequestContext, type RequestContext } from '../github/request-context.ts'
import { findRigOf } from '../ledger/tables/rigs.ts'
import { addUsed, HOUR_MS, hourOf, mayNotify, usedBy } from '../operations/tables/request-budgets.ts'
import type { Validators } from '../operations/tables/validators.ts'
import type { Policy } from '../reputation/policy.ts'
import { overBudget } from '../replies/over-budget.ts'
import { readSpoken } from './is-answered.ts'
import { isByAnybody, readWho, type Who } from './sender.ts'

/*
 * Budgets of requests to GitHub: a rate limit on what people may cause. An installation has 5,000 requests to GitHub an
 * hour. There is a limit for what one person causes in a repository, for what all people without the right to validate
 * cause there together, and for what they cause in the installation. A validator has a separate budget, which nobody
 * else can use up. Work beyond a budget sends no request to GitHub and waits for the next hour, without blocking the
 * jobs after it; its author is notified once an hour.
 */

export interface BudgetDeps extends Pick<EventDeps, 'host' | 'ledger' | 'store' | 'roles' | 'reply' | 'policy'> {
  validators: Validators
  now(): Date
}

type RequestLimits = Policy['requests']

/** Work that is running, whose requests are not stored yet. */
const underWay = new Set<{ scopes: readonly string[]; context: RequestContext }>()

/** Runs the work of an event and counts its requests. Throws Postponed when the requests of this hour are used up. */
export async function withinBudget(deps: BudgetDeps, event: ForgeEvent, work: () => Promise<void>): Promise<void> {
  const who = readWho(event)
  if (who === undefined || !isByAnybody(event) || who.sender.type === 'Bot') return counted(who, false, work)
  const now = deps.now()
  const hour = hourOf(now)
  let first = deps.validators.has(who.repository, who.sender.id)
  if (!first && (await isOver(deps, hour, boundsOf(deps.policy.requests, who, false))))
    first = await isValidator(deps, who, hour)
  const bounds = boundsOf(deps.policy.requests, who, first)
  if (await isOver(deps, hour, bounds)) {
    const until = new Date(hour.getTime() + HOUR_MS)
    await notifyOverBudget(deps, event, who, hour, until)
    throw new Postponed('the hour’s requests of this person or repository are used up', { retryAt: until })
  }
  const scopes = bounds.map(({ scope }) => scope)
  await counted(who, first, work, async (context, done) => {
    const mine = { scopes, context }
    underWay.add(mine)
    try {
      await done()
    } finally {
      // Work that failed has used requests too.
      if (context.sent > 0) await addUsed(deps.store, deps.host, hour, { scopes, used: context.sent }).catch(() => {})
      underWay.delete(mine)
    }
  })
}

function counted(
  who: Who | undefined,
  first: boolean,
  work: () => Promise<void>,
  within: (context: RequestContext, work: () => Promise<void>) => Promise<void> = (_, done) => done(),
): Promise<void> {
  const lane = who === undefined ? '' : `${who.repository}/${who.sender.id}`
  const context = { lane, first, sent: 0 }
  return within(context, () => inRequestContext(context, work))
}

interface Bound {
  scope: string
  most: number
}

function boundsOf(limits: RequestLimits, { installation, repository, sender }: Who, first: boolean): Bound[] {
  if (first) return [{ scope: `validator ${repository}/${sender.id}`, most: limits.validator }]
  return [
    { scope: `person ${repository}/${sender.id}`, most: limits.person },
    { scope: `repository ${repository}`, most: limits.repository },
    { scope: `installation ${installation}`, most: limits.installation },
  ]
}

async function isOver({ store, host }: BudgetDeps, hour: Date, bounds: readonly Bound[]): Promise<boolean> {
  const scopes = bounds.map(({ scope }) => scope)
  const used = await usedBy(store, host, hour, scopes)
  const now = (scope: string) =>
    [...underWay].reduce((sum, one) => sum + (one.scopes.includes(scope) ? one.context.sent : 0), 0)
  return bounds.some(({ scope, most }) => (used.get(scope) ?? 0) + now(scope) >= most)
}

/** The hour in which the role of each person was last fetched: at most once an hour for each of them. */
const asked = new Map<string, number>()
const MANY = 10_000

/**
 * Whether a person who is not known to validate here may do so. Their role is fetched before a budget refuses them, at
 * most once an hour; false until the next hour.
 */
async function isValidator(deps: BudgetDeps, { installation, repository, name, sender }: Who, hour: Date) {
  const key = `${deps.store.wasteland} ${repository}/${sender.id}`
  if (asked.get(key) === hour.getTime()) return false
  if (asked.size > MANY) asked.clear()
  asked.set(key, hour.getTime())
  const role = await deps.roles({ installation, ...name }, repository, sender)
  const rig = await deps.ledger.read((db) => findRigOf(db, deps.host, sender))
  const may = mayByRole(role) || ((rig?.trustLevel ?? 0) >= TRUSTED && !role.narrowed)
  await deps.validators.note(repository, sender.id, may)
  return may
}

/** Replies once an hour to each person, on the thread of the first command that has to wait. */
async function notifyOverBudget(deps: BudgetDeps, event: ForgeEvent, who: Who, hour: Date, until: Date) {
  const spoken = readSpoken(event)
  if (spoken === undefined) return
  const scope = `told ${who.repository}/${who.sender.id}`
  if (!(await mayNotify(deps.store, deps.host, hour, { scope, delivery: event.delivery }))) return
  const key = `budget/${who.repository}/${who.sender.id}/${hour.getTime()}`
  await inRequestContext({ lane: `${who.repository}/${who.sender.id}`, first: false, sent: 0 }, () =>
    deps.reply(spoken.thread, key, overBudget(who.sender.login, until)),
  )
}
