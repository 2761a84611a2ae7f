import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/*
 * Dolt decodes the path of a `file://` address sometimes once and sometimes twice, and takes a backslash in it for a
 * slash: part of a backup to `/mnt/a%41` lands in `/mnt/aA`. No encoding of such a path is right, so Dolt gets a link
 * with a plain name.
 */
const UNREADABLE = /[%\\?#\s]/

/** Runs work with the `file://` address of the folder in which Dolt's database of this name is, or will be. */
export async function withFileUrl<T>(folder: string, name: string, work: (url: string) => Promise<T>): Promise<T> {
  if (!UNREADABLE.test(folder)) return work(`file://${join(folder, name)}`)
  const plain = mkdtempSync(join(tmpdir(), 'wasteland-backup-'))
  try {
    symlinkSync(folder, join(plain, 'to'))
    return await work(`file://${join(plain, 'to', name)}`)
  } finally {
    rmSync(plain, { recursive: true })
  }
}
