import profiles from './profiles.json' with { type: 'json' }

/**
 * A person's activity on GitHub in numbers; `profiles.json` describes the fields. All answers about a person derive
 * from it.
 */
export interface Character {
  ageYears: number
  activeYears: number
  monthsSinceActive: number
  /** The number of people who merged their pull requests and had theirs reviewed by them. */
  counterparties: number
  commits: number
  prs: number
  issues: number
  reviews: number
  followers: number
  /** Public repositories without forks; those that are not in `repos` are empty. */
  repoCount: number
  forkCount: number
  repos: Owned[]
  ext: External[]
  rev: { stars: number; n: number }[]
}

export interface Owned {
  name: string
  stars: number
  forks: number
  watchers: number
  license: boolean
  ci: boolean
  releases: number
  closedIssues: number
  openIssues: number
  mergedPRsByOthers: number
  monthsSincePush: number
  /** Shares of the repository's bytes. */
  langs: Record<string, number>
  topics: string[]
  noTracker?: boolean
}

export interface External {
  repo?: string
  stars: number
  merged: number
  closed: number
  lang: string
}

/** A character without any activity. */
export const QUIET: Character = {
  ageYears: 2,
  activeYears: 1,
  monthsSinceActive: 0,
  counterparties: 0,
  commits: 0,
  prs: 0,
  issues: 0,
  reviews: 0,
  followers: 0,
  repoCount: 0,
  forkCount: 0,
  repos: [],
  ext: [],
  rev: [],
}

/** Characters by their names in `profiles.json`. */
export const CHARACTERS: Record<string, Character> = Object.fromEntries(
  Object.entries(profiles.profiles as unknown as Record<string, Partial<Character>>).map(([name, known]) => [
    name,
    { ...QUIET, forkCount: Math.floor((known.repoCount ?? 0) / 4), ...known },
  ]),
)

export function characterNamed(name: string): Character {
  const found = CHARACTERS[name]
  if (!found) throw new Error(`no character is named ${name}: there are ${Object.keys(CHARACTERS).join(', ')}`)
  return found
}
