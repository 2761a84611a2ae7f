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

  constructor(message: string, options: { cause?: unknown; retryAt?: Date | undefined } = {}) {
    super(message, { cause: options.cause })
    this.retryAt = options.retryAt
  }
}

/**
 * A job that must not run before `retryAt`, however well all stores are. It does not block the jobs after it with the
 * same key.
 */
export class Postponed extends Unavailable {
  override name = 'Postponed'
}
