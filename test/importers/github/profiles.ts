import made from './profiles.json' with { type: 'json' }
import type { ExternalPull, OwnRepository, Profile } from '../../../importers/github/profile.ts'

/** When the made-up people are looked at. */
export const NOW = new Date('2026-11-01T00:00:00Z')
const MONTH = (365.25 / 12) * 86_400_000

type Made = Partial<Omit<(typeof made.profiles)['prolific_maintainer'], 'repos' | 'ext' | 'rev'>> & {
  repos?: (Omit<(typeof made.profiles)['prolific_maintainer']['repos'][number], 'langs'> & {
    langs: Record<string, number>
    noTracker?: boolean
  })[]
  ext?: { repo?: string; stars: number; merged: number; closed: number; lang?: string }[]
  rev?: { stars: number; n: number }[]
}

export type Character = keyof typeof made.profiles

/** The made-up contributors of known character, as fetching would yield them. */
export const CHARACTERS = Object.fromEntries(
  Object.entries(made.profiles).map(([name, one], id) => [name, profileOf(name, id + 1, one as unknown as Made)]),
) as Record<Character, Profile>

export function monthsAgo(months: number): string {
  return new Date(NOW.getTime() - months * MONTH).toISOString()
}

/** An account that GitHub knows nothing of but that it is there. */
export function blank(login: string): Profile {
  return {
    host: 'github.com',
    pages: 'https://github.com',
    id: 1,
    login,
    name: null,
    bio: null,
    location: null,
    createdAt: monthsAgo(24),
    followers: 0,
    owned: { sources: 0, forks: 0 },
    totals: { merged: 0, closed: 0, open: 0, issues: 0 },
    years: [],
    repositories: [],
    pulls: [],
    reviews: [],
    tier: 'deep',
    missing: [],
    fetchedAt: NOW.toISOString(),
  }
}

export function repository(name: string, changes: Partial<OwnRepository> = {}): OwnRepository {
  return {
    nameWithOwner: name,
    stars: 0,
    primaryLanguage: null,
    isArchived: false,
    isMirror: false,
    isTemplate: false,
    forks: 0,
    watchers: 0,
    createdAt: monthsAgo(24),
    pushedAt: monthsAgo(1),
    description: null,
    license: null,
    topics: [],
    languages: [],
    releases: 0,
    closedIssues: 0,
    openIssues: 0,
    hasIssues: true,
    mergedPulls: 0,
    ...changes,
  }
}

export function pull(name: string, changes: Partial<ExternalPull> = {}): ExternalPull {
  return {
    nameWithOwner: name,
    stars: 1000,
    primaryLanguage: 'Go',
    url: `https://github.com/${name}/pull/1`,
    isMerged: true,
    createdAt: monthsAgo(1),
    endedAt: monthsAgo(0),
    mergedBy: { login: 'maintainer', isBot: false },
    additions: 10,
    deletions: 1,
    commits: 1,
    ...changes,
  }
}

function profileOf(name: string, id: number, one: Made): Profile {
  // No login of a person has a bracket or an underscore.
  const login = one.ageYears === undefined ? `${name}[bot]` : name.replaceAll('_', '-')
  const ext = one.ext ?? []
  const merged = sum(ext.map((there) => there.merged))
  const closed = sum(ext.map((there) => there.closed))
  const prs = one.prs ?? 0
  const at = monthsAgo(one.monthsSinceActive ?? 0)
  const person = (i: number) => ({ login: `person-${i % (one.counterparties ?? 1)}`, isBot: false })
  const pulls = ext.flatMap((there, i) =>
    [...Array(there.merged + there.closed).keys()].map((n) => ({
      isMerged: n < there.merged,
      nameWithOwner: `others/${there.repo ?? `x${i}`}`,
      stars: there.stars,
      primaryLanguage: there.lang ?? null,
    })),
  )
  const reviews = (one.rev ?? []).flatMap((there, i) =>
    Array.from({ length: there.n }, () => ({
      nameWithOwner: `others/r${i}`,
      stars: there.stars,
      primaryLanguage: null,
    })),
  )
  return {
    ...blank(login),
    id,
    createdAt: monthsAgo(12 * (one.ageYears ?? 0)),
    followers: one.followers ?? 0,
    owned: { sources: one.repoCount ?? 0, forks: 0 },
    totals: { merged: prs - closed, closed, open: 0, issues: one.issues ?? 0 },
    years: [...Array(one.activeYears ?? 0).keys()].map((year) => ({
      from: monthsAgo(12 * (year + 1)),
      to: monthsAgo(12 * year),
      commits: Math.round((one.commits ?? 0) / one.activeYears!),
      pulls: Math.round(prs / one.activeYears!),
      reviews: Math.round((one.reviews ?? 0) / one.activeYears!),
      issues: Math.round((one.issues ?? 0) / one.activeYears!),
    })),
    repositories: (one.repos ?? []).map((own, i) => {
      const languages = Object.entries(own.langs).map(([name, share]) => ({ name, bytes: share * 100_000 }))
      return repository(`${login}/${own.name}`, {
        stars: own.stars,
        forks: own.forks,
        watchers: own.watchers,
        createdAt: monthsAgo(12 * (one.ageYears ?? 0)),
        pushedAt: monthsAgo(own.monthsSincePush),
        license: own.license ? 'MIT' : null,
        topics: own.topics,
        languages,
        primaryLanguage: languages[0]?.name ?? null,
        releases: own.releases,
        closedIssues: own.closedIssues,
        openIssues: own.openIssues,
        hasIssues: own.noTracker !== true,
        // The pull requests that are not to others are their own in their first repository.
        mergedPulls: own.mergedPRsByOthers + (i === 0 ? prs - merged - closed : 0),
        evidence: { hasWorkflows: own.ci, files: [], dependencies: [], releasesByThem: own.releases },
      })
    }),
    pulls: pulls.map((there, i) =>
      pull(there.nameWithOwner, { ...there, endedAt: at, mergedBy: there.isMerged ? person(i) : null }),
    ),
    pullCounts: { merged, closed },
    reviews: reviews.map((there, i) => ({ ...there, at, comments: 1, author: person(pulls.length + i) })),
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0)
}
