import { dropCommentHeads } from './comment-heads.ts'
import { dropEndedImports } from './imports.ts'
import { dropOldDeadLetters, dropOldJobs } from '../queue/expiry.ts'
import { dropOldDeaths, dropOldProcesses } from '../queue/job-deaths.ts'
import { dropOldRechecks } from './rechecks.ts'
import { dropOldBudgets } from './request-budgets.ts'
import { dropOldValidators } from './validators.ts'
import { dropOldVisitors } from './visitor-imports.ts'
import { dropOldHeads } from './pull-request-heads.ts'
import { dropReplyTexts } from './sent-replies.ts'
import type { Operations, OperationsStore } from '../schema.ts'

/** The retention of a table, with the reason. A table that is not pruned here names what else ends its rows. */
interface Rule {
  kept: string
  prune?: {
    days: number
    /** Drops at most `limit` rows older than a time; resolves to their number. */
    drop(store: OperationsStore, before: Date, limit: number): Promise<number>
  }
}

/**
 * Retention of every table of `schema/operations/`. Rows stay that exactly-once effects and "nothing missed" need for
 * as long as somebody on GitHub can still act on it; a pull request can be reopened and a comment edited for ever.
 */
export const RETENTION: Record<keyof Operations, Rule> = {
  // Rows about the ledger, which has them for good and rebuilds them.
  indexed_heads: { kept: 'for good: one row' },
  commands_run: { kept: 'for good: no command runs twice, however late it is edited' },
  stamps_given: { kept: 'for good: every page and status reads it' },
  flags: { kept: 'for good, as the stamps that they concern' },
  rejections: { kept: 'for good: a rejected head is never submitted again' },
  reverts: { kept: 'for good: a revert may be reverted at any time' },
  ended_ties: { kept: 'for good: whose a rig was bars its owner from work of that time' },
  items_begun: { kept: 'for good, as the ties that are compared with it' },
  items_posted: { kept: 'for good: who may judge an item depends on where it was posted' },
  trust_changes: { kept: 'for good: few rows' },

  // Rows about GitHub.
  pull_request_items: { kept: 'for good: a closed pull request may be reopened' },
  pull_request_heads: {
    kept: 'a year, then the last head of each: later pushes no longer count, its checks still find it',
    prune: { days: 365, drop: dropOldHeads },
  },
  rechecks: {
    kept: 'until GitHub tells all, or for 90 days: what nobody has mended by then, nobody misses',
    prune: { days: 90, drop: dropOldRechecks },
  },
  comment_heads: {
    kept: '90 days: what is delivered again later is judged by the heads that we know',
    prune: { days: 90, drop: dropCommentHeads },
  },
  replies: {
    kept: 'for good, by its comment id: it is edited in place. Its text for 90 days: after that it is sent once more',
    prune: { days: 90, drop: dropReplyTexts },
  },
  held_stamps: { kept: 'for good: one that has ended must not come back from the marker in our comment' },
  seen_reverts: { kept: 'for good: what they revert may be labelled at any time' },
  settings: { kept: 'while the repository has a settings file' },
  settings_accounts: { kept: 'while the settings file of the repository lists the login' },
  reconciled: { kept: 'for good: one row a repository' },
  admitted_names: { kept: 'for good: a name that is not admitted now may be again' },
  memory_drops: { kept: 'for good: one row' },
  text_forms: { kept: 'for good: one row' },
  delivery_looks: { kept: 'for good: one row' },
  missed_deliveries: { kept: 'until it has come, or GitHub no longer lists it (deliveries/redeliver.ts)' },
  jobs: {
    kept: 'done, an id without its data for a week: longer than GitHub sends again. One that waits, for a year',
    prune: { days: 7, drop: ({ db }, before, limit) => dropOldJobs(db, before, limit) },
  },
  dead_letters: {
    kept: 'a year',
    prune: { days: 365, drop: ({ db }, before, limit) => dropOldDeadLetters(db, before, limit) },
  },
  queue_processes: {
    kept: 'a week after it ended: longer than a job waits to be taken back',
    prune: { days: 7, drop: ({ db }, before, limit) => dropOldProcesses(db, before, limit) },
  },
  job_deaths: {
    kept: 'a month, or until its cause came to an end: as long as somebody may send the same again',
    prune: { days: 30, drop: ({ db }, before, limit) => dropOldDeaths(db, before, limit) },
  },
  request_budgets: {
    kept: 'a day: each counts for an hour',
    prune: { days: 1, drop: dropOldBudgets },
  },
  validators: {
    kept: 'a month after GitHub confirmed it last',
    prune: { days: 30, drop: dropOldValidators },
  },
  bounties: { kept: 'for good: one row a bounty' },
  claims: { kept: 'until the claim ends' },

  // Rows about people.
  opt_outs: { kept: 'for good: who declined or was forgotten stays so until they come back' },
  imports: {
    kept: 'a week after it ended; one that was answered on a thread until its person is forgotten, to take that back',
    prune: { days: 7, drop: dropEndedImports },
  },
  visitor_imports: {
    kept: 'a day: each counts for that long',
    prune: { days: 1, drop: dropOldVisitors },
  },
  seeding: { kept: 'until the seeding ends' },
  forgetting: { kept: 'until it is proven' },

  migration_checksums: { kept: 'for good: one row a migration' },
}

const BATCH = 500
const DAY_MS = 24 * 3_600_000

/** Drops expired rows, in small batches, so that nobody waits for a lock or a long transaction. */
export async function prune(store: OperationsStore, now: Date, ending: AbortSignal, batch = BATCH): Promise<void> {
  for (const { prune: rule } of Object.values(RETENTION)) {
    if (rule === undefined) continue
    const before = new Date(now.getTime() - rule.days * DAY_MS)
    let dropped = batch
    while (dropped >= batch && !ending.aborted) dropped = await rule.drop(store, before, batch)
  }
}
