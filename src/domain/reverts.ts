/** The targets of a revert, by a text: pull requests of the same repository by number, commits by SHA. */
export interface Reverted {
  pulls: number[]
  commits: string[]
}

/** GitHub's own link: `Reverts octo/app#12`, the first words of a line. */
const LINK = /^[ \t]*Reverts[ \t]+(?:([\w.-]+\/[\w.-]+))?#([1-9][0-9]{0,9})\b/gim
/** The title of the revert of a squashed pull request: `Revert "Count the loops (#12)"`. */
const TITLE = /^Revert "(?!Re(?:vert|apply) ").*\(#([1-9][0-9]{0,9})\)"/i
/** The line that `git revert` writes. */
const TRAILER = /^[ \t]*This reverts commit ([0-9a-f]{40})\b/gim
const MOST = 20

/**
 * Parses the title and text of a pull request, or a commit's message, for GitHub's link, the title and git's trailer. A
 * revert of a revert names the revert by link or trailer; its title still names the work, and does not count.
 */
export function readReverted({ title, text }: { title: string; text: string }, repository: string): Reverted {
  const links = [...text.matchAll(LINK)].flatMap(([, name, number]) =>
    name === undefined || name.toLowerCase() === repository.toLowerCase() ? Number(number) : [],
  )
  const commits = [...text.matchAll(TRAILER)].map(([, sha]) => sha!.toLowerCase())
  const titled = links.length + commits.length > 0 ? null : TITLE.exec(title)
  return {
    pulls: [...new Set([...links, ...(titled === null ? [] : [Number(titled[1])])])].slice(0, MOST),
    commits: [...new Set(commits)].slice(0, MOST),
  }
}

/** The targets that a commit's message says it reverts. */
export function revertedBy(message: string, repository: string): Reverted {
  const [title = '', ...rest] = message.split('\n')
  return readReverted({ title, text: rest.join('\n') }, repository)
}

/** The union of the targets of several texts; `isWhole` is false where there are more than are counted. */
export function joinReverted(all: readonly Reverted[]): Reverted & { isWhole: boolean } {
  const pulls = [...new Set(all.flatMap((one) => one.pulls))]
  const commits = [...new Set(all.flatMap((one) => one.commits))]
  return {
    pulls: pulls.slice(0, MOST),
    commits: commits.slice(0, MOST),
    isWhole: pulls.length <= MOST && commits.length <= MOST,
  }
}

export function namesNothing({ pulls, commits }: Reverted): boolean {
  return pulls.length + commits.length === 0
}
