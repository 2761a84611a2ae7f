import { type Kysely, sql } from 'kysely'
import { commitMessage, setMessage, type Trailers } from '../../domain/commit-message.ts'
import { type Fact, factLines } from './facts.ts'
import type { CommitSigner } from './signature.ts'
import type { Commons } from './types.ts'

/** The Dolt commit that a transaction asks for. */
export interface LedgerCommit {
  /** `name <mail>` of the acting rig. */
  author: string
  /** The first line of the message, in the protocol's words, `wl claim: w-…`. */
  subject: string
  trailers: Trailers
  /** A further step of the same transaction, recorded in the same Dolt commit. */
  next?: Pick<LedgerCommit, 'subject' | 'trailers'>
  /** True for a note without rows. */
  empty?: boolean
  /** The branch of an open bounty's entry, where its row was written to; else main. */
  branch?: string
}

/** The commit of a transaction, with the facts about rigs and links that it states. */
export type StatedCommit = LedgerCommit & { facts: readonly Fact[] }

/** Makes one Dolt commit of those of all transactions of a batch; resolves to its hash, and to the sequence in its signature. */
export async function doltCommit(
  connection: Kysely<Commons>,
  commits: StatedCommit[],
  signer: CommitSigner | undefined,
): Promise<{ hash: string | undefined; sequence: number }> {
  const text = setMessage(
    commits.flatMap(({ subject, trailers, facts, next }) => [
      commitMessage(subject, trailers, factLines(facts)),
      ...(next === undefined ? [] : [commitMessage(next.subject, next.trailers)]),
    ]),
  )
  const { author } = commits[0]!
  const { message, sequence } = signer?.sign(text, author) ?? { message: text, sequence: 0 }
  const whenEmpty = commits.every(({ empty }) => empty === true) ? '--allow-empty' : '--skip-empty'
  const { rows } = await sql<{
    hash: string
  }>`CALL DOLT_COMMIT('-Am', ${message}, '--author', ${author}, ${whenEmpty})`.execute(connection)
  return { hash: rows[0]?.hash, sequence }
}
