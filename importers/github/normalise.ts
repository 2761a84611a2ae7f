import { z } from 'zod'
import { oneLine } from '../../src/domain/text.ts'
import type { ContributionYear, OwnRepository, Profile } from './profile.ts'

/** Schemas that turn GitHub's answers into a profile. Missing numbers count as 0; nodes without a name are left out. */

/** An integer that is not negative; 0 where GitHub gives none. */
export const Count = z
  .number()
  .nullish()
  .transform((value) => Math.min(Math.max(0, Math.trunc(value ?? 0)), Number.MAX_SAFE_INTEGER))

/** A connection of which only the total is queried. */
export const Total = z
  .object({ totalCount: Count })
  .nullish()
  .transform((connection) => connection?.totalCount ?? 0)

const text = (limit: number) =>
  z
    .string()
    .nullish()
    .transform((value) => oneLine(value ?? '', limit) || null)

const NAME_LIMIT = 256
const PROSE_LIMIT = 500
const TAG_LIMIT = 100

export const Name = z
  .string()
  .min(1)
  .transform((name) => oneLine(name, NAME_LIMIT))
/** An account that was deleted is null. */
export const Login = z
  .object({ login: z.string() })
  .nullish()
  .transform((account) => account?.login ?? null)

export const Actor = z
  .object({ __typename: z.string().optional(), login: z.string() })
  .nullish()
  .transform((actor) => (actor == null ? null : { login: actor.login, isBot: isBot(actor) }))

export function isBot({ __typename, login }: { __typename?: string | undefined; login: string }): boolean {
  return __typename === 'Bot' || login.toLowerCase().endsWith('[bot]')
}

/**
 * The members of a list that match the schema: GitHub gives null for what it cannot show, and `{}` for another type.
 */
export function those<T>(shape: z.ZodType<T>, nodes: readonly unknown[]): T[] {
  return nodes.flatMap((node) => {
    const parsed = shape.safeParse(node)
    return parsed.success ? [parsed.data] : []
  })
}

/** A list that may be null, with members that may be null. */
function list<T>(shape: z.ZodType<T>): z.ZodType<T[]> {
  return z
    .array(z.unknown())
    .nullish()
    .transform((nodes) => those(shape, nodes ?? []))
}

export type Identity = Pick<
  Profile,
  'id' | 'login' | 'name' | 'bio' | 'location' | 'createdAt' | 'followers' | 'owned' | 'totals'
>

export const IdentityShape: z.ZodType<Identity> = z
  .object({
    databaseId: z.int().positive(),
    login: z.string().min(1),
    name: text(NAME_LIMIT),
    bio: text(PROSE_LIMIT),
    location: text(NAME_LIMIT),
    createdAt: z.string(),
    followers: Total,
    sources: Total,
    forks: Total,
    merged: Total,
    closed: Total,
    open: Total,
    issues: Total,
  })
  .transform(({ databaseId: id, sources, forks, merged, closed, open, issues, ...rest }) => ({
    id,
    ...rest,
    owned: { sources, forks },
    totals: { merged, closed, open, issues },
  }))

export const YearShape: z.ZodType<ContributionYear> = z
  .object({
    startedAt: z.string(),
    endedAt: z.string(),
    totalCommitContributions: Count,
    totalPullRequestContributions: Count,
    totalPullRequestReviewContributions: Count,
    totalIssueContributions: Count,
  })
  .transform((year) => ({
    from: year.startedAt,
    to: year.endedAt,
    commits: year.totalCommitContributions,
    pulls: year.totalPullRequestContributions,
    reviews: year.totalPullRequestReviewContributions,
    issues: year.totalIssueContributions,
  }))

export const Language = z
  .object({ name: Name })
  .nullish()
  .transform((language) => language?.name ?? null)

const LanguageBytes = z
  .object({ size: Count, node: z.object({ name: Name }) })
  .transform(({ size, node }) => ({ name: node.name, bytes: size }))

const Topic = z
  .object({ topic: z.object({ name: z.string() }) })
  .transform(({ topic }) => oneLine(topic.name, TAG_LIMIT))

const NO_LICENSE = new Set(['NOASSERTION', 'NONE'])

export const RepositoryShape: z.ZodType<OwnRepository> = z
  .object({
    nameWithOwner: Name,
    isArchived: z.boolean().catch(false),
    isMirror: z.boolean().catch(false),
    isTemplate: z.boolean().catch(false),
    stargazerCount: Count,
    forkCount: Count,
    watchers: Total,
    createdAt: z.string(),
    pushedAt: z.string().nullish(),
    description: text(PROSE_LIMIT),
    licenseInfo: z.object({ spdxId: text(TAG_LIMIT) }).nullish(),
    primaryLanguage: Language,
    languages: z.object({ edges: list(LanguageBytes) }).nullish(),
    repositoryTopics: z.object({ nodes: list(Topic) }).nullish(),
    releases: Total,
    mergedPulls: Total,
    hasIssuesEnabled: z.boolean().catch(true),
    closedIssues: Total,
    openIssues: Total,
  })
  .transform((repository) => ({
    nameWithOwner: repository.nameWithOwner,
    stars: repository.stargazerCount,
    primaryLanguage: repository.primaryLanguage,
    isArchived: repository.isArchived,
    isMirror: repository.isMirror,
    isTemplate: repository.isTemplate,
    forks: repository.forkCount,
    watchers: repository.watchers,
    createdAt: repository.createdAt,
    pushedAt: repository.pushedAt ?? null,
    description: repository.description,
    license: licenseOf(repository.licenseInfo?.spdxId),
    topics: repository.repositoryTopics?.nodes ?? [],
    languages: repository.languages?.edges ?? [],
    releases: repository.releases,
    closedIssues: repository.closedIssues,
    openIssues: repository.openIssues,
    hasIssues: repository.hasIssuesEnabled,
    mergedPulls: repository.mergedPulls,
  }))

function licenseOf(spdxId: string | null | undefined): string | null {
  return spdxId == null || NO_LICENSE.has(spdxId) ? null : spdxId
}
