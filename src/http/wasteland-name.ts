import { oneLine } from '../domain/text.ts'
import { withTimeout } from '../ops/retry.ts'

const KEPT_MS = 10_000
/** Timeout, in milliseconds, for reading the name: the first page answers even if the ledger does not. */
const WAITS_MS = 1_000
const MOST = 100

/**
 * A cache of a wasteland's name, for ten seconds. While the ledger does not answer, the name that was read last is
 * used.
 */
export function wastelandNames(
  read: () => Promise<string | undefined>,
  now: () => Date,
): () => Promise<string | undefined> {
  let last: string | undefined
  let reading: Promise<void> | undefined
  let until = -Infinity
  const refresh = async () => {
    try {
      // A peer may have written the name.
      last = oneLine((await read()) ?? '', MOST) || undefined
    } catch {
      // /readyz reports that the ledger does not answer.
    } finally {
      until = now().getTime() + KEPT_MS
      reading = undefined
    }
  }
  return async () => {
    if (now().getTime() < until) return last
    reading ??= refresh()
    await withTimeout(WAITS_MS, reading, 'the ledger does not answer').catch(() => {})
    return last
  }
}
