import { discover, priceOfDiscovery, repositoriesFor } from '../../importers/github/discover.ts'
import type { Github } from '../../importers/github/fetching.ts'
import { openGithub } from '../../importers/github/github.ts'
import { type Price, priceOf } from '../../importers/github/price.ts'
import type { ImportDeps } from './deps.ts'

/** GitHub for seeding, with the operator's token: it waits out rate limits. */
export function openForSeeding(
  { apiUrl, webHost: host, webUrl: pages }: Pick<ImportDeps, 'apiUrl' | 'webHost' | 'webUrl'>,
  token: string,
  waiting: (until: Date) => void,
): Github {
  return openGithub({ apiUrl, token, host, pages, atLimit: { waiting } })
}

/** The number of requests and the time for this many profiles, with the discovery of people where that is needed. */
export function priceOfSeeding(count: number, discovers: boolean): Price {
  const [profiles, discovery] = [priceOf(count), priceOfDiscovery(discovers ? repositoriesFor(count) : 0)]
  return { requests: profiles.requests + discovery.requests, points: profiles.points + discovery.points }
}

export async function discoverLogins(
  github: Github,
  top: number,
  progress: (done: number, of: number) => void,
  signal: AbortSignal,
): Promise<string[]> {
  return (await discover(github, top, { progress, signal })).map(({ login }) => login.toLowerCase())
}
