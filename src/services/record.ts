import type { Trailers } from '../domain/commit-message.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { type Actor, personActor } from './actor.ts'
import type { CommonsDb } from '../ledger/engine/types.ts'
import type { CommandResult, ServiceDeps, ActionContext } from './context.ts'

/** The decision on a command in its transaction: a refusal, an answer without a change, or one Dolt commit. */
export type Decision =
  | { refuse: string }
  /** Done before, by other means: nothing to write. */
  | { already: string }
  | {
      /** The commit's subject in the protocol's words, such as `wl claim: w-…`. */
      subject: string
      trailers?: Trailers
      /** True for a commit that only notes something and changes no rows. */
      empty?: boolean
      verifyAfter?: (db: CommonsDb) => Promise<boolean>
    }

/** Runs one transaction by the author of a command; see `recordBy`. */
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
 * Runs one transaction, with the actor as the commit's author. `decide` reads the ledger, writes rows and returns their
 * Dolt commit, or returns why there is none. An action that is in the ledger already writes nothing and is answered
 * with `said` again, so `said` must not depend on what the transaction reads.
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
