/** The issue that an item was posted from: its description begins with the link. */
export interface IssueLink {
  url: string
  host: string
  owner: string
  repo: string
  number: number
}

const LINK =
  /^https?:\/\/([A-Za-z0-9.:-]+)\/([A-Za-z0-9-]{1,39})\/([A-Za-z0-9._-]{1,100})\/(issues|pull)\/([1-9][0-9]{0,9})(?=\s|$)/

/** GitHub's numbers are 32 bits long, and its GraphQL refuses a whole query for a larger one. */
const MOST_NUMBER = 2 ** 31 - 1

/** Parses the link at the start of a description; undefined for an item of `wl`, which may begin with anything. */
export function readIssueLink(description: string): IssueLink | undefined {
  return readLink(description, 'issues')
}

/** Parses the link of a pull request at the start of evidence. */
export function readPullLink(evidence: string): IssueLink | undefined {
  return readLink(evidence, 'pull')
}

function readLink(text: string, expected: 'issues' | 'pull'): IssueLink | undefined {
  const match = LINK.exec(text)
  if (match === null) return undefined
  const [url, host, owner, repo, kind, number] = match
  if (kind !== expected || Number(number) > MOST_NUMBER) return undefined
  return { url, host: host!.toLowerCase(), owner: owner!, repo: repo!, number: Number(number) }
}

/** True when the link leads into this repository of this host (`github` is github.com). */
export function isIn(link: IssueLink | undefined, host: string, fullName: string): boolean {
  if (link === undefined || link.host !== (host === 'github' ? 'github.com' : host.toLowerCase())) return false
  return `${link.owner}/${link.repo}`.toLowerCase() === fullName.toLowerCase()
}

/** The same page in a repository that has another name. */
export function sameUrlIn(link: IssueLink, { owner, repo }: { owner: string; repo: string }): string {
  return link.url.replace(`/${link.owner}/${link.repo}/`, `/${owner}/${repo}/`)
}
