import type { Trailers } from '../domain/commit-message.ts'
import { commitAuthor } from '../domain/rig.ts'
import { commandHasRun } from '../operations/ledger-index.ts'
import { commandTrailers } from './participant.ts'
import type { CommonsDb } from '../ledger/types.ts'
import type { CommandResult, ServiceDeps, ActionContext } from './context.ts'

/** What a command came to in the transaction: nothing, for a reason, or one Dolt commit. */
export type Decision =
  | { refuse: string }
  /** Done by other means before: nothing to write. */
  | { already: string }
  | {
      /** In the protocol's words, `wl claim: w-…`. */
      subject: string
      trailers?: Trailers
      /** True for a note without rows. */
      empty?: boolean
      verifyAfter?: (db: CommonsDb) => Promise<boolean>
    }

/**
 * One transaction for a command, authored by who said it. A command that has run writes nothing and answers
 * the same: `said` must not depend on what the transaction reads.
 */
export async function record(
  deps: ServiceDeps,
  context: ActionContext,
  id: string,
  said: string | undefined,
  decide: (db: CommonsDb) => Promise<Decision>,
): Promise<CommandResult> {
  const done: CommandResult = said === undefined ? { ok: true } : { ok: true, text: said }
  const { value } = await deps.ledger.transact<CommandResult>(async (db) => {
    if (await commandHasRun(deps.store, deps.ledger, id)) return { value: done }
    const decision = await decide(db)
    if ('refuse' in decision) return { value: { ok: false, text: decision.refuse } }
    if ('already' in decision) return { value: { ok: true, text: decision.already } }
    const { subject, trailers, empty = false, verifyAfter } = decision
    return {
      value: done,
      commit: {
        author: commitAuthor(context.author),
        subject,
        trailers: { ...commandTrailers(context, id), ...trailers },
        empty,
      },
      ...(verifyAfter === undefined ? {} : { verifyAfter }),
    }
  })
  return value
}
