import DataLoader from 'dataloader'
import { withTimeout } from './retry.ts'

/** Longer statements gain nothing more. */
const MOST = 200

interface Options {
  waitsMs?: number
}

/**
 * One question at a time, about all that is asked: what comes while one is under way goes with the next. So many who
 * ask at once cost as few, nobody's answer is older than their question, and who is alone does not wait.
 *
 * @param ask answers in the order of its keys; an Error is for the one who asked about that key
 * @param options.most keys of one question
 * @param options.waitsMs so long a question holds up those after it: where one may be lost on a broken connection
 */
export function gather<K, V>(
  ask: (keys: readonly K[]) => PromiseLike<readonly (V | Error)[]>,
  { most = MOST, waitsMs }: Options & { most?: number } = {},
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

/** The same for a question that is about nothing in particular. */
export function gatherOne<V>(ask: () => Promise<V>, options: Options = {}): () => Promise<V> {
  const asked = gather<true, V>(
    async (askers) => {
      const answer = await ask()
      return askers.map(() => answer)
    },
    { ...options, most: Infinity },
  )
  return () => asked(true)
}
