import { isBounty } from '../domain/bounty.ts'
import type { WantedDetails } from '../domain/wanted.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { entriesOf } from '../ledger/tables/bounties.ts'
import { openItems } from '../ledger/tables/wanted-details.ts'

export interface Board {
  /** The newest first. */
  items: WantedDetails[]
  /** The number of open items, shown or not. */
  total: number
  /** The number of entries for each open bounty among the items, by its id. */
  competing: Map<string, number>
}

/** The open items, all or of a tag, `limit` at most. */
export async function openBoard(
  { ledger }: { ledger: Ledger },
  { tag, limit }: { tag: string | undefined; limit: number },
): Promise<Board> {
  const { items, total } = await ledger.read((db) => openItems(db, tag, limit))
  return { items, total, competing: await competingFor({ ledger }, items.filter(isBounty)) }
}

/** The number of entries for each of these open bounties, by its id. */
export async function competingFor(
  { ledger }: { ledger: Ledger },
  bounties: readonly Pick<WantedDetails, 'id'>[],
): Promise<Map<string, number>> {
  return ledger.read(async (db) => {
    const counted = await Promise.all(bounties.map(async ({ id }) => [id, (await entriesOf(db, id)).length] as const))
    return new Map(counted)
  })
}
