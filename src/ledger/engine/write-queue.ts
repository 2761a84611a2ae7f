/** The write queue: transactions in the order of their arrival. */
export type WriteQueue<M> = M[]

interface QueuedTransaction {
  batchable?: { author: string; conflictKeys: readonly string[] } | undefined
}

/** In a shorter queue each transaction has a commit of its own. */
const LONG = 8
/**
 * The largest batch: its rows still go into one statement (`batch.ts`), and after a failure few have to run singly.
 */
const MOST = 200

/** True for a write queue that is written in batches, until it is empty. */
export function isLong(line: WriteQueue<unknown>): boolean {
  return line.length >= LONG
}

/**
 * Takes the next batch from a write queue that is not empty: the first transaction, and with `inBatches` all others of
 * its author. One batch at a time, because the longer an author's transactions wait, the more are written at once.
 *
 * A transaction without conflict keys goes alone, and nothing overtakes it. A transaction that shares a key with an
 * earlier one of the queue or of this batch stays in the queue, and so does any that shares a key with it.
 */
export function pickBatch<M extends QueuedTransaction>(line: WriteQueue<M>, inBatches: boolean): M[] {
  const [first] = line
  if (!inBatches || first?.batchable === undefined) return [line.shift()!]
  const passed = new Set<string>()
  const batch: M[] = []
  const left: M[] = []
  for (const [n, member] of line.entries()) {
    if (member.batchable === undefined || batch.length === MOST) {
      left.push(...line.slice(n))
      break
    }
    const { author, conflictKeys } = member.batchable
    const isFree = author === first.batchable.author && !conflictKeys.some((key) => passed.has(key))
    for (const key of conflictKeys) passed.add(key)
    if (isFree) batch.push(member)
    else left.push(member)
  }
  line.splice(0, line.length, ...left)
  return batch
}
