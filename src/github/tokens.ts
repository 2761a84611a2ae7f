/** Installation tokens as `@octokit/auth-app` keeps them; `drop` takes one that GitHub no longer accepts. */
export interface InstallationTokens {
  get(key: string): string | undefined
  set(key: string, token: string): void
  drop(installation: number): void
}

/** They last an hour. */
const KEPT_MS = 59 * 60_000
/** Above this number the expired ones are dropped. */
const MANY = 1_000

/** By the wall clock: one that counts only while the machine is awake would keep a token beyond its hour. */
export function keepTokens(): InstallationTokens {
  const kept = new Map<string, { token: string; until: number }>()
  const isOver = ({ until }: { until: number }) => until <= Date.now()
  return {
    get(key) {
      const known = kept.get(key)
      return known === undefined || isOver(known) ? undefined : known.token
    },
    set(key, token) {
      if (kept.size > MANY) for (const [other, known] of kept) if (isOver(known)) kept.delete(other)
      kept.set(key, { token, until: Date.now() + KEPT_MS })
    },
    // All of ours have every right of their installation: it alone is their key.
    drop: (installation) => void kept.delete(String(installation)),
  }
}
