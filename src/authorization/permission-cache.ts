import type { Invalidations } from '../operations/tables/cache-invalidations.ts'

/** A permission is fetched again after this long at the latest. */
const TTL_MS = 60_000
/** The largest number of entries. */
const MANY = 5_000

/**
 * Caches GitHub's answers about permissions for a minute in this process, for one host. An event that changes them
 * invalidates them when it is received, before any later event is worked on; in every replica, where the replicas share
 * `invalidations`.
 */
export interface PermissionCache {
  /** The cached answer, or a new one. An answer that failed, or was under way during an invalidation, is not cached. */
  getOrFetch<T>(repository: number | string, key: string, ask: () => Promise<T>): Promise<T>
  /** Invalidates the entries of one repository, by its id; all entries without one. Resolves when every replica does. */
  invalidate(repository?: number): Promise<void>
}

interface CacheEntry {
  fetchedAt: number
  answer: Promise<unknown>
}

export function createPermissionCache(now: () => number = Date.now, invalidations?: Invalidations): PermissionCache {
  const entries = new Map<number | string, Map<string, CacheEntry>>()
  const isFresh = ({ fetchedAt }: CacheEntry) => now() - fetchedAt < TTL_MS

  /** Never fewer than there are. */
  let count = 0
  let seen: number | undefined

  /** Clears all when another replica has invalidated something since. */
  async function syncInvalidations({ count: ask }: Invalidations) {
    const all = await ask()
    if (seen !== all) entries.clear()
    seen = all
  }

  /** Evicts the expired entries; where none is expired, all: they are fetched again. */
  function evict() {
    count = 0
    for (const [repository, answers] of entries) {
      for (const [key, one] of answers) if (!isFresh(one)) answers.delete(key)
      if (answers.size === 0) entries.delete(repository)
      count += answers.size
    }
    if (count < MANY) return
    entries.clear()
    count = 0
  }

  return {
    async getOrFetch<T>(repository: number | string, key: string, ask: () => Promise<T>): Promise<T> {
      if (invalidations !== undefined) await syncInvalidations(invalidations)
      const known = entries.get(repository)?.get(key)
      if (known !== undefined && isFresh(known)) return known.answer as Promise<T>
      if (count >= MANY) evict()
      count++
      const answers = entries.get(repository) ?? new Map<string, CacheEntry>()
      const made: CacheEntry = { fetchedAt: now(), answer: ask() }
      entries.set(repository, answers.set(key, made))
      try {
        return (await made.answer) as T
      } catch (error) {
        if (answers.get(key) === made) answers.delete(key)
        throw error
      }
    },
    async invalidate(repository) {
      for (const name of entries.keys())
        // An entry under a name tells which repository has it.
        if (repository === undefined || name === repository || typeof name === 'string') entries.delete(name)
      await invalidations?.add()
    },
  }
}
