/** A user's error: the message says what is wrong, what was expected and what to do. */
export class UserError extends Error {
  override name = 'UserError'
}

/**
 * A temporary error: a store or GitHub cannot answer now. The job is retried, not before `retryAt` when that is known.
 */
export class Unavailable extends Error {
  override name = 'Unavailable'
  readonly retryAt: Date | undefined
  /** Until when a write whose answer was lost may not show yet: whoever writes again before may write it twice. */
  readonly shownAt: Date | undefined

  constructor(message: string, options: { cause?: unknown; retryAt?: Date | undefined; shownAt?: Date } = {}) {
    super(message, { cause: options.cause })
    this.retryAt = options.retryAt
    this.shownAt = options.shownAt
  }
}

/** An erasure whose proof failed: something may be left. It is noted, and done again until the proof holds. */
export class NotProven extends Unavailable {
  override name = 'NotProven'
}

/**
 * A job that must not run before `retryAt`, however well all stores are. It does not block the jobs after it with the
 * same key.
 */
export class Postponed extends Unavailable {
  override name = 'Postponed'
}
