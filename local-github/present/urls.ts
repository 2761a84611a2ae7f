import { fullName } from '../access.ts'
import type { Repository, World } from '../world.ts'

/** The API's address as on a GHES: below the host of the pages. */
export const apiUrl = (world: World) => `${world.url}/api/v3`

export const repositoryUrl = (world: World, repo: Repository) => `${apiUrl(world)}/repos/${fullName(world, repo)}`

export const repositoryPage = (world: World, repo: Repository) => `${world.url}/${fullName(world, repo)}`

/** Each value gets the base in front of it. */
export function templates<T extends Record<string, string>>(base: string, tails: T): Record<keyof T, string> {
  return Object.fromEntries(Object.entries(tails).map(([key, tail]) => [key, base + tail])) as Record<keyof T, string>
}
