import DataLoader from 'dataloader'
import { withTimeout } from './retry.ts'

/** The largest number of keys in a query; more gain nothing. */
const MOST = 200

interface BatcherOptions {
  waitsMs?: number
}

/**
 * Batches concurrent lookups: keys that come while one query runs go with the next query. Many concurrent callers cost
 * a few queries, no answer is older than its lookup, and a single caller does not wait.
 *
 * @param ask answers in the order of its keys; an Error rejects the lookup of that key alone
 * @param options.most keys of one query
 * @param options.waitsMs how long one query delays the next: its answer may be lost on a broken connection
 */
export function createBatcher<K, V>(
  ask: (keys: readonly K[]) => PromiseLike<readonly (V | Error)[]>,
  { most = MOST, waitsMs }: BatcherOptions & { most?: number } = {},
): (key: K) => Promise<V> {
  let underWay: Promise<unknown> = Promise.resolve()
  const loader = new DataLoader<K, V>(
    (keys) => {
      const answered = ask(keys)
      const over = Promise.resolve(answered)
      underWay = (waitsMs === undefined ? over : withTimeout(waitsMs, over, 'no answer')).catch(() => {})
      return answered
    },
    {
      cache: false,
      maxBatchSize: most,
      batchScheduleFn: (dispatch) => void underWay.then(() => setImmediate(dispatch)),
    },
  )
  return (key) => loader.load(key)
}

/** The same for a query without a key: concurrent callers share one query. */
export function createCoalescer<V>(ask: () => Promise<V>, options: BatcherOptions = {}): () => Promise<V> {
  const shared = createBatcher<true, V>(
    async (askers) => {
      const answer = await ask()
      return askers.map(() => answer)
    },
    { ...options, most: Infinity },
  )
  return () => shared(true)
}
