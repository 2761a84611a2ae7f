import { type GatheredStages, profileOf } from './assemble.ts'
import { TooMuch } from './errors.ts'
import { evidenceOf } from './evidence.ts'
import { externalPulls, revisionsOf } from './external.ts'
import type { Asking, Fetching, Github } from './fetching.ts'
import { allPages, askEach, Gathered, within } from './gather.ts'
import { askPerson } from './identity.ts'
import { type Identity, IdentityShape, RepositoryShape, those, YearShape } from './normalise.ts'
import { type Profile, type Stage, STAGES } from './profile.ts'
import { createProgress } from './progress.ts'
import { askAllPulls, askCounts } from './pulls.ts'
import { EVIDENCE, type Query, REPOSITORIES, REVIEWS, REVISIONS, type Variables } from './queries.ts'
import { askWindows, askYears } from './years.ts'

/** GitHub's largest page; no repository that people write has more languages. */
const ALL_LANGUAGES = 100
/** The limit for a year, the newest first: of one repository no more than 30 have any weight. */
const MOST_REVIEWS = 1000
/** The newest pull requests and the most starred repositories are fetched in detail. */
const CLOSE = 10
const EVIDENCE_AT_ONCE = 5

interface Gathering {
  github: Asking
  signal: AbortSignal
  /** Answers of the stages before. */
  gathered: GatheredStages
  identity: Identity
}

/**
 * Everything that GitHub shows publicly of one person, stage by stage. `expectId`: their numeric id, where it is known.
 * Rejects with NoSuchProfile, and as `Github.query` does; a stage that GitHub does not answer is missing in the
 * profile.
 */
export async function fetchDeep(
  github: Github,
  login: string,
  fetching: Fetching & { expectId?: number },
): Promise<Profile> {
  const { kept = {}, keep, signal, expectId } = fetching
  const progress = createProgress(fetching.progress)
  const counted: Asking = {
    host: github.host,
    pages: github.pages,
    loginOf: github.loginOf,
    query: (...asked) => github.query(...asked).finally(progress.asked),
  }
  const gathered: GatheredStages = {}
  for (const stage of STAGES) {
    const before = Gathered.safeParse(kept[stage]).data
    gathered[stage] = before ?? (await gather(stage))
    if (stage === 'identity') {
      progress.know(identityIn(gathered))
      await fetching.admit?.(identityIn(gathered).id)
    }
    progress.over(stage)
    if (before === undefined) await keep?.(stage, gathered[stage])
  }
  const { host, pages } = github
  return profileOf(gathered, { host, pages, tier: 'deep', fetchedAt: new Date().toISOString() })

  async function gather(stage: Stage): Promise<Gathered> {
    if (stage === 'identity') {
      const { node } = await askPerson(counted, login, expectId, signal)
      return { nodes: [node], whole: true }
    }
    const { nodes, whole } = await GATHER[stage]({ github: counted, signal, gathered, identity: identityIn(gathered) })
    return { nodes, whole }
  }
}

const GATHER: Record<Exclude<Stage, 'identity'>, (gathering: Gathering) => Promise<Gathered>> = {
  async years({ github, identity: { login, createdAt }, signal }) {
    const windows = await askWindows(github, login, createdAt, new Date(), signal)
    return joined(
      await askYears(
        github,
        windows.map((window) => ({ login, ...window })),
        1,
        signal,
      ),
    )
  },

  repositories: ({ github, identity: { login }, signal }) =>
    allPages(
      github,
      REPOSITORIES,
      { login, languages: ALL_LANGUAGES },
      (data) => within(data, 'user', 'repositories'),
      signal,
    ),

  pulls: ({ github, identity, signal }) => askAllPulls(github, identity.login, signal),

  counts: ({ github, identity, signal }) => askCounts(github, identity.login, signal),

  async reviews({ github, gathered, identity: { login }, signal }) {
    const parts: Gathered[] = [{ nodes: [], whole: gathered.years?.whole === true }]
    for (const { from, to, reviews } of those(YearShape, gathered.years?.nodes ?? []))
      if (reviews > 0)
        parts.push(
          await allPages(
            github,
            REVIEWS,
            { login, from, to },
            (data) => within(data, 'user', 'contributionsCollection', 'pullRequestReviewContributions'),
            signal,
            MOST_REVIEWS,
          ),
        )
    return joined(parts)
  },

  async revisions({ github, gathered, identity: { login }, signal }) {
    const { pulls } = externalPulls(gathered.pulls?.nodes ?? [], login)
    const items = pulls.slice(0, CLOSE).map(({ nodeId }) => ({ id: nodeId }))
    return askSome({ github, signal }, REVISIONS, items, CLOSE, ({ node }) => revisionsOf(node))
  },

  async evidence({ github, gathered, identity: { login }, signal }) {
    const repositories = those(RepositoryShape, gathered.repositories?.nodes ?? []).slice(0, CLOSE)
    const items = repositories.map(({ nameWithOwner }) => {
      const [owner, name] = nameWithOwner.split('/')
      return { owner, name }
    })
    return askSome({ github, signal }, EVIDENCE, items, EVIDENCE_AT_ONCE, ({ repository }) =>
      evidenceOf(repository, login),
    )
  },
}

/** Collects the findings of `read` in the answers, and drops the answers, which may be large. */
async function askSome(
  { github, signal }: Pick<Gathering, 'github' | 'signal'>,
  query: Query,
  items: readonly Variables[],
  size: number,
  read: (data: Record<string, unknown>) => unknown,
): Promise<Gathered> {
  const answers = await askEach(github, query, items, size, signal)
  return {
    nodes: answers.flatMap((answer) => (answer instanceof TooMuch ? [] : (read(answer.data) ?? []))),
    whole: !answers.some((answer) => answer instanceof TooMuch),
  }
}

function joined(parts: readonly Gathered[]): Gathered {
  return { nodes: parts.flatMap(({ nodes }) => nodes), whole: parts.every(({ whole }) => whole) }
}

function identityIn(gathered: GatheredStages): Identity {
  return IdentityShape.parse(gathered.identity?.nodes[0])
}
