import { oneLine } from '../domain/text.ts'
import { withTimeout } from '../ops/retry.ts'

const KEPT_MS = 10_000
/** Nobody waits longer for it: the first page answers whatever the ledger does. */
const WAITS_MS = 1_000
const MOST = 100

/** Reads a wasteland's name again after ten seconds; the one that was read last, while the ledger does not answer. */
export function wastelandNames(
  read: () => Promise<string | undefined>,
  now: () => Date,
): () => Promise<string | undefined> {
  let last: string | undefined
  let reading: Promise<void> | undefined
  let until = -Infinity
  const look = async () => {
    try {
      // A peer may have written it.
      last = oneLine((await read()) ?? '', MOST) || undefined
    } catch {
      // /readyz says so.
    } finally {
      until = now().getTime() + KEPT_MS
      reading = undefined
    }
  }
  return async () => {
    if (now().getTime() < until) return last
    reading ??= look()
    await withTimeout(WAITS_MS, reading, 'the ledger does not answer').catch(() => {})
    return last
  }
}
