import { LRUCache } from 'lru-cache'
import type { Invalidations } from '../operations/tables/cache-invalidations.ts'

/** A permission is fetched again after this long at the latest. */
const TTL_MS = 60_000
const MOST_ENTRIES = 5_000

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
  repository: number | string
  answer: Promise<unknown>
}

export function createPermissionCache(now: () => number = Date.now, invalidations?: Invalidations): PermissionCache {
  // An entry of exactly that age is still fresh to lru-cache.
  const entries = new LRUCache<string, CacheEntry>({
    max: MOST_ENTRIES,
    ttl: TTL_MS - 1,
    ttlResolution: 0,
    perf: { now },
  })
  let seen: number | undefined

  /** Clears all when another replica has invalidated something since. */
  async function syncInvalidations({ count: ask }: Invalidations) {
    const all = await ask()
    if (seen !== all) entries.clear()
    seen = all
  }

  return {
    async getOrFetch<T>(repository: number | string, key: string, ask: () => Promise<T>): Promise<T> {
      if (invalidations !== undefined) await syncInvalidations(invalidations)
      const name = `${repository} ${key}`
      // What is read is not moved: the oldest goes first, which is the first to expire.
      const known = entries.peek(name)
      if (known !== undefined) return known.answer as Promise<T>
      const made: CacheEntry = { repository, answer: ask() }
      entries.set(name, made)
      try {
        return (await made.answer) as T
      } catch (error) {
        if (entries.peek(name) === made) entries.delete(name)
        throw error
      }
    },
    async invalidate(repository) {
      // An entry under a name tells which repository has it.
      const gone = [...entries.entries()].filter(
        ([, { repository: one }]) => repository === undefined || one === repository || typeof one === 'string',
      )
      for (const [name] of gone) entries.delete(name)
      await invalidations?.add()
    },
  }
}
