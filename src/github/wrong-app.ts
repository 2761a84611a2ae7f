import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../domain/errors.ts'
import type { GitHub } from './github.ts'

/** Timeout of the check of the credentials, in milliseconds; that GitHub is slow or away is no fault of theirs. */
const WAITS_MS = 5_000
const AGAIN_MS = 1_000
/**
 * A clock that is wrong by this many milliseconds explains a refusal: GitHub refuses a token that is dated a minute
 * ahead.
 */
const CLOCK_WRONG_MS = 50_000

/**
 * Throws UserError where GitHub answers at the start that there is no such App, or not with this key: waiting does not
 * help. No conclusion is drawn where GitHub cannot be reached, is rate limited or has a fault, or our clock is wrong.
 */
export async function refuseWrongApp(github: Pick<GitHub, 'identity'>, waitsMs = WAITS_MS): Promise<void> {
  const ending = new AbortController()
  const late = sleep(waitsMs, undefined, { signal: ending.signal, ref: false }).catch(() => undefined)
  const ask = () => github.identity().then(() => undefined, whyWrong)
  // An App that was registered a moment ago may not be known everywhere: a first refusal is retried.
  const refused = ask().then((why) => why && sleep(AGAIN_MS, undefined, { signal: ending.signal }).then(ask))
  refused.catch(() => {})
  const why = await Promise.race([refused, late])
  ending.abort()
  if (why !== undefined) throw new UserError(why)
}

function whyWrong(error: unknown): string | undefined {
  const { cause } = (error ?? {}) as { cause?: { status?: unknown; response?: { headers?: Record<string, unknown> } } }
  const status = cause?.status
  if (status !== 401 && status !== 404) return undefined
  const theirs = Date.parse(String(cause?.response?.headers?.['date']))
  if (!(Math.abs(Date.now() - theirs) < CLOCK_WRONG_MS)) return undefined
  return status === 404
    ? 'GitHub knows no App of the number in APP_ID. Compare APP_ID and GHE_HOST with the App’s settings page.'
    : 'GitHub does not accept APP_ID with this private key. Both must be of one App: compare them with its settings page, or make a new key there.'
}
