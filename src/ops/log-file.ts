import { closeSync, fstatSync, openSync, readSync, renameSync, statSync } from 'node:fs'

const ROTATE_AT = 10 * 1024 * 1024

/**
 * Opens a log file for appending (0600) and returns its descriptor. A file over 10 MB is kept as
 * `<file>.1` first, replacing the one before, so both together stay small across restarts.
 */
export function openLog(file: string, rotateAt = ROTATE_AT): number {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > rotateAt) renameSync(file, `${file}.1`)
  return openSync(file, 'a', 0o600)
}

/** The bytes of a log file from `from` on, at most the last `limit` of them. Empty when it cannot be read. */
export function tailOf(file: string, from: number, limit = 4_000): string {
  let descriptor: number | undefined
  try {
    descriptor = openSync(file, 'r')
    const { size } = fstatSync(descriptor)
    const start = Math.max(Math.min(from, size), size - limit)
    const bytes = Buffer.alloc(size - start)
    readSync(descriptor, bytes, 0, bytes.length, start)
    return bytes.toString('utf8').trim()
  } catch {
    return ''
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}
