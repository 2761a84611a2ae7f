/** The write queue: transactions in the order of their arrival. */
export type WriteQueue<M> = M[]

interface QueuedTransaction {
  batchable?: { author: string; conflictKeys: readonly string[] } | undefined
}

/** In a shorter queue each transaction has a commit of its own. */
const LONG = 8
/**
 * The largest batch: the lock is released after it, for another replica, and after a failure few have to run singly.
 */
const MOST = 512

/**
 * Takes the next batches from a write queue that is not empty, in the order in which to write them, each of one author.
 *
 * A transaction without conflict keys goes alone, and nothing overtakes it. A transaction that shares a key with an
 * earlier one of these batches stays in the queue, and so does any that shares a key with it.
 */
export function pickBatches<M extends QueuedTransaction>(line: WriteQueue<M>): M[][] {
  if (line.length < LONG || line[0]?.batchable === undefined) return [[line.shift()!]]
  const taken = new Set<string>()
  const sets = new Map<string, M[]>()
  const left: M[] = []
  let size = 0
  for (const [n, member] of line.entries()) {
    if (member.batchable === undefined || size === MOST) {
      left.push(...line.slice(n))
      break
    }
    const { author, conflictKeys } = member.batchable
    const isFree = !conflictKeys.some((key) => taken.has(key))
    for (const key of conflictKeys) taken.add(key)
    if (!isFree) {
      left.push(member)
      continue
    }
    sets.set(author, [...(sets.get(author) ?? []), member])
    size++
  }
  line.splice(0, line.length, ...left)
  return [...sets.values()]
}
