import { LRUCache } from 'lru-cache'

/** Installation tokens as `@octokit/auth-app` keeps them; `drop` takes one that GitHub no longer accepts. */
export interface InstallationTokens {
  get(key: string): string | undefined
  set(key: string, token: string): void
  drop(installation: number): void
}

/** They last an hour. */
const KEPT_MS = 59 * 60_000
const MOST = 10_000

/** By the wall clock: one that counts only while the machine is awake would keep a token beyond its hour. */
export function keepTokens(): InstallationTokens {
  const kept = new LRUCache<string, string>({ max: MOST, ttl: KEPT_MS, ttlResolution: 0, perf: Date })
  return {
    get: (key) => kept.get(key),
    set: (key, token) => void kept.set(key, token),
    // All of ours have every right of their installation: it alone is their key.
    drop: (installation) => void kept.delete(String(installation)),
  }
}
