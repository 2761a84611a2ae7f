import { Unavailable, UserError } from '../../src/domain/errors.ts'
import { oneLine } from '../../src/domain/text.ts'

export type WhyNone = 'missing' | 'organization' | 'bot' | 'private' | 'taken'

/** There is no profile to import, and a retry will not find one. */
export class NoSuchProfile extends UserError {
  override name = 'NoSuchProfile'
  readonly why: WhyNone

  /** `login` is unchecked text of a person. */
  constructor(login: string, why: WhyNone, host: string) {
    super(WORDS[why](oneLine(login, LONGEST_LOGIN) || 'with an empty name', host))
    this.why = why
  }
}

const LONGEST_LOGIN = 40

const WORDS: Record<WhyNone, (login: string, host: string) => string> = {
  missing: (login, host) =>
    `${host} has no user ${login}: the name is misspelt, or the account was renamed, deleted or suspended. ` +
    'Look the name up and try again.',
  organization: (login) =>
    `${login} is an organization, and a character sheet is a person’s: import its people by their own logins.`,
  bot: (login) => `${login} is a bot, and a character sheet is a person’s: import its owner by their own login.`,
  private: (login, host) =>
    `${host} does not show ${login} to us: the profile is private. Its owner can make it public and try again.`,
  taken: (login, host) =>
    `On ${host} the login ${login} now is another person’s, so nothing was imported. ` +
    'Whoever had it before has another one: import that.',
}

/** The token's rate limit is used up until `retryAt`. */
export class LimitReached extends Unavailable {
  override name = 'LimitReached'
  declare readonly retryAt: Date

  constructor(retryAt: Date) {
    super(`GitHub’s limit is reached; the import goes on at ${retryAt.toISOString().slice(11, 16)} UTC`, { retryAt })
  }
}

/**
 * GitHub could not answer a query of this size: ask for less. `resources`: it said so; `time`: it timed out, or is
 * away.
 */
export class TooMuch extends Unavailable {
  override name = 'TooMuch'
  readonly of: 'resources' | 'time'

  constructor(of: 'resources' | 'time') {
    super('GitHub could not answer so much at once')
    this.of = of
  }
}

/** GitHub refuses the token, or this use of it; its operator has to fix that. */
export class TokenRefused extends UserError {
  override name = 'TokenRefused'

  constructor(status: number) {
    super(
      `GitHub refuses the token that imports (${status}). Expected is a valid one that may read public data: ` +
        'check IMPORT_TOKEN, or sign in again.',
    )
  }
}
