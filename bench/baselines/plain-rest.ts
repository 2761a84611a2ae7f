import { z } from 'zod'

/** As much as the importer's bulk takes of each. */
const REPOSITORIES = 12
const PULLS = 30
const YEAR_MS = 365 * 24 * 3_600_000

/**
 * Fetches what the importer's bulk takes of one profile, as one would with GitHub's REST API: what a list does not
 * tell is asked for each of it. Resolves to how many requests that took.
 */
export async function fetchPlainly({ url, token }: { url: string; token: string }, login: string): Promise<number> {
  let requests = 0

  async function get(path: string): Promise<unknown> {
    requests++
    const answer = await fetch(`${url}/api/v3${path}`, { headers: { authorization: `token ${token}` } })
    if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}`)
    return answer.json()
  }

  const count = (query: string) => get(`/search/issues?per_page=1&q=${encodeURIComponent(query)}`)

  async function all(path: string): Promise<unknown[]> {
    const found: unknown[] = []
    for (let page = 1; ; page++) {
      const answer = z.array(z.unknown()).parse(await get(`${path}?per_page=100&page=${page}`))
      found.push(...answer)
      if (answer.length < 100) return found
    }
  }

  await get(`/users/${login}`)
  const repositories = z.array(Repository).parse(await all(`/users/${login}/repos`))
  const most = repositories.filter(({ fork }) => !fork).toSorted((a, b) => b.stargazers_count - a.stargazers_count)
  for (const { full_name: name } of most.slice(0, REPOSITORIES)) {
    // Watchers are told of one repository alone; topics come with it.
    await get(`/repos/${name}`)
    await get(`/repos/${name}/languages`)
    await get(`/repos/${name}/releases?per_page=1`)
    // The count of open issues that comes with it has pull requests in it.
    for (const what of ['is:issue is:closed', 'is:issue is:open', 'is:pr is:merged'])
      await count(`repo:${name} ${what}`)
  }

  const theirs = `is:pr is:public author:${login} -user:${login}`
  for (const state of ['is:merged', 'is:closed is:unmerged']) await count(`${theirs} ${state}`)
  for (const whole of ['is:pr is:merged', 'is:pr is:closed is:unmerged', 'is:pr is:open', 'is:issue'])
    await count(`author:${login} ${whole}`)
  const year = `created:>=${new Date(Date.now() - YEAR_MS).toISOString().slice(0, 10)}`
  for (const lately of [`is:pr author:${login}`, `is:issue author:${login}`, `is:pr reviewed-by:${login}`])
    await count(`${lately} ${year}`)
  const pulls = Pulls.parse(
    await get(`/search/issues?per_page=${PULLS}&q=${encodeURIComponent(`${theirs} is:closed sort:created-desc`)}`),
  )
  // Who merged it, its size and its commits are told of one alone.
  for (const { number, repository_url: at } of pulls.items) await get(`/repos/${nameIn(at)}/pulls/${number}`)
  for (const name of new Set(pulls.items.map(({ repository_url: at }) => nameIn(at)))) {
    await get(`/repos/${name}`)
    for (const state of ['is:merged', 'is:closed is:unmerged']) await count(`repo:${name} is:pr ${state}`)
  }
  return requests
}

const Repository = z.object({ full_name: z.string(), fork: z.boolean(), stargazers_count: z.number() })
const Pulls = z.object({ items: z.array(z.object({ number: z.number(), repository_url: z.string() })) })

function nameIn(repositoryUrl: string): string {
  return repositoryUrl.split('/').slice(-2).join('/')
}
