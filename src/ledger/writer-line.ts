/** Turns in the order of their arrival. */
export type Line<M> = M[]

interface Waiting {
  inSet?: { author: string; about: readonly string[] } | undefined
}

/** With fewer in line each goes at once, in a commit of its own. */
const LONG = 8
/** A batch ends so that another replica has its turn, and so that a failure has few to run singly. */
const MOST = 512

/**
 * Takes the next batch from a line that is not empty: sets in the order in which to write them, each of one author.
 *
 * A turn that does not say what it is about lets nobody pass and goes alone. A turn about something that an earlier
 * one of the batch is about waits for the next batch, and whatever is about the same with it.
 */
export function pickBatch<M extends Waiting>(line: Line<M>): M[][] {
  if (line.length < LONG || line[0]?.inSet === undefined) return [[line.shift()!]]
  const taken = new Set<string>()
  const sets = new Map<string, M[]>()
  const left: M[] = []
  let size = 0
  for (const [n, member] of line.entries()) {
    if (member.inSet === undefined || size === MOST) {
      left.push(...line.slice(n))
      break
    }
    const { author, about } = member.inSet
    const isFree = !about.some((key) => taken.has(key))
    for (const key of about) taken.add(key)
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
