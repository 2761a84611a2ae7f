import type { ColumnType, Kysely } from 'kysely'
import type { RigFact, LinkFact, Fact } from './facts.ts'

/** JSON is written as text: a JSON_OBJECT of Dolt stores a fraction as a string. */
type JsonColumn<T> = ColumnType<T, string | null, string | null>

/** The columns of the commons that we read or write; `schema/commons.sql` has them all. Times are `2026-11-21 10:02:03`, UTC. */
export interface Commons {
  _meta: { key: string; value: string | null }
  rigs: {
    handle: string
    display_name: string | null
    hop_uri: string | null
    owner_email: string | null
    trust_level: number | null
    registered_at: string | null
    last_seen: string | null
    rig_type: string | null
    parent_rig: string | null
  }
  wanted: {
    id: string
    title: string
    description: string | null
    project: string | null
    type: string | null
    priority: number | null
    tags: JsonColumn<string[] | null>
    posted_by: string | null
    claimed_by: string | null
    status: string | null
    effort_level: string | null
    evidence_url: string | null
    created_at: string | null
    updated_at: string | null
  }
  completions: {
    id: string
    wanted_id: string | null
    completed_by: string | null
    evidence: string | null
    validated_by: string | null
    stamp_id: string | null
    parent_completion_id: string | null
    block_hash: string | null
    hop_uri: string | null
    completed_at: string | null
    validated_at: string | null
  }
  stamps: {
    id: string
    author: string
    subject: string
    valence: JsonColumn<Record<string, unknown>>
    confidence: number | null
    severity: string | null
    context_id: string | null
    context_type: string | null
    stamp_type: string | null
    skill_tags: JsonColumn<string[] | null>
    message: string | null
    stamp_index: number | null
    prev_stamp_hash: string | null
    block_hash: string | null
    hop_uri: string | null
    created_at: string | null
  }
  /** Empty in the commons: imported sheets are in the profile store, which has the same columns. */
  boot_blocks: {
    handle: string
    source: string
    sheet_json: JsonColumn<unknown>
    confidence: number
    version: string
    created_at: string
  }
  rig_links: {
    id: string
    rig_a: string
    rig_b: string
    link_type: string | null
    assertion_a: string | null
    assertion_b: string | null
    status: string | null
    created_at: string | null
    completed_at: string | null
    revoked_at: string | null
    revoked_by: string | null
  }
}

/** The columns that this commons has: `wl` and `gt` each lack some of the other's. */
export type Columns = ReadonlyMap<string, ReadonlySet<string>>

/** The commons inside one transaction or one read. */
export interface CommonsDb {
  sql: Kysely<Commons>
  columns: Columns
  /** The database's name in LEDGER_URL. */
  database: string
  /** The bridge's own facts about rigs and links; without it, as in the profile store, no row is believed. */
  authority?: Authority
  /** Called for a row that does not match the protocol's schema, and is left out. */
  bad?(table: string, id: string, columns: readonly string[]): void
  /** Called for a value that is not written, because this commons lacks its column. */
  dropped?(table: string, column: string): void
  /** What makes reads of the same moment one statement. */
  batch?: BatchContext
  /** In a batch: called for each write. */
  wrote?(): void
  /** Called for each joined read, with the commit that it saw. */
  saw?(head: string): void
}

/** The asker of a transaction's joined reads (`joined-read.ts`), or of all outside of one. */
export interface JoinedAsker {
  ask(asked: unknown): Promise<unknown>
  /** Forgets what a write may have changed; without a table everything. */
  forget(table?: string): void
}

/**
 * Reads that are made at the same moment go to Dolt as one statement about many rows: those of a transaction, and of a
 * batch, that is transactions of ours that the writer runs concurrently in one transaction of Dolt's.
 */
export interface BatchContext {
  /** True for a batch of several transactions. */
  isShared?: boolean
  askers: Map<unknown, (key: unknown) => Promise<unknown>>
  joined?: JoinedAsker
  /**
   * True for reads outside a transaction: their callers have no moment in common, so batches follow one another
   * (`batcher.ts`).
   */
  batchesOverTime?: boolean
}

/**
 * The bridge's own facts about rigs and their links, from its signed commits, cached in memory: a row alone proves
 * nothing, for peers write rows too. It is loaded from the ledger's history at the start, grows with each own commit,
 * and is refreshed where a row contradicts it: another replica or the command line may have written.
 */
export interface Authority {
  rig(handle: string): RigFact | undefined
  /** The rig of an account. */
  rigOf(host: string, id: number): RigFact | undefined
  /** The last state of an account's removed rig; undefined where it has a rig now. */
  goneOf(host: string, id: number): RigFact | undefined
  link(one: string, other: string): LinkFact | undefined
  links(): Iterable<LinkFact>
  linksOf(handle: string): LinkFact[]
  /** The agents whose parent this rig is. */
  childrenOf(handle: string): RigFact[]
  rigs(): Iterable<RigFact>
  /** Loads the commits up to the ledger's head. */
  refresh(): Promise<void>
  /** Inside a transaction: adds a fact to its commit. */
  note(fact: Fact): void
}
