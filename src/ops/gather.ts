import DataLoader from 'dataloader'
import { within } from './patience.ts'

/** Longer statements gain nothing more. */
const MOST = 200
/** One that is lost on a broken connection is not to hold up all that comes after it. */
const WAITS_MS = 5_000

/**
 * One question at a time, about all that is asked: what comes while one is under way goes with the next. So many who
 * ask at once cost as few, nobody's answer is older than their question, and who is alone does not wait.
 *
 * @param ask answers in the order of its keys; an Error is for the one who asked about that key
 */
export function gather<K, V>(
  ask: (keys: readonly K[]) => PromiseLike<readonly (V | Error)[]>,
  most = MOST,
): (key: K) => Promise<V> {
  let underWay: Promise<unknown> = Promise.resolve()
  const loader = new DataLoader<K, V>(
    (keys) => {
      const answered = ask(keys)
      underWay = within(WAITS_MS, Promise.resolve(answered), 'no answer').catch(() => {})
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

/** The same for a question that is about nothing in particular. */
export function gatherOne<V>(ask: () => Promise<V>): () => Promise<V> {
  const asked = gather<true, V>(async (askers) => {
    const answer = await ask()
    return askers.map(() => answer)
  }, Infinity)
  return () => asked(true)
}
