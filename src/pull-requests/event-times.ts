import type { PullRequest, TimelineEvent } from '../github/pull-requests.ts'
import { later } from '../domain/time.ts'
import type { Reference } from './references.ts'

/** GitHub's times of what happened, ISO 8601, so that a replay writes the same rows. */
export interface Times {
  /** When the item was named; it has been named since. */
  linked: string
  /** When it was both named and ready for review. */
  ready: string
  /** When it was closed, no longer named, or a draft again. */
  released: string
}

/**
 * Reads a pull request's times from its events. Where GitHub has no event (a `Wanted:` line has none), the pull
 * request's own times are taken.
 */
export function timesOf(
  pull: PullRequest,
  events: readonly TimelineEvent[],
  reference: Reference | undefined,
  since?: Date | string,
): Times {
  const last = (event: string, label?: string) =>
    events.findLast(
      (one) => one.event === event && (label === undefined || one.label?.toLowerCase() === label.toLowerCase()),
    )?.at
  // A label that was renamed since has its old name in the events: then the stored time is taken.
  const noted = since === undefined ? pull.updatedAt : new Date(since).toISOString()
  const linked = reference?.label === undefined ? pull.createdAt : (last('labeled', reference.label) ?? noted)
  const ready = later(linked, last('ready_for_review') ?? pull.createdAt)
  const released =
    pull.closedAt ?? (reference === undefined ? last('unlabeled') : last('convert_to_draft')) ?? pull.updatedAt
  return { linked, ready, released }
}
