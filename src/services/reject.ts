import type { CommandContext, CommandResult, ServiceDeps } from './context.ts'
import { rejecting } from '../replies/reject.ts'
import { lacksRight } from './early-refusal.ts'
import { commandHasRun } from '../operations/tables/ledger-index.ts'
import { syncHere } from './sync-here.ts'
import { chooseWork } from './chosen-work.ts'
import { requireJudge, permitIn } from './judge.ts'
import { record } from './record.ts'
import { openEntry } from '../ledger/tables/bounties.ts'
import { findCompletion, deleteCompletion } from '../ledger/tables/completions.ts'
import { findWanted, moveWanted } from '../ledger/tables/wanted.ts'
import { refusal } from '../replies/refusals.ts'
import { clip } from '../domain/text.ts'

/** Sends submitted work back to its contributor, with a reason. */
export async function rejectWork(
  deps: ServiceDeps,
  context: CommandContext,
  args: { reason: string; item?: string | undefined },
  id: string,
): Promise<CommandResult> {
  const said = rejecting.done(context.on, args.reason)
  if (await commandHasRun(deps.store, deps.ledger, id)) {
    await syncHere(deps, context)
    return { ok: true, text: said }
  }
  const asking = {
    act: 'reject',
    example: rejecting.example,
    // A push does not save work from rejection: the head that was judged is rejected, and the new head is submitted.
    afterPush: 'judge what was there',
  } as const
  const work = await chooseWork(deps, context, args, asking)
  if ('refused' in work) return { ok: false, text: work.refused }
  if (work.share !== undefined) return { ok: false, text: rejecting.isShare }
  const judge = await requireJudge(deps, context, 'reject', work)
  if ('refused' in judge) return judge.refused
  const answer = await record(deps, context, id, said, async (db) => {
    const entry = await openEntry(db, work)
    const completion = entry ?? (await findCompletion(db, work.completion))
    const item = await findWanted(db, work.wanted)
    if (completion === undefined) return { refuse: refusal.noCompletion(work.completion) }
    if (completion.stampId !== null) return { refuse: rejecting.isStamped }
    const isSubmitted = item?.status === 'in_review' && item.claimedBy === completion.completedBy
    if (entry === undefined && !isSubmitted) return { refuse: refusal.notSubmitted(work.wanted, item?.status ?? '') }
    const decided = await permitIn(deps, db, context, judge, completion, work.ownWork)
    if ('refused' in decided) return { refuse: decided.refused }
    if (entry === undefined) {
      await deleteCompletion(db, completion.id)
      const { completedBy: holder } = completion
      await moveWanted(db, 'reject', work.wanted, { holder, evidence: null, at: context.at })
    }
    return {
      subject: `wl reject: ${work.wanted} — ${clip(args.reason, 200)}`,
      trailers: {
        Authority: decided.permit.authority,
        Rejected: completion.id,
        ...(work.head === undefined ? {} : { Head: work.head }),
        Reason: args.reason,
      },
      // A rejection does not move an open bounty: the empty commit keeps the reason, and the next sync takes the entry
      // back.
      empty: entry !== undefined,
      verifyAfter: async (after) => (await findCompletion(after, completion.id)) === undefined,
    }
  })
  if (answer.ok) await syncHere(deps, context)
  return answer
}

/**
 * The reason why the author of the command can reject nothing here, whatever the options; undefined where they might.
 */
export function whyNotReject(deps: ServiceDeps, context: CommandContext): Promise<string | undefined> {
  return lacksRight(deps, context, 'reject')
}
