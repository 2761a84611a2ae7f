import { type Kysely, sql } from 'kysely'
import { commitMessage } from '../../domain/commit-message.ts'
import { Unavailable, UserError } from '../../domain/errors.ts'
import { BRIDGE_AUTHOR } from '../../domain/rig.ts'
import { withTimeout } from '../../ops/retry.ts'
import { isConnectionLoss, type LedgerAddress, openCommons } from '../connect.ts'
import { headCommit, type LoggedCommit } from '../engine/log.ts'
import { type CommitSigner, isSigned } from '../engine/signature.ts'
import { atBranch } from '../engine/tables.ts'
import type { Commons } from '../engine/types.ts'
import { takeLock, type WriterLock } from '../engine/writer-lock.ts'
import { CREATED, type CommonsSchema, readCommonsSchema, refuseUncommitted } from './commons.ts'
import { nameChanges, type SchemaChange } from './upgrade-plan.ts'

/*
 * Upgrades the schema atomically. Dolt commits each ALTER TABLE to the working set at once: on main, anybody's commit
 * would include half an upgrade, and after a kill the next start would find uncommitted changes. So an upgrade is made
 * and committed on a branch of its own, and main is fast-forwarded to that commit: it has all of it or nothing. Where a
 * peer, who takes no lock of ours, has committed meanwhile, it is made anew. A branch that a kill left behind is
 * deleted by the next upgrade.
 */

export const UPGRADE_BRANCH = 'wasteland-bridge/upgrade'

/** The command that upgrades a commons which the start does not change. */
export const UPGRADE_COMMAND = 'wasteland-bridge init --upgrade'

const ATTEMPTS = 5
/** Timeout of an upgrade: an index of a million rows takes a minute. */
const UPGRADE_MS = 30 * 60_000

interface UpgradeOptions {
  signer: CommitSigner
  lock: WriterLock
}

/**
 * Adds what the schema of the commons lacks, in one signed Dolt commit, and resolves to the changes: none where another
 * replica was first. Must be called once the history is vouched for, because a signed commit says that there is nothing
 * to vouch for.
 *
 * Throws UserError where the user of LEDGER_URL lacks the rights, or LEDGER_URL names a branch; Unavailable while
 * another writes.
 */
export async function upgradeCommons(address: LedgerAddress, options: UpgradeOptions): Promise<SchemaChange[]> {
  const { sql: pool, sever } = openCommons(address, 1)
  try {
    const work = pool.connection().execute((connection) => upgradeOn(connection, address, options))
    return await withTimeout(UPGRADE_MS, work, 'the upgrade of the ledger’s schema does not end')
  } catch (error) {
    if (error instanceof UserError || error instanceof Unavailable) throw error
    if (isConnectionLoss(error)) throw new Unavailable('the ledger cannot be reached', { cause: error })
    throw new UserError(
      `The schema of the commons "${address.database}" could not be upgraded, and is as it was: ${(error as Error).message.slice(0, 300)}`,
      { cause: error },
    )
  } finally {
    // Also frees the lock, and leaves no connection at a branch.
    sever()
    await pool.destroy().catch(() => {})
  }
}

async function upgradeOn(connection: Kysely<Commons>, address: LedgerAddress, { signer, lock }: UpgradeOptions) {
  await refuseBranch(connection, address)
  await takeLock(connection, lock)
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    await deleteBranch(connection)
    await refuseUncommitted(connection, address.database)
    if ((await readCommonsSchema(connection)).changes.length === 0) return []
    try {
      const changes = await changeByBranch(connection, address, signer)
      if (changes !== undefined) return changes
    } finally {
      await use(connection, address.database)
      await deleteBranch(connection)
    }
  }
  throw new Unavailable('another process is writing to the ledger')
}

/** Undefined where main has moved meanwhile. */
async function changeByBranch(connection: Kysely<Commons>, address: LedgerAddress, signer: CommitSigner) {
  await sql`CALL DOLT_BRANCH(${UPGRADE_BRANCH})`.execute(connection)
  await use(connection, atBranch(address, UPGRADE_BRANCH))
  const base = await headCommit(connection)
  // Read on the branch itself: main may have moved since the plan.
  const { changes } = await readCommonsSchema(connection)
  if (changes.length === 0) return []
  await change(connection, changes, signer)
  await use(connection, address.database)
  return (await fastForward(connection, base)) ? changes : undefined
}

async function change(connection: Kysely<Commons>, changes: readonly SchemaChange[], signer: CommitSigner) {
  for (const { statements } of changes) for (const statement of statements) await sql.raw(statement).execute(connection)
  const { message } = signer.sign(commitMessage(`Upgrade schema: ${nameChanges(changes)}`, {}), BRIDGE_AUTHOR)
  await sql`CALL DOLT_COMMIT('-Am', ${message}, '--author', ${BRIDGE_AUTHOR})`.execute(connection)
}

/** False where main has moved from `base`. */
async function fastForward(connection: Kysely<Commons>, base: string): Promise<boolean> {
  try {
    await sql`CALL DOLT_MERGE('--ff-only', ${UPGRADE_BRANCH})`.execute(connection)
    return true
  } catch (error) {
    if (isConnectionLoss(error) || (await headCommit(connection)) === base) throw error
    return false
  }
}

async function deleteBranch(connection: Kysely<Commons>) {
  const { rows } = await sql`SELECT name FROM dolt_branches WHERE name = ${UPGRADE_BRANCH}`.execute(connection)
  if (rows.length > 0) await sql`CALL DOLT_BRANCH('-D', ${UPGRADE_BRANCH})`.execute(connection)
}

/** Throws UserError where LEDGER_URL names a branch that is not the database's main one. */
async function refuseBranch(connection: Kysely<Commons>, { database }: LedgerAddress): Promise<void> {
  const [name = '', branch] = database.split(/\/(.*)/s)
  if (branch === undefined) return
  await use(connection, name)
  const main = await activeBranch(connection)
  await use(connection, database)
  if (main !== branch)
    throw new UserError(
      `LEDGER_URL names the branch "${branch.slice(0, 100)}" of the commons. A schema is upgraded on the branch "${main}", which the others ` +
        `then merge: name ${name} alone in LEDGER_URL.`,
    )
}

async function activeBranch(connection: Kysely<Commons>): Promise<string> {
  const { rows } = await sql<{ branch: string | null }>`SELECT ACTIVE_BRANCH() AS branch`.execute(connection)
  return rows[0]?.branch ?? ''
}

async function use(connection: Kysely<Commons>, database: string) {
  await sql`USE ${sql.id(database)}`.execute(connection)
}

/**
 * True for a commons that this bridge made: its `_meta` says so, and the commit that created it is believed, and signed
 * by this key or older than signatures. In a copy of another bridge's commons that commit is signed by another key.
 */
export function isCreatedBy({ createdHere }: Pick<CommonsSchema, 'createdHere'>, commits: readonly LoggedCommit[]) {
  return (
    createdHere && commits.some(({ message, signed }) => message.startsWith(CREATED) && (signed || !isSigned(message)))
  )
}
