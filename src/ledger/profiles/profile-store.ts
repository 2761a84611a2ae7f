import type { CharacterSheetRow } from '../../domain/character-sheet.ts'
import { Unavailable } from '../../domain/errors.ts'
import type { Account } from '../../domain/rig.ts'
import { withTimeout } from '../../ops/retry.ts'
import { type LedgerAddress, ledgerAddress, openCommons, isConnectionLoss } from '../connect.ts'
import { type ErasePlace, erasePerson, type ErasureProof } from './erase.ts'
import { prepareProfileStore } from './prepare.ts'
import { claimSheet, type PersonKey, type StoredSheet, readSheet } from './read.ts'
import { type IsRefused, writeSet, type ProfileWriteResult } from './write.ts'
import { createWriter } from '../engine/writer.ts'

/**
 * The imported character sheets. They have a database of their own, so that its history can be removed when a person is
 * erased.
 */
export interface ProfileStore {
  /** Writes the changed sheets, in chunks of 250 with one Dolt commit each. A sheet that Dolt refuses fails alone. */
  write<Sheet extends CharacterSheetRow>(
    sheets: readonly Sheet[],
    isRefused: IsRefused,
  ): Promise<ImportBatchResult<Sheet>>
  read(who: string | PersonKey): Promise<StoredSheet | undefined>
  /** Marks a sheet as claimed by its owner, who has signed in. Resolves to whether there is a sheet. */
  claim(host: string, account: Pick<Account, 'id' | 'login'>): Promise<boolean>
  /**
   * Erases a person and all history of them, and proves it. Opt them out before, or the next import writes them again.
   * Throws NotProven when there is no proof yet: call it again until it resolves.
   */
  erase(person: PersonKey): Promise<ErasureProof>
  close(): Promise<void>
}

export interface ImportBatchResult<Sheet> extends ProfileWriteResult<Sheet> {
  failed: { sheet: Sheet; error: unknown }[]
}

const SET = 250
const READERS = 2
const READ_MS = 60_000

/** The address of the profile store beside the commons of LEDGER_URL. */
export function profileStoreUrl(ledgerUrl: string): string {
  const url = new URL(ledgerUrl)
  url.pathname = '/pile'
  return url.href
}

/**
 * Opens the profile store and creates it where there is none. `dir` is DATA_DIR/dolt when the server is our own: only
 * its files can be read for the proof of an erasure. Throws UserError when the profile store is missing and may not be
 * created.
 */
export async function openProfileStore(url: string, dir?: string): Promise<ProfileStore> {
  const address = ledgerAddress(url)
  const place: ErasePlace = { address, dir, lock: `wasteland-bridge/${address.database}`.slice(0, 64) }
  await settle(prepareProfileStore(address, { name: place.lock, cutsOff: false }))
  let open = connect(place)
  /** A queue for writes and erasures, first in, first out; a read and an erasure exclude each other. */
  let tail: Promise<unknown> = Promise.resolve()
  let forgetting: Promise<unknown> = Promise.resolve()
  const reads = new Set<Promise<unknown>>()

  function inLine<T>(work: () => Promise<T>): Promise<T> {
    const mine = tail.then(work)
    tail = mine.catch(() => {})
    return mine
  }

  /** Runs work while no connection of ours is open, because each keeps the snapshot that it has read. */
  async function alone<T>(work: () => Promise<T>): Promise<T> {
    await Promise.allSettled(reads)
    await open.close()
    try {
      return await work()
    } finally {
      open = connect(place)
    }
  }

  async function read<T>(query: () => Promise<T>): Promise<T> {
    // Another erasure may begin as soon as one is over.
    for (let last; last !== forgetting; await last) last = forgetting
    const mine = query()
    reads.add(mine)
    return mine.finally(() => reads.delete(mine))
  }

  async function writeOne<Sheet extends CharacterSheetRow>(sheets: readonly Sheet[], isRefused: IsRefused) {
    const { value } = await open.transact((db) => writeSet(db, sheets, isRefused))
    return value
  }

  async function write<Sheet extends CharacterSheetRow>(
    sheets: readonly Sheet[],
    isRefused: IsRefused,
  ): Promise<ImportBatchResult<Sheet>> {
    try {
      return { ...(await inLine(() => writeOne(sheets, isRefused))), failed: [] }
    } catch (error) {
      const [sheet] = sheets
      if (error instanceof Unavailable || sheet === undefined) throw error
      if (sheets.length === 1) return { written: [], unchanged: [], refused: [], failed: [{ sheet, error }] }
      return inTurn(sheets, 1, (one) => write(one, isRefused))
    }
  }

  return {
    write: (sheets, isRefused) => inTurn(sheets, SET, (set) => write(set, isRefused)),
    read: (who) => read(() => settle(open.read((db) => readSheet(db, who)))),
    async claim(host, account) {
      const { value } = await inLine(() => open.transact((db) => claimSheet(db, host, account)))
      return value
    },
    erase(person) {
      const proof = inLine(() => {
        const mine = alone(() => settle(erasePerson(place, person)))
        forgetting = mine.catch(() => {})
        return mine
      })
      return proof
    },
    async close() {
      await tail
      await open.close()
    },
  }
}

function connect({ address, lock }: { address: LedgerAddress; lock: string }) {
  const { database } = address
  // The database is our own, so every column is there; writes name their columns.
  const columns = new Map()
  const reader = openCommons(address, READERS)
  const writer = createWriter(() => openCommons(address, 1), {
    // An erasure holds the lock while it works over other connections.
    lock: { name: lock, cutsOff: false },
    columns,
    database,
  })
  return {
    transact: writer.transact,
    read: <T>(query: (db: Parameters<Parameters<typeof writer.transact>[0]>[0]) => Promise<T>) =>
      withTimeout(READ_MS, query({ sql: reader.sql, columns, database }), 'the profile store does not answer'),
    async close() {
      await writer.close()
      await reader.sql.destroy()
      reader.sever()
    },
  }
}

async function inTurn<Sheet>(
  sheets: readonly Sheet[],
  size: number,
  write: (set: readonly Sheet[]) => Promise<ImportBatchResult<Sheet>>,
): Promise<ImportBatchResult<Sheet>> {
  const whole: ImportBatchResult<Sheet> = { written: [], unchanged: [], refused: [], failed: [] }
  for (let n = 0; n < sheets.length; n += size) {
    const part = await write(sheets.slice(n, n + size))
    whole.written.push(...part.written)
    whole.unchanged.push(...part.unchanged)
    whole.refused.push(...part.refused)
    whole.failed.push(...part.failed)
  }
  return whole
}

async function settle<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    throw isConnectionLoss(error) ? new Unavailable('the profile store cannot be reached', { cause: error }) : error
  }
}
