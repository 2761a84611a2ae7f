import { type Generated, type ColumnType, Kysely } from 'kysely'
import type { CommentRef } from '../domain/ids.ts'
import type { ImportThread, ImportState } from '../domain/imports.ts'

/** Our own tables, `schema/operations/`. Ids of GitHub fit a JS number. */
export interface Operations {
  indexed_heads: { wasteland: string; hash: string }
  commands_run: { wasteland: string; command: string; hash: string }
  stamps_given: {
    wasteland: string
    stamp: string
    given: string
    head: string | null
    diff: string | null
    hash: string
    sequence: Generated<number>
  }
  flags: { wasteland: string; stamp: string; reason: string; hash: string }
  ended_ties: { wasteland: string; one: string; other: string; ended_at: Date }
  items_begun: { wasteland: string; wanted_id: string; at: Date }
  items_posted: {
    wasteland: string
    wanted_id: string
    repository_id: number | null
    opened: boolean
    sequence: Generated<number>
  }
  trust_changes: {
    wasteland: string
    hash: string
    rig: string
    level_before: number
    level_after: number
    by_id: number | null
    at: Date
  }
  rejections: {
    wasteland: string
    completion: string
    head: string
    reason: string
    hash: string
    sequence: Generated<number>
  }
  reverts: {
    wasteland: string
    completion: string
    revert: string
    by: string
    url: string
    stands: boolean
    hash: string
    sequence: Generated<number>
  }
  seen_reverts: {
    wasteland: string
    host: string
    repository_id: number
    reverted: string
    reverting: string
    number: number | null
  }
  jobs: {
    queue: string
    id: string
    sequence: Generated<number>
    key: string
    group_key: string | null
    priority: number
    state: Generated<'created' | 'retry' | 'active' | 'completed'>
    retry_count: Generated<number>
    created_at: Generated<Date>
    start_after: Generated<Date>
    heartbeat_at: Date | null
    completed_at: Date | null
    process: string | null
    error: string | null
    data: ColumnType<object | null, string | null>
  }
  dead_letters: {
    id: Generated<string>
    queue: string
    job_id: string
    key: string
    error: string
    created_at: Date
    failed_at: Generated<Date>
    data: ColumnType<object | null, string | null>
  }
  queue_processes: {
    id: string
    touched_at: Generated<Date>
    stopping: Generated<boolean>
    uses_jobs: Generated<boolean>
  }
  job_deaths: { cause: string; process: string; died_at: Generated<Date> }
  request_budgets: {
    wasteland: string
    host: string
    scope: string
    hour: Date
    used: Generated<number>
    told: string | null
  }
  visitor_imports: { wasteland: string; visitor: string; taken: Date[] }
  validators: { wasteland: string; host: string; repository_id: number; account_id: number; confirmed_at: Date }
  bounties: { wasteland: string; wanted_id: string; told: string }
  pull_request_items: {
    wasteland: string
    host: string
    pull_request_id: number
    wanted_id: string
    installation_id: number
    repository_id: number
    owner: string
    repo: string
    number: number
    author_id: number
    linked_at: Date | string
    linked: boolean
    capped: Generated<boolean>
  }
  rechecks: {
    wasteland: string
    host: string
    repository_id: number
    number: number
    installation_id: number
    owner: string
    repo: string
    since: Date | string
    tries: number
    due_at: Date | string
  }
  pull_request_heads: {
    wasteland: string
    host: string
    repository_id: number
    pull_request_id: number
    head: string
    seen_at: Date | string
    first_at: Date | string
    last_at: Date | string
    noted_at: Date | string
  }
  comment_heads: {
    wasteland: string
    host: string
    comment_kind: CommentRef['kind']
    comment_id: number
    said_at: Date | string
    head: string
  }
  held_stamps: {
    wasteland: string
    command: string
    host: string
    pull_request_id: number
    wanted_id: string
    comment_kind: CommentRef['kind']
    comment_id: number
    author_id: number
    login: string
    line: string
    given: ColumnType<Record<string, number | string>, string, never>
    head: string
    diff: string
    said_at: Date | string
    ended: string | null
  }
  claims: {
    wasteland: string
    wanted_id: string
    host: string
    rig: string
    person_id: number
    login: string
    claimed_at: Date | string
    announce_at: Date | string
    ends_at: Date | string
    announced: boolean
    installation_id: number | null
    owner: string | null
    repo: string | null
    number: number | null
  }
  replies: {
    wasteland: string
    key: string
    body: string
    comment_id: number | null
    sent_body: string | null
    refused: string | null
    updated_at: Date | string
  }
  imports: {
    wasteland: string
    id: string
    host: string
    login: string
    github_id: number | null
    line: string
    token: string | null
    asked_by: number | null
    thread: ColumnType<ImportThread | null, string | null, never>
    state: ImportState
    done: Generated<number>
    of: Generated<number>
    waits_until: Date | string | null
    kept: Record<string, unknown> | null
    failure: string | null
    handle: string | null
    changed: boolean | null
    created_at: Date | string
    started_at: Date | string | null
    ended_at: Date | string | null
  }
  seeding: {
    wasteland: string
    host: string
    place: number
    login: string
    github_id: number | null
    outcome: SeedOutcome | null
    reason: string | null
  }
  forgetting: { wasteland: string; host: string; github_id: number; login: string }
  opt_outs: { wasteland: string; person: string; since: Date | string }
  settings: {
    wasteland: string
    host: string
    repository_id: number
    sha: string
    broken: boolean
    good: string | null
  }
  settings_accounts: {
    wasteland: string
    host: string
    repository_id: number
    login: string
    account_id: number | null
  }
  delivery_looks: {
    wasteland: string
    since: Date | string
    mark: Date | string | null
    cursor: string | null
    newest: Date | string | null
  }
  missed_deliveries: {
    wasteland: string
    guid: string
    attempt: string
    event: string
    delivered_at: Date | string
    answered: boolean
    asked: Generated<number>
    asked_at: Date | string | null
    lost: Generated<boolean>
  }
  reconciled: {
    wasteland: string
    host: string
    repository_id: number
    mark: Date | string
    reverts_checked: Generated<boolean>
  }
  memory_drops: { wasteland: string; drops: number }
  text_forms: { since: Date }
  admitted_names: {
    wasteland: string
    host: string
    name: string
    owner_id: number
    repository_id: number | null
  }
  /** For all wastelands of this store: the applied migrations. */
  migration_checksums: { name: string; sha256: string }
}

/** The operations store of one wasteland. */
export interface OperationsStore {
  db: Kysely<Operations>
  wasteland: string
}

export type SeedOutcome = 'written' | 'unchanged' | 'skipped'
