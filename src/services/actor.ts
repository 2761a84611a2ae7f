import type { Trailers } from '../domain/commit-message.ts'
import { BRIDGE_AUTHOR, commitAuthor } from '../domain/rig.ts'
import { commandHasRun } from '../operations/tables/ledger-index.ts'
import type { ActionContext, ServiceDeps } from './context.ts'
import { commandTrailers } from './participant.ts'

/** Who acts, as the Dolt commit of the act says it. */
export interface Actor {
  /** `name <mail>`. */
  author: string
  /** Through which delivery and command, or by which authority. */
  trailers: Trailers
  /** True when this very act is in the ledger: it is not done again, and is answered the same. */
  hasActed(): Promise<boolean>
}

/** The author of a command or label as an actor. `id` is the command's: what has run under it is not done again. */
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

/** Who runs the command line on the bridge's machine: the ledger is theirs, so no cap and no trust level holds for them. */
export const OPERATOR: Actor = {
  author: BRIDGE_AUTHOR,
  trailers: { Authority: 'operator' },
  hasActed: async () => false,
}
