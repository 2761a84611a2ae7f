import { isoSeconds } from '../../clock.ts'
import { connection, type Paged } from '../../graphql/connection.ts'
import { nodeId } from '../../ids.ts'
import { detailsOf, pullAt, repositoryOf, type Pull } from '../pulls.ts'
import type { People } from '../people.ts'
import { repositoryNode } from './repository.ts'

const HOUR = 3_600_000

/** A made-up pull request as GraphQL's `PullRequest`. */
export function pullNode(url: string, pull: Pull) {
  const { person, state, at, isOwn, index } = pull
  const details = detailsOf(pull)
  const repo = repositoryOf(pull)
  const ended = details.endedAt === null ? null : isoSeconds(details.endedAt)
  const reviews = details.reviewer === null ? 0 : 1
  return {
    __typename: 'PullRequest',
    id: nodeId('PR', person.id, isOwn ? 1 : 0, index),
    number: details.number,
    title: `Change ${index}`,
    url: `${url}/${repo.owner.login}/${repo.facts.name}/pull/${details.number}`,
    state,
    merged: state === 'MERGED',
    isDraft: false,
    createdAt: isoSeconds(at),
    mergedAt: state === 'MERGED' ? ended : null,
    closedAt: ended,
    additions: details.additions,
    deletions: details.deletions,
    changedFiles: details.changedFiles,
    authorAssociation: isOwn ? 'OWNER' : 'CONTRIBUTOR',
    author: actor(person.login),
    mergedBy: state === 'MERGED' ? actor(details.mergedBy) : null,
    commits: (asked: Paged) => connection(asked, 1 + details.revisions, () => null),
    reviews: ({ states, ...asked }: Paged & { states?: string[] }) =>
      connection(asked, states?.includes('CHANGES_REQUESTED') && details.revisions === 0 ? 0 : reviews, () => null),
    latestOpinionatedReviews: (asked: Paged) =>
      connection(asked, reviews, () => ({ author: actor(details.reviewer), state: 'APPROVED' })),
    repository: repositoryNode(url, repo),
    timelineItems: (asked: Paged & { itemTypes?: string[] }) => timeline(pull, asked),
  }
}

/** A commit, a review, the commits after it, the merge. */
function timeline(pull: Pull, { itemTypes, ...asked }: Paged & { itemTypes?: string[] }) {
  const { person, at, state } = pull
  const { revisions, reviewer, endedAt, mergedBy } = detailsOf(pull)
  const commit = (hours: number) => ({
    __typename: 'PullRequestCommit',
    commit: {
      committedDate: isoSeconds(at + hours * HOUR),
      authors: (page: Paged) => connection(page, 1, () => ({ user: { login: person.login } })),
    },
  })
  const all = [
    commit(0),
    ...(reviewer === null
      ? []
      : [
          {
            __typename: 'PullRequestReview',
            submittedAt: isoSeconds(at + HOUR),
            state: revisions > 0 ? 'CHANGES_REQUESTED' : 'APPROVED',
            author: actor(reviewer),
          },
        ]),
    ...Array.from({ length: revisions }, (_, step) => commit(2 + step)),
    ...(state === 'MERGED' && endedAt !== null
      ? [{ __typename: 'MergedEvent', createdAt: isoSeconds(endedAt), actor: actor(mergedBy) }]
      : []),
  ].filter(({ __typename: type }) => itemTypes === undefined || itemTypes.includes(itemType(type)))
  return connection(asked, all.length, (index) => all[index])
}

/** `MergedEvent` is `MERGED_EVENT`. */
const itemType = (type: string) => type.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase()

export function actor(login: string | null) {
  return login === null
    ? null
    : { __typename: login.endsWith('[bot]') ? 'Bot' : 'User', login: login.replace(/\[bot\]$/, '') }
}

/** The made-up pull request of a global id; undefined for any other. */
export function pullOfId(people: People, url: string, id: string): object | undefined {
  const bytes = Buffer.from(/^PR_kw(.+)$/.exec(id)?.[1] ?? '', 'base64url')
  if (bytes.length !== 18) return undefined
  const [personId, isOwn, index] = [0, 6, 12].map((at) => bytes.readUIntBE(at, 6))
  const person = people.byId(personId!)
  const pull = person && pullAt(person, isOwn === 1, index!)
  return pull && pullNode(url, pull)
}
