import type { Account } from './rig.ts'

/** Imports of character sheets, as commands, pages and command line use them; `imports/` makes one. */
export interface Imports {
  /** Enqueues an import, or finds the one that is queued already. */
  request(ask: ImportAsk): Promise<Requested>
  find(job: string): Promise<ImportView | undefined>
  /** Resolves to false when the import was over already, or belongs to another person. */
  cancel(job: string, person: Pick<Account, 'id'> | 'operator'): Promise<boolean>
  /** The sheet of a handle in the profile store. */
  sheet(handle: string): Promise<ShownSheet | undefined>
  /** The sheet of a person in the profile store, under whatever handle. */
  sheetOf(person: Pick<Account, 'id'>): Promise<ShownSheet | undefined>
  /** The owner has signed in: the sheet counts as claimed from now on. */
  claim(person: Account): Promise<void>
  /** The id of the person of this login whose erasure is noted and not done yet. */
  erasureOf(login: string): Promise<number | undefined>
  /** Erases all imported data of a person, and bars imports of them. `declines`: they take no further part either. */
  erase(person: Account, choice?: ErasureChoice): Promise<ErasureResult>
}

/** `declines`: they take no further part either. `at`: when it was said, if that was before now. */
export interface ErasureChoice {
  declines?: boolean | undefined
  at?: Date | undefined
}

/** `removed`: there was something. `proof`: a sentence for each place that was checked and found empty. */
export interface ErasureResult {
  removed: boolean
  /** Whether they go on taking part: they did not decline, now or before. */
  takesPart: boolean
  /** The erasure is noted, and done once the profile store is there. */
  later?: true
  proof: string[]
  /** The facts behind the proof; absent where the erasure is done later. */
  checked?: ErasureChecks
}

/** Facts that were checked after an erasure. `remotes` and `commentStays` are places that could not be cleared. */
export interface ErasureChecks {
  /** The number of files of the profile store that were read; undefined on a server that is not ours. */
  files: number | undefined
  /** The number of former commits that are gone. */
  commits: number
  /** Dolt remotes that the profile store was pushed to. */
  remotes: string[]
  /** A comment of ours on GitHub tells of an import, and could not be changed. */
  commentStays: boolean
}

/** The thread in which an import was requested, and is answered. */
export interface ImportThread {
  installation_id: number
  owner: string
  repo: string
  number: number
  /** True for an issue that requests the import and nothing else: it is closed with the answer. */
  closes: boolean
}

export interface ImportAsk {
  login: string
  /**
   * The requester: a person signed in with their own token, a visitor (an HMAC of the address), a person on GitHub for
   * themself (`cause` identifies their command, for idempotency), or the operator.
   */
  by:
    | { way: 'form'; person: Account; token: string }
    | { way: 'open form'; visitor: string }
    | { way: 'command'; person: Account; thread: ImportThread; cause: string }
    | { way: 'operator' }
}

/** `refused`: a sentence. `already`: another request for the same login is under way. */
export type Requested = { job: string; already: boolean } | { refused: string }

export const IMPORT_STATES = ['queued', 'fetching', 'scoring', 'writing', 'done', 'failed', 'cancelled'] as const
export type ImportState = (typeof IMPORT_STATES)[number]

export interface ImportView {
  /** A UUID that nobody can guess. */
  id: string
  login: string
  state: ImportState
  /** Counts requests to GitHub. */
  progress: { done: number; of: number }
  /** While it is queued: how many are before it, and in about how many seconds it begins. */
  queue?: { before: number; seconds: number }
  /** When GitHub's rate limit lets it go on. */
  waitsUntil?: Date
  /** Why it failed: a sentence. */
  failure?: string
  /** When it is done. `changed`: it differs from the sheet before. */
  sheet?: { handle: string; changed: boolean }
  createdAt: Date
  endedAt?: Date
  /** The requester's numeric id, if they were signed in. */
  askedBy?: number
}

/** A stored sheet: `json` is `boot_blocks.sheet_json`, already parsed. */
export interface ShownSheet {
  handle: string
  person: { host: string; login: string; id: number }
  json: unknown
  confidence: number
  /** Time of the fetch. */
  fetchedAt: Date
  /** Whether its owner has signed in. */
  isClaimed: boolean
  /** Its owner's data was erased, or they take no part: no picture of them is shown. */
  isForgotten: boolean
  /** The handle of its owner's rig in the commons, once it is claimed. */
  rig?: string
}
