import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/*
 * Dolt reads the path of a `file://` address now once and now twice decoded, and a backslash in it as a slash: part of a
 * backup to `/mnt/a%41` lands in `/mnt/aA`. No way of writing such a path is right, so it is given a plain name.
 */
const UNREADABLE = /[%\\?#\s]/

/** Runs work with the address of a folder that holds, or will hold, a database of Dolt's of this name. */
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
