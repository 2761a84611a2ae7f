import { z } from 'zod'
import { EvidenceShape } from './evidence.ts'
import { externalPulls, givenReviews } from './external.ts'
import type { Gathered } from './gather.ts'
import { Count, IdentityShape, RepositoryShape, those, YearShape } from './normalise.ts'
import { type Profile, type Stage, STAGES } from './profile.ts'

export type GatheredStages = Partial<Record<Stage, Gathered>>

/** The stages that each tier fetches; one that has no answer is reported as missing. */
const ASKED: Record<Profile['tier'], readonly Stage[]> = {
  bulk: ['identity', 'years', 'repositories', 'pulls'],
  deep: STAGES,
}

const Counts = z.object({ merged: z.object({ issueCount: Count }), closed: z.object({ issueCount: Count }) })
const Revisions = z.object({ url: z.string(), revisions: z.number() })

/** Makes a profile of GitHub's answers, stage by stage; the identity must be there. */
export function profileOf(
  gathered: GatheredStages,
  { host, pages, tier, fetchedAt }: Pick<Profile, 'host' | 'pages' | 'tier' | 'fetchedAt'>,
): Profile {
  const nodes = (stage: Stage) => gathered[stage]?.nodes ?? []
  const identity = IdentityShape.parse(nodes('identity')[0])
  const { pulls, dropped } = externalPulls(nodes('pulls'), identity.login)
  const revisions = new Map(those(Revisions, nodes('revisions')).map((each) => [each.url, each.revisions]))
  const evidence = new Map(
    those(EvidenceShape, nodes('evidence')).map(({ nameWithOwner, ...shown }) => [nameWithOwner, shown]),
  )
  const [counts] = those(Counts, nodes('counts'))
  return {
    host,
    pages,
    ...identity,
    years: those(YearShape, nodes('years')).toSorted((a, b) => (a.from < b.from ? 1 : -1)),
    repositories: those(RepositoryShape, nodes('repositories')).map((repository) => ({
      ...repository,
      ...optional('evidence', evidence.get(repository.nameWithOwner)),
    })),
    pulls: pulls.map(({ pull }) => ({ ...pull, ...optional('revisions', revisions.get(pull.url)) })),
    ...optional(
      'pullCounts',
      counts && {
        merged: counts.merged.issueCount,
        closed: Math.max(0, counts.closed.issueCount - dropped),
      },
    ),
    reviews: givenReviews(nodes('reviews'), identity.login),
    tier,
    missing: ASKED[tier].filter((stage) => gathered[stage]?.whole !== true),
    fetchedAt,
  }
}

function optional<K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [key in K]?: V })
}
