/** The issue that an item was posted from: its description begins with the link. */
export interface IssueLink {
  url: string
  host: string
  owner: string
  repo: string
  number: number
}

const LINK =
  /^https?:\/\/([A-Za-z0-9.:-]+)\/([A-Za-z0-9-]{1,39})\/([A-Za-z0-9._-]{1,100})\/issues\/([1-9][0-9]{0,9})(?=\s|$)/

/** Reads the start of a description; undefined for one of `wl`, which may say anything. */
export function readIssueLink(description: string): IssueLink | undefined {
  const match = LINK.exec(description)
  if (match === null) return undefined
  const [url, host, owner, repo, number] = match
  return { url, host: host!.toLowerCase(), owner: owner!, repo: repo!, number: Number(number) }
}

/** True when the link leads into this repository of this host (`github` is github.com). */
export function isIn(link: IssueLink | undefined, host: string, fullName: string): boolean {
  if (link === undefined || link.host !== (host === 'github' ? 'github.com' : host.toLowerCase())) return false
  return `${link.owner}/${link.repo}`.toLowerCase() === fullName.toLowerCase()
}
