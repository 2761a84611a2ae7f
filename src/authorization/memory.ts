/** A permission is asked again at the latest after this long. */
const KEPT_MS = 60_000
/** So many answers are kept at most. */
const MANY = 5_000

/**
 * Answers of GitHub about who may what, kept for a minute in this process, for one host. An event that changes
 * them drops them when it is received, before anything that came after it is worked on; in every replica, where
 * these share their `drops`.
 */
export interface Memory {
  /** The kept answer, or a new one. One that failed, or was under way when it was dropped, is not kept. */
  recall<T>(repository: number | string, key: string, ask: () => Promise<T>): Promise<T>
  /** Drops what is kept of one repository, by its id; of all without one. Resolves when every replica does. */
  forget(repository?: number): Promise<void>
}

/** How often any replica has dropped something. */
interface Drops {
  count(): Promise<number>
  add(): Promise<void>
}

interface Kept {
  askedAt: number
  answer: Promise<unknown>
}

export function createMemory(now: () => number = Date.now, drops?: Drops): Memory {
  const kept = new Map<number | string, Map<string, Kept>>()
  const isFresh = ({ askedAt }: Kept) => now() - askedAt < KEPT_MS

  /** Never fewer than there are. */
  let count = 0
  let seen: number | undefined

  /** Drops all when another replica has dropped something since. */
  async function keepUp({ count: ask }: Drops) {
    const all = await ask()
    if (seen !== all) kept.clear()
    seen = all
  }

  /** Drops the old ones; where none is old, all: they are asked again. */
  function makeRoom() {
    count = 0
    for (const [repository, answers] of kept) {
      for (const [key, one] of answers) if (!isFresh(one)) answers.delete(key)
      if (answers.size === 0) kept.delete(repository)
      count += answers.size
    }
    if (count < MANY) return
    kept.clear()
    count = 0
  }

  return {
    async recall<T>(repository: number | string, key: string, ask: () => Promise<T>): Promise<T> {
      if (drops !== undefined) await keepUp(drops)
      const known = kept.get(repository)?.get(key)
      if (known !== undefined && isFresh(known)) return known.answer as Promise<T>
      if (count >= MANY) makeRoom()
      count++
      const answers = kept.get(repository) ?? new Map<string, Kept>()
      const made: Kept = { askedAt: now(), answer: ask() }
      kept.set(repository, answers.set(key, made))
      try {
        return (await made.answer) as T
      } catch (error) {
        if (answers.get(key) === made) answers.delete(key)
        throw error
      }
    },
    async forget(repository) {
      for (const name of kept.keys())
        // What is kept under a name tells which repository has it.
        if (repository === undefined || name === repository || typeof name === 'string') kept.delete(name)
      await drops?.add()
    },
  }
}
