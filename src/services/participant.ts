import type { Admission } from '../authorization/admission.ts'
import { type Account, commitAuthor, commitSender, type Rig } from '../domain/rig.ts'
import { findRigOf, registerRig } from '../ledger/tables/rigs.ts'
import type { Trailers } from '../domain/commit-message.ts'
import { people } from '../replies/people.ts'
import type { CommandResult, ServiceDeps, ActionContext } from './context.ts'

/** The rig of the command's author, registered on first contact. Refused for a person who declined. */
export async function findOrRegisterParticipant(
  deps: ServiceDeps,
  _admission: Admission,
  { author, at, delivery }: ActionContext,
  known?: Rig,
): Promise<{ rig: Rig } | { refused: CommandResult }> {
  const rig = await findOrRegisterRig(deps, author, { at, delivery, sender: commitSender(author), known })
  return rig === 'declined' ? { refused: DECLINED } : { rig }
}

/**
 * The rig of an account, registered on first contact; `declined` for a person who declined. `sender`: the account that
 * caused it, `login id`. `known`: the rig, where it was read just now.
 */
export async function findOrRegisterRig(
  deps: ServiceDeps,
  account: Account,
  { at, delivery, sender, known: before }: { at: string; delivery: string; sender: string; known?: Rig | undefined },
): Promise<Rig | 'declined'> {
  if (await deps.optOuts.has(deps.host, account.id)) return 'declined'
  const known = before ?? (await deps.ledger.read((db) => findRigOf(db, deps.host, account)))
  if (known !== undefined) return known
  const { value } = await deps.ledger.transact<Rig | 'declined'>(async (db) => {
    const raced = await findRigOf(db, deps.host, account)
    if (raced !== undefined) return { value: raced }
    if (await deps.optOuts.has(deps.host, account.id)) return { value: 'declined' }
    const rig = await registerRig(db, deps.host, account, at)
    return {
      value: rig,
      commit: {
        author: commitAuthor(account),
        subject: `Register rig: ${rig.handle}`,
        trailers: { Delivery: delivery, Sender: sender },
      },
    }
  })
  return value
}

/** Whether an account has a rig. */
export async function isRegistered(deps: ServiceDeps, author: Account): Promise<boolean> {
  return (await deps.ledger.read((db) => findRigOf(db, deps.host, author))) !== undefined
}

export const DECLINED: CommandResult = {
  ok: false,
  text: people.declined,
}

/**
 * The trailers of a command's Dolt commit. `Command` is the idempotency key: a command whose id is in the ledger never
 * runs again.
 */
export function commandTrailers({ author, delivery }: ActionContext, id: string): Trailers {
  return { Delivery: delivery, Command: id, Sender: commitSender(author) }
}
