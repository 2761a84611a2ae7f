import type { Account } from '../domain/rig.ts'
import type { CommonsDb } from '../ledger/engine/types.ts'
import { postingOf } from '../operations/tables/item-origins.ts'
import { ownerHistory, type OwnerHistory } from '../operations/tables/ledger-index.ts'
import { leftAlone } from '../replies/left-alone.ts'
import { people } from '../replies/people.ts'
import { refusal } from '../replies/refusals.ts'
import type { CommandContext, ServiceDeps } from './context.ts'
import type { PosterConsent } from './item-origin.ts'

/** The facts beside the ledger's rows on which the right to judge depends, as a transaction of the ledger finds them. */
export interface JudgementFacts {
  history: OwnerHistory
  /** False where the item's poster has taken back the consent by which the roles of this repository count for it. */
  isOpened: boolean
  /** The refusal where somebody who must take part has declined; undefined where all do. */
  declined: string | undefined
}

interface FactsInput {
  wanted: string
  byConsent: PosterConsent | undefined
  /** The author of the pull request, where they must take part. */
  pullAuthor: Pick<Account, 'id'> | undefined
  /** The co-author whose first stamp it is. */
  coAuthor?: Account | undefined
}

/**
 * Reads the facts in one statement, and must be called inside the transaction that decides: they may have changed since
 * the work was chosen. Consent is in the ledger, whose head stands still there. A decline is in Postgres; the person's
 * `/wl decline` is answered after a transaction of its own (`takeOut`), so it is answered after each stamp whose
 * transaction did not see the decline.
 */
export async function readJudgementFacts(
  deps: ServiceDeps,
  db: CommonsDb,
  context: CommandContext,
  { wanted, byConsent, ...others }: FactsInput,
): Promise<JudgementFacts> {
  const [history, isOpened, declined] = await Promise.all([
    ownerHistory(deps.store, deps.ledger, wanted, db),
    byConsent === undefined || isStillOpened(deps, db, byConsent),
    whyDeclined(deps, context, others),
  ])
  return { history, isOpened, declined }
}

async function isStillOpened(deps: ServiceDeps, db: CommonsDb, { wanted }: PosterConsent): Promise<boolean> {
  return (await postingOf(deps.store, deps.ledger, wanted, db)).opened
}

async function whyDeclined(
  { optOuts, host }: ServiceDeps,
  { author, repository }: CommandContext,
  { pullAuthor, coAuthor }: Pick<FactsInput, 'pullAuthor' | 'coAuthor'>,
): Promise<string | undefined> {
  const needed = [
    ...(pullAuthor === undefined ? [] : [{ id: pullAuthor.id, text: leftAlone('declined', repository.fullName) }]),
    { id: author.id, text: people.declined },
    ...(coAuthor === undefined ? [] : [{ id: coAuthor.id, text: refusal.declinedCoAuthor(coAuthor.login) }]),
  ]
  const areOut = await Promise.all(needed.map(({ id }) => optOuts.has(host, id)))
  return needed.find((_, n) => areOut[n])?.text
}
