import { readdirSync, readFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { unsnappy } from './snappy.ts'

/*
 * Reads Dolt's storage files (dolthub/dolt, go/store/nbs): data that SQL no longer shows may still be there. A table
 * file is chunks, an index and a footer; the journal is a record for each chunk. Chunks are packed with Snappy.
 * Archives (`.darc`) are packed with dictionaries and not read here: `dolt_gc` makes none when told so.
 */

/**
 * One file of a folder: its content, unpacked (throws RangeError when it is broken), or the name of a kind that we
 * cannot read.
 */
export type StoredFile = { path: string } & ({ parts: () => Iterable<Buffer> } | { unreadable: string })

/**
 * The files under a folder whose relative path `isWanted`: table files and journals chunk by chunk, any other as it is.
 * A file that disappears meanwhile is left out.
 */
export function* storedFiles(dir: string, isWanted: (path: string) => boolean): Iterable<StoredFile> {
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    const path = relative(dir, join(entry.parentPath, entry.name))
    const content = entry.isFile() && isWanted(path) ? readIfThere(join(dir, path)) : undefined
    if (content !== undefined) yield storedFile(path, content)
  }
}

const JOURNAL = 'v'.repeat(32)
const TABLE_MAGIC = Buffer.from('ffb5d8c22463ee50', 'hex')

function storedFile(path: string, content: Buffer): StoredFile {
  const name = basename(path)
  if (name.endsWith('.darc')) return { path, unreadable: 'an archive of Dolt' }
  if (name === JOURNAL) return { path, parts: () => journalChunks(content) }
  if (content.subarray(-TABLE_MAGIC.length).equals(TABLE_MAGIC)) return { path, parts: () => tableChunks(content) }
  return /^[0-9a-v]{32}$/.test(name) ? { path, unreadable: 'no table file of Dolt' } : { path, parts: () => [content] }
}

const CHECKSUM = 4
/** An index entry: 8 bytes of the chunk's address and its place, its length, the other 12 bytes. */
const INDEX_ENTRY = 12 + 4 + 12
const FOOTER = 20

function* tableChunks(file: Buffer): Iterable<Buffer> {
  const count = file.readUInt32BE(file.length - FOOTER)
  const index = file.length - FOOTER - count * INDEX_ENTRY
  const lengths = index + count * 12
  let at = 0
  for (let n = 0; n < count; n++) {
    const end = at + file.readUInt32BE(lengths + n * 4)
    yield unsnappy(file.subarray(at, end - CHECKSUM))
    at = end
  }
  if (at !== index) throw new RangeError('the index of a table file does not cover it')
}

const CHUNK_RECORD = 2
/** A record's head: length, kind, address, and the tags before each and before the payload. */
const RECORD_HEAD = 4 + 2 + 21 + 1

function* journalChunks(file: Buffer): Iterable<Buffer> {
  let at = 0
  while (at + RECORD_HEAD <= file.length) {
    const length = file.readUInt32BE(at)
    if (length === 0) break
    const end = at + length
    if (file[at + 5] === CHUNK_RECORD) yield unsnappy(file.subarray(at + RECORD_HEAD, end - 2 * CHECKSUM))
    at = end
  }
  // After the last record there are zeros, or a record that a crash cut off.
  yield file.subarray(at)
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
