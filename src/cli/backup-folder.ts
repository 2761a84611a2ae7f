import { createHash } from 'node:crypto'
import { createReadStream, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { UserError } from '../domain/errors.ts'
import { LedgerBackup } from '../ledger/dolt/ledger-backup.ts'
import { Dump } from '../operations/backup/dump.ts'

/*
 * A backup is a folder for its owner alone:
 * - operations/     the operations store, a CSV a table
 * - dolt/           the databases, as Dolt backs them up
 * - files/          the files of DATA_DIR that cannot be made again
 * - manifest.json   its contents, with a checksum of every file
 */

const FORMAT = 1
const MANIFEST = 'manifest.json'
const DRAFT = '.unfinished-'

const BackupManifestShape = z.object({
  format: z.literal(FORMAT),
  made: z.iso.datetime(),
  operations: Dump,
  /** Null where the ledger lies on an operator's server, which is backed up there. */
  ledger: LedgerBackup.nullable(),
  /** sha256 of every file, by its path. */
  sums: z.record(z.string(), z.string()),
})
export type BackupManifest = z.output<typeof BackupManifestShape>

/**
 * Writes a backup into a draft folder, and gives that its dated name when it is whole. Resolves to the backup's folder
 * and manifest.
 */
export async function writeBackup(
  folder: string,
  now: Date,
  write: (draft: string) => Promise<Pick<BackupManifest, 'operations' | 'ledger'>>,
): Promise<{ place: string; manifest: BackupManifest }> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  removeOldDrafts(folder, now)
  const draft = mkdtempSync(join(resolve(folder), DRAFT))
  try {
    const parts = await write(draft)
    const manifest: BackupManifest = { format: FORMAT, made: now.toISOString(), ...parts, sums: await sumsOf(draft) }
    const text = `${JSON.stringify(manifest, undefined, 2)}\n`
    await writeFile(join(draft, MANIFEST), text, { mode: 0o600, flush: true })
    const name = `wasteland-${now.toISOString().replaceAll(/[-:]|\.\d+/g, '')}`
    const place = join(resolve(folder), name)
    renameSync(draft, place)
    return { place, manifest }
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    throw error
  }
}

const DAY_MS = 24 * 3_600_000

/** Removes the drafts of backups that were killed. A backup may still write a younger one. */
function removeOldDrafts(folder: string, now: Date) {
  const drafts = readdirSync(folder).filter((name) => name.startsWith(DRAFT))
  for (const draft of drafts.map((name) => join(folder, name)))
    if (now.getTime() - statSync(draft).mtimeMs > DAY_MS) rmSync(draft, { recursive: true, force: true })
}

/**
 * Reads a backup and checks every file of it. Throws a UserError where it is none, is damaged, or has a newer format.
 */
export async function readBackup(folder: string): Promise<BackupManifest> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch(() => undefined)
  if (text === undefined) {
    throw new UserError(
      `${folder} is no backup: it has no ${MANIFEST}. Name a folder that "wasteland-bridge backup" made.`,
    )
  }
  const { success, data } = BackupManifestShape.safeParse(parsed(text))
  if (!success) {
    throw new UserError(
      `${join(folder, MANIFEST)} is damaged, or of a newer wasteland-bridge. Restore another backup, or use that version.`,
    )
  }
  const found = await sumsOf(folder)
  const wrong = Object.keys({ ...data.sums, ...found }).filter((file) => data.sums[file] !== found[file])
  if (wrong.length > 0) {
    throw new UserError(
      `The backup ${folder} is damaged: ${wrong.slice(0, 3).join(', ')} ${wrong.length === 1 ? 'is' : 'are'} not what was written. Restore another one.`,
    )
  }
  return data
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function sumsOf(folder: string): Promise<Record<string, string>> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
  const files = paths.filter((path) => path !== MANIFEST).toSorted()
  const sums: Record<string, string> = {}
  for (const file of files) {
    const hash = createHash('sha256')
    await pipeline(createReadStream(join(folder, file)), hash)
    sums[file] = hash.digest('hex')
  }
  return sums
}
