/** A fault that its reader can mend: the message says what is wrong, what was expected and what to do. */
export class UserError extends Error {
  override name = 'UserError'
}

/**
 * A store or GitHub cannot answer now; the same work succeeds later. Whoever runs the work tries it again,
 * not before `retryAt` when that is known.
 */
export class Unavailable extends Error {
  override name = 'Unavailable'
  readonly retryAt: Date | undefined

  constructor(message: string, options: { cause?: unknown; retryAt?: Date | undefined } = {}) {
    super(message, { cause: options.cause })
    this.retryAt = options.retryAt
  }
}

/** Work that is not wanted before `retryAt`, however well all stores are: what comes after it in its line goes on. */
export class Postponed extends Unavailable {
  override name = 'Postponed'
}
