import type { Trailers } from '../domain/commit-message.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { type Actor, personActor } from './actor.ts'
import type { CommonsDb } from '../ledger/engine/types.ts'
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

/** One transaction by the author of a command; see `recordBy`. */
export function record(
  deps: ServiceDeps,
  context: ActionContext,
  id: string,
  said: string | undefined,
  decide: (db: CommonsDb) => Promise<Decision>,
): Promise<CommandResult> {
  return recordBy(deps.ledger, personActor(deps, context, id), said, decide)
}

/**
 * One transaction, authored by who acts. `decide` reads the ledger, writes rows and returns their Dolt commit, or
 * returns why there is none. An act that is in the ledger already writes nothing and is answered by `said` again,
 * which must not depend on what the transaction reads.
 */
export async function recordBy(
  ledger: Pick<Ledger, 'transact'>,
  actor: Actor,
  said: string | undefined,
  decide: (db: CommonsDb) => Promise<Decision>,
): Promise<CommandResult> {
  const done: CommandResult = said === undefined ? { ok: true } : { ok: true, text: said }
  const { value } = await ledger.transact<CommandResult>(async (db) => {
    if (await actor.hasActed()) return { value: done }
    const decision = await decide(db)
    if ('refuse' in decision) return { value: { ok: false, text: decision.refuse } }
    if ('already' in decision) return { value: { ok: true, text: decision.already } }
    const { subject, trailers, empty = false, verifyAfter } = decision
    return {
      value: done,
      commit: { author: actor.author, subject, trailers: { ...actor.trailers, ...trailers }, empty },
      ...(verifyAfter === undefined ? {} : { verifyAfter }),
    }
  })
  return value
}
