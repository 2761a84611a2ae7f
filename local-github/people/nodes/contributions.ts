import { isoSeconds } from '../../clock.ts'
import { connection, type Paged } from '../../graphql/connection.ts'
import { Failure, resourceLimits } from '../../graphql/failure.ts'
import { actsWithin, activeYears, isOfPart, timeOf } from '../activity.ts'
import type { Person } from '../people.ts'
import { externalRepository, ownRepository, reviewedRepository, type Repo } from '../repositories.ts'
import { repositoryNode } from './repository.ts'

const DAY = 86_400_000
/** The longest window, in days, for an account with much history. */
const HEAVY_DAYS = 200

export interface Window {
  from?: string
  to?: string
}

/** `User.contributionsCollection`; without a window, the last year. */
export function contributionsNode(url: string, now: number, person: Person, asked: Window) {
  const { from, to } = windowOf(now, asked)
  if (to - from > 366 * DAY)
    throw new Failure('VALIDATION', "The total time spanned by 'from' and 'to' must not exceed 1 year")
  if (person.isHeavy && to - from > HEAVY_DAYS * DAY) throw resourceLimits()
  const { commits, prs, reviews, issues } = person.character
  const within = (total: number) => actsWithin(person, person.isPrivate ? 0 : total, from, to)
  const count = (total: number) => within(total).end - within(total).first
  const committedTo = count(commits) === 0 ? [] : workedIn(person)
  return {
    startedAt: isoSeconds(from),
    endedAt: isoSeconds(to),
    contributionYears: activeYears(person),
    totalCommitContributions: count(commits),
    totalPullRequestContributions: count(prs),
    totalPullRequestReviewContributions: count(reviews),
    totalIssueContributions: count(issues),
    totalRepositoriesWithContributedCommits: committedTo.length,
    totalRepositoriesWithContributedPullRequestReviews: Math.min(count(reviews), person.character.rev.length),
    restrictedContributionsCount: 0,
    commitContributionsByRepository: ({ maxRepositories = 25 }: { maxRepositories?: number }) =>
      committedTo.slice(0, maxRepositories).map((repo, at) => ({
        contributions: (page: Paged) =>
          connection(page, Math.floor((count(commits) + at) / committedTo.length), () => null),
        repository: repositoryNode(url, repo),
      })),
    pullRequestReviewContributions: (page: Paged) => {
      const { first, end } = within(reviews)
      // The newest first.
      return connection(page, end - first, (index) => review(url, person, reviews - end + index))
    },
  }
}

function windowOf(now: number, { from, to }: Window) {
  const year = 365 * DAY
  if (from !== undefined)
    return { from: Date.parse(from), to: to === undefined ? Date.parse(from) + year : Date.parse(to) }
  const end = to === undefined ? now : Date.parse(to)
  return { from: end - year, to: end }
}

/** The person's own repositories with any data, then those of others. */
function workedIn(person: Person): Repo[] {
  const { repos, ext } = person.character
  return [
    ...repos.map((_, index) => ownRepository(person, index)),
    ...ext.map((_, which) => externalRepository(person, which)),
  ]
}

/** The review at this index of all, the newest 0. Those that are not in `rev` were of their own repositories. */
function review(url: string, person: Person, place: number) {
  const { reviews, rev } = person.character
  const told = rev.reduce((sum, { n }) => sum + n, 0)
  const isTold = isOfPart(place, reviews, Math.min(told, reviews))
  const repo = isTold ? reviewedRepository(person, place % rev.length) : ownRepository(person, 0)
  const author = {
    __typename: 'User',
    login: `colleague-${person.id}-${place % Math.max(1, person.character.counterparties)}`,
  }
  return {
    occurredAt: isoSeconds(timeOf(person, reviews, place)),
    pullRequestReview: {
      state: place % 4 === 0 ? 'CHANGES_REQUESTED' : 'APPROVED',
      comments: (page: Paged) => connection(page, place % 5, () => null),
    },
    pullRequest: {
      author,
      number: 1 + (place % 9000),
      repository: repositoryNode(url, repo),
    },
  }
}
