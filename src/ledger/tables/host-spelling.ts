import { sql } from 'kysely'
import { canonicalHost } from '../../domain/github-host.ts'
import { readEntityUri } from '../../domain/rig.ts'
import type { Ledger } from '../ledger.ts'
import { findRigOf } from './rigs.ts'
import { textOf } from '../engine/rows.ts'

/*
 * GHE_HOST in the spelling of this ledger. Earlier versions kept it as it was written, and every id and key of a ledger
 * hashes it. A bridge that has run as `GHE.Example.com` goes on with that spelling, because under another one all its
 * people would be strangers. Only rigs that we signed count: a peer's row must not choose our name.
 */

/** The largest number of rigs of one spelling that are read; of ours the first is signed. */
const ASKED = 20

/**
 * The spelling of a host in this ledger's rigs, the oldest rig's where there are several; without rigs the host itself.
 */
export async function hostAsStored(ledger: Pick<Ledger, 'read'>, host: string, protocol: string): Promise<string> {
  const spellings = await hostsOfRigs(ledger)
  const ours: { spelling: string; since: string }[] = []
  for (const spelling of spellings) {
    if (canonicalHost(spelling, protocol) !== host) continue
    const since = await oldestSigned(ledger, spelling)
    if (since !== undefined) ours.push({ spelling, since })
  }
  const [oldest] = ours.toSorted((one, other) => (one.since < other.since ? -1 : 1))
  return oldest?.spelling ?? host
}

async function hostsOfRigs(ledger: Pick<Ledger, 'read'>): Promise<string[]> {
  return ledger.read(async ({ sql: db }) => {
    const { rows } = await sql<{ host: unknown }>`
      SELECT DISTINCT SUBSTRING_INDEX(SUBSTRING(hop_uri, 10), '/', 1) AS host FROM rigs
      WHERE hop_uri LIKE 'entity://%'`.execute(db)
    return rows.flatMap((row) => textOf(row.host) ?? [])
  })
}

async function oldestSigned(ledger: Pick<Ledger, 'read'>, spelling: string): Promise<string | undefined> {
  return ledger.read(async (db) => {
    const { rows } = await sql<{ uri: unknown; since: unknown }>`
      SELECT hop_uri AS uri, registered_at AS since FROM rigs
      WHERE hop_uri LIKE ${`entity://${spelling.replace(/[\\%_]/g, '\\$&')}/%`}
      ORDER BY registered_at LIMIT ${sql.lit(ASKED)}`.execute(db.sql)
    for (const { uri, since } of rows) {
      const person = readEntityUri(textOf(uri))
      if (person?.host === spelling && (await findRigOf(db, spelling, person)) !== undefined) return textOf(since) ?? ''
    }
    return undefined
  })
}
