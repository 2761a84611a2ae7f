/** GitHub answers with an error of this type: for the whole query, or for the field that throws it. */
export class Failure extends Error {
  override name = 'Failure'
  readonly type: string

  constructor(type: string, message: string) {
    super(message)
    this.type = type
  }
}

/** GitHub's error, since July 2026 also for one field of an account with much history (muesli/markscribe#103). */
export const resourceLimits = () => new Failure('RESOURCE_LIMITS_EXCEEDED', 'Resource limits for this query exceeded.')
