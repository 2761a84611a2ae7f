import type { Account } from './rig.ts'

/** Imports of character sheets, as the ways in see them; `imports/` makes one. */
export interface Imports {
  /** Puts an import into the line, or finds the one that is there already. */
  request(ask: ImportAsk): Promise<Requested>
  find(job: string): Promise<ImportView | undefined>
  /** False when it was over already, or is not theirs. */
  cancel(job: string, person: Pick<Account, 'id'> | 'operator'): Promise<boolean>
  /** The sheet of a handle in the profile store. */
  sheet(handle: string): Promise<ShownSheet | undefined>
  /** The sheet of a person in the profile store, however it is called. */
  sheetOf(person: Pick<Account, 'id'>): Promise<ShownSheet | undefined>
  /** The owner has signed in: the sheet is theirs from now on. */
  claim(person: Account): Promise<void>
  /** Removes all that was imported of a person, and bars imports of them. `declines`: they take no further part either. */
  erase(person: Account, choice?: ErasureChoice): Promise<ErasureResult>
}

/** `declines`: they take no further part either. `at`: when it was said, if that was before now. */
export interface ErasureChoice {
  declines?: boolean | undefined
  at?: Date | undefined
}

/** `removed`: there was something. `proof`: a sentence for each thing that was looked at and found empty. */
export interface ErasureResult {
  removed: boolean
  /** Whether they go on taking part: neither now nor before did they decline. */
  takesPart: boolean
  /** It is noted, and done once the profile store is there. */
  later?: true
  proof: string[]
}

/** Where an import was asked for, and is answered. */
export interface ImportThread {
  installation_id: number
  owner: string
  repo: string
  number: number
  /** An issue that asks for nothing else, and is closed with the answer. */
  closes: boolean
}

export interface ImportAsk {
  login: string
  /**
   * Who asks: somebody signed in with their own token, a visitor (an HMAC of the address), a person on GitHub for themself (`cause` identifies
   * their command, so that it asks once), the operator.
   */
  by:
    | { way: 'form'; person: Account; token: string }
    | { way: 'open form'; visitor: string }
    | { way: 'command'; person: Account; thread: ImportThread; cause: string }
    | { way: 'operator' }
}

/** `refused`: a sentence. `already`: another ask for the same login is under way. */
export type Requested = { job: string; already: boolean } | { refused: string }

export const IMPORT_STATES = ['queued', 'fetching', 'scoring', 'writing', 'done', 'failed', 'cancelled'] as const
export type ImportState = (typeof IMPORT_STATES)[number]

export interface ImportView {
  /** A UUID that nobody can guess. */
  id: string
  login: string
  state: ImportState
  /** Requests to GitHub. */
  progress: { done: number; of: number }
  /** While it is queued: how many are before it, and in about how many seconds it begins. */
  queue?: { before: number; seconds: number }
  /** GitHub's limit holds it up until then. */
  waitsUntil?: Date
  /** Why it failed: a sentence. */
  failure?: string
  /** When it is done. `changed`: not the same as before. */
  sheet?: { handle: string; changed: boolean }
  createdAt: Date
  endedAt?: Date
  /** Who asked, by numeric id, if they were signed in. */
  askedBy?: number
}

/** A sheet as it lies in the profile store: `json` is `boot_blocks.sheet_json`, already parsed. */
export interface ShownSheet {
  handle: string
  person: { host: string; login: string; id: number }
  json: unknown
  confidence: number
  /** When it was fetched. */
  fetchedAt: Date
  /** Whether its owner has signed in. */
  isClaimed: boolean
  /** Its owner was forgotten, or takes no part: no picture of them is shown. */
  isForgotten: boolean
  /** The handle of its owner's rig in the commons, once it is claimed. */
  rig?: string
}
