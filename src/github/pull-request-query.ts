import { PULL, TEXT } from './pull-request-fields.ts'

/** The largest number of issues in a query: each text may be 65,536 characters long, and there are eleven of it. */
export const MOST_ISSUES = 3

/** The largest number of pull requests in a query: GitHub ends it after ten seconds. */
export const MOST_PULLS = 5

/** A pull request to ask for, and issues of its repository whose texts are asked with it. */
export interface AskedPull {
  owner: string
  repo: string
  number: number
  /** Their numbers, MOST_ISSUES at most. */
  issues: readonly number[]
}

/**
 * Pull requests in one query: what seven requests of REST tell of each; the texts of so many issues of its repository,
 * with their newest edits; and the authors of the comments on all of them, of which some may be ours.
 *
 * GitHub's formula ("Rate limits and query limits for the GraphQL API") for its cost: one request for each connection
 * and each of its possible parents: labels 1, commits 1, their parents 100, the head 1, its checks 1, reviews 1,
 * events 1, closing issues 1, its comments 1, edits 3, comments of issues 3. That is 114 for each pull request, and the
 * sum is divided by 100 and rounded: 1 point for one, 6 for five.
 *
 * @param issues the number of issues of each pull request
 */
export function pullRequestQuery(issues: readonly number[]): string {
  const pulls = issues.map((count, n) => partOf(n, issues.length, count))
  const parameters = pulls.flatMap(({ owner, repo, number, texts }) => [
    `$${owner}: String!, $${repo}: String!, $${number}: Int!`,
    ...texts.map(({ variable }) => `$${variable}: Int!`),
  ])
  return /* GraphQL */ `
    query ${pulls.length === 1 ? 'PullRequest' : 'PullRequests'}(${parameters.join(', ')}) {
      ${pulls.map(selectionOf).join('\n')}
    }
    ${PULL}
    ${issues.some((count) => count > 0) ? TEXT : ''}
  `
}

/** The variables of the query of these pull requests. */
export function variablesOf(pulls: readonly AskedPull[]): Record<string, string | number> {
  const parts = pulls.map(({ owner, repo, number, issues }, n) => {
    const part = partOf(n, pulls.length, issues.length)
    const texts = part.texts.map(({ variable }, at): [string, number] => [variable, issues[at]!])
    return { [part.owner]: owner, [part.repo]: repo, [part.number]: number, ...Object.fromEntries(texts) }
  })
  return Object.assign({}, ...parts) as Record<string, string | number>
}

/** The key of the n-th of so many pull requests in the answer: that of its repository. */
export function rootOf(n: number, pulls: number): string {
  return `repository${suffixOf(n, pulls)}`
}

/** The key of an issue within its repository. */
export function issueKey(n: number): string {
  return `issue${n}`
}

function suffixOf(n: number, pulls: number): string {
  return pulls === 1 ? '' : String(n)
}

/** The names of the variables of the n-th of so many pull requests, and its root. */
function partOf(n: number, pulls: number, issues: number) {
  const suffix = suffixOf(n, pulls)
  return {
    root: rootOf(n, pulls),
    owner: `owner${suffix}`,
    repo: `repo${suffix}`,
    number: `number${suffix}`,
    texts: Array.from({ length: issues }, (_, issue) => ({
      key: issueKey(issue),
      variable: `${issueKey(issue)}${suffix === '' ? '' : `of${suffix}`}`,
    })),
  }
}

function selectionOf({ root, owner, repo, number, texts }: ReturnType<typeof partOf>): string {
  return /* GraphQL */ `
    ${root}: repository(owner: $${owner}, name: $${repo}) {
      pullRequest(number: $${number}) { ...pull }
      ${texts.map(({ key, variable }) => `${key}: issue(number: $${variable}) { ...text }`).join('\n')}
    }
  `
}

/** Head and base alone. */
export const PULL_REQUEST_ENDS = /* GraphQL */ `
  query PullRequestEnds($owner: String!, $repo: String!, $number: Int!) {
    repository(owner: $owner, name: $repo) {
      pullRequest(number: $number) {
        headRefOid
        baseRefName
        baseRefOid
      }
    }
  }
`
