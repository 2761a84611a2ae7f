/**
 * The public data of one person on GitHub: the output of fetching and the input of scoring. Counts are integers, times
 * are ISO 8601 in UTC as GitHub gives them. No e-mail, nothing private: such fields are never queried.
 */
export interface Profile {
  /** `github.com`, or a GHES. */
  host: string
  /** The address of GitHub's pages, `https://github.com`, with which links to their work begin. */
  pages: string
  /** The numeric id identifies the person; a login may be renamed. */
  id: number
  login: string
  name: string | null
  bio: string | null
  location: string | null
  createdAt: string
  followers: number
  /** Public repositories of their own: sources and forks, in all, not only those in `repositories`. */
  owned: { sources: number; forks: number }
  /** Pull requests and issues of theirs anywhere, by GitHub's own count. */
  totals: { merged: number; closed: number; open: number; issues: number }
  /** Windows of at most a year, the newest first. */
  years: ContributionYear[]
  /** The person's own repositories, without forks. */
  repositories: OwnRepository[]
  /** Merged and closed pull requests to repositories of others that are no forks. */
  pulls: ExternalPull[]
  /** GitHub's count of these pull requests, where search answers; the sample in `pulls` may be smaller. */
  pullCounts?: { merged: number; closed: number }
  /** Reviews of others' pull requests in repositories of others. */
  reviews: GivenReview[]
  /** One page of the measured sizes (bulk), or all pages (deep). */
  tier: 'deep' | 'bulk'
  /** Stages that GitHub did not answer, however small we asked: coverage falls. */
  missing: Stage[]
  fetchedAt: string
}

/**
 * The stages of a fetch. Each is queried, stored and resumed by itself. Bulk has identity, years, repositories and
 * pulls.
 */
export const STAGES = [
  'identity',
  'years',
  'repositories',
  'pulls',
  'counts',
  'reviews',
  'revisions',
  'evidence',
] as const
export type Stage = (typeof STAGES)[number]

export interface ContributionYear {
  from: string
  to: string
  commits: number
  pulls: number
  reviews: number
  issues: number
}

interface RepositorySummary {
  nameWithOwner: string
  stars: number
  primaryLanguage: string | null
}

export interface OwnRepository extends RepositorySummary {
  isArchived: boolean
  isMirror: boolean
  isTemplate: boolean
  forks: number
  watchers: number
  createdAt: string
  pushedAt: string | null
  description: string | null
  license: string | null
  topics: string[]
  /** Bytes by language: all of them (deep), or the eight largest (bulk). */
  languages: { name: string; bytes: number }[]
  releases: number
  closedIssues: number
  openIssues: number
  /** False where issues are switched off: then there is no issue-close share to speak of. */
  hasIssues: boolean
  mergedPulls: number
  /** Undefined where its tree was not fetched (bulk, or not among the first). */
  evidence?: RepositoryEvidence
}

/** Evidence in the tree of a repository. */
export interface RepositoryEvidence {
  hasWorkflows: boolean
  /** Names of its manifests and other files of the root that tell of a capability, e.g. `Cargo.toml`, `Dockerfile`. */
  files: string[]
  /** Names of packages it depends on, from its manifests; at most 200. */
  dependencies: string[]
  /** The number of the last ten releases that this person published. */
  releasesByThem: number
}

export interface ExternalPull extends RepositorySummary {
  url: string
  isMerged: boolean
  createdAt: string
  /** The time of its merge or closing. */
  endedAt: string
  mergedBy: { login: string; isBot: boolean } | null
  additions: number
  deletions: number
  commits: number
  /**
   * The number of pushes after the first review by another person. Undefined where it was not fetched (bulk, and all
   * but the first ten).
   */
  revisions?: number
}

export interface GivenReview extends RepositorySummary {
  at: string
  comments: number
  author: { login: string; isBot: boolean } | null
}
