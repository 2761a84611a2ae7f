import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { sql } from 'kysely'
import { z } from 'zod'
import { Unavailable, UserError } from '../../domain/errors.ts'
import { ledgerAddress, isConnectionLoss } from '../connect.ts'
import { withFileUrl } from './dolt-file-url.ts'
import { doltVersionIn, isAtLeast, outputOf, quietEnv } from './dolt-version.ts'
import { DATABASES, doltFiles, draftIn, refuseUnreadable } from './embedded-dolt.ts'
import { connected } from '../profiles/prepare.ts'
/** The part of a backup's manifest about our own Dolt. */
export const LedgerBackup = z.object({
  /** The Dolt version that wrote it, "2.2.0": an older major version cannot read it. */
  dolt: z.string().regex(/^\d+\.\d+\.\d+$/),
  /** The databases, each in a folder of its name, with main's commit from before the backup. */
  databases: z.array(z.object({ name: z.enum(DATABASES), head: z.string() })),
})
export type LedgerBackup = z.output<typeof LedgerBackup>

/**
 * Backs up databases of our own running Dolt, with every branch and all history, into a folder. Throws Unavailable when
 * the server ended the connection, as an erasure of somebody makes it do.
 */
export async function backUpLedger(
  url: string,
  folder: string,
  names: readonly (typeof DATABASES)[number][],
): Promise<LedgerBackup> {
  mkdirSync(folder, { mode: 0o700 })
  let dolt = ''
  const databases: LedgerBackup['databases'] = []
  for (const name of names) {
    const address = ledgerAddress(Object.assign(new URL(url), { pathname: `/${name}` }).href)
    await connected(address, async (db) => {
      const { rows } = await sql<{ dolt: string; head: string }>`
        SELECT DOLT_VERSION() AS dolt, DOLT_HASHOF('main') AS head`.execute(db)
      await withFileUrl(resolve(folder), name, (to) => sql`CALL DOLT_BACKUP('sync-url', ${to})`.execute(db))
      dolt = rows[0]!.dolt
      databases.push({ name, head: rows[0]!.head })
    }).catch((error: unknown) => {
      throw isConnectionLoss(error)
        ? new Unavailable('the ledger cannot be reached, or a profile was being forgotten', { cause: error })
        : error
    })
  }
  return { dolt, databases }
}

/** Dolt begins a restored database with a commit, which is removed at the end, and needs an author for it. */
async function namedEnv(bin: string, draft: string): Promise<Record<string, string>> {
  const root = join(draft, 'root')
  await doltVersionIn(root, bin)
  for (const [key, value] of [
    ['user.name', 'wasteland-bridge'],
    ['user.email', 'wasteland-bridge@users.noreply.github.com'],
  ] as const)
    await outputOf(bin, ['config', '--global', '--add', key, value], quietEnv(root), draft)
  return quietEnv(root)
}

const HOURS = 6 * 3_600_000

/** Makes the databases of `dir`, DATA_DIR/dolt, from a backup. Throws UserError for one that this Dolt cannot read. */
export async function restoreLedger(
  { dir, bin }: { dir: string; bin: string },
  folder: string,
  { dolt, databases }: LedgerBackup,
): Promise<void> {
  refuseUnreadable(resolve(dir))
  const at = doltFiles(resolve(dir))
  mkdirSync(at.data, { recursive: true, mode: 0o700 })
  const version = await doltVersionIn(at.root, bin)
  if (!isAtLeast(version, `${dolt.split('.')[0]}.0.0`)) {
    throw new UserError(
      `The backup was written by Dolt ${dolt}, and ${bin} is Dolt ${version}, which cannot read it. ` +
        `Put Dolt ${dolt} or newer first on PATH.`,
    )
  }
  for (const { name } of databases) {
    const source = join(resolve(folder), name)
    if (!existsSync(source)) throw new UserError(`The backup is damaged: there is no ${source}.`)
    const draft = draftIn(at.drafts, name)
    const env = await namedEnv(bin, draft)
    await withFileUrl(resolve(folder), name, (url) =>
      outputOf(bin, ['backup', 'restore', url, name], env, draft, HOURS),
    )
    renameSync(join(draft, name), join(at.data, name))
    rmSync(draft, { recursive: true })
  }
}
