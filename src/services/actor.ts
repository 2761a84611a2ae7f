import type { Trailers } from '../domain/commit-message.ts'
import { BRIDGE_AUTHOR, commitAuthor } from '../domain/rig.ts'
import { commandHasRun } from '../operations/tables/ledger-index.ts'
import type { ActionContext, ServiceDeps } from './context.ts'
import { commandTrailers } from './participant.ts'

/** The author of an action, as the action's Dolt commit names them. */
export interface Actor {
  /** The commit's author, `name <mail>`. */
  author: string
  /** Trailers that name the delivery and the command, or the authority. */
  trailers: Trailers
  /** Idempotency check: true when this action is in the ledger. It is not done again then, and is answered the same. */
  hasActed(): Promise<boolean>
}

/**
 * The author of a command or label as an actor. `id` is the command's id: an action that has run under this id is not
 * done again.
 */
export function personActor(
  { store, ledger }: Pick<ServiceDeps, 'store' | 'ledger'>,
  context: ActionContext,
  id: string,
): Actor {
  return {
    author: commitAuthor(context.author),
    trailers: commandTrailers(context, id),
    hasActed: () => commandHasRun(store, ledger, id),
  }
}

/**
 * The operator, who runs the command line on the bridge's machine. The ledger is theirs, so no cap and no trust level
 * holds for them.
 */
export const OPERATOR: Actor = {
  author: BRIDGE_AUTHOR,
  trailers: { Authority: 'operator' },
  hasActed: async () => false,
}
