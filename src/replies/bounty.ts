import type { Completion } from '../domain/completion.ts'
import { readEvidence } from '../domain/evidence.ts'
import { count } from '../domain/text.ts'
import { quietly, quote } from './markdown.ts'

/** The status of an open bounty on a pull request that is not ready for review. `item`: the item as it is shown. */
export function notEntered(item: string): string {
  return `**Open bounty** ${item}: nobody claims it, and whoever submits may be stamped. Next: mark this pull request ready for review, and it is in the running.`
}

/** The status of an open bounty on a pull request that competes for it. `next`: what comes next. */
export function entered(item: string, by: string, next: string): string {
  return (
    `**In the running** ${item}, submitted by ${quote(by, 100)}. It is an open bounty: others may submit work too, and the one that is ` +
    `stamped completes it. ${next}`
  )
}

/**
 * The status of an open bounty on a pull request that competed in vain. `url`: the page of the adopted work; `by`: its
 * rig.
 */
export function notAdopted(item: string, { by, url }: { by: string | undefined; url: string | undefined }): string {
  const whose = by === undefined ? 'other work was adopted' : `the work of ${quote(by)} was adopted`
  const where = url === undefined ? '' : `, ${page(url)}`
  return (
    `**Not adopted** ${item}: ${whose}${where}. It was an open bounty, and this pull request keeps its place in the ledger on a ` +
    'branch of its own. Should the stamp be taken back, it is in the running again.'
  )
}

const SHOWN = 10

/** The work that competes for an open bounty, a line each. */
export function entryLines(entries: readonly Pick<Completion, 'completedBy' | 'evidence'>[]): string[] {
  const lines = entries.slice(0, SHOWN).map(({ completedBy, evidence }) => {
    const url = readEvidence(evidence)?.url
    return `- ${quote(completedBy)}${url === undefined ? '' : `: ${page(url)}`}`
  })
  return entries.length > SHOWN ? [...lines, `- and ${entries.length - SHOWN} more`] : lines
}

/** A sentence with the number of pull requests that compete for an open bounty. */
export function runningFor(wanted: string, entries: number): string {
  return `${quote(wanted)} is an open bounty with ${running(entries)}.`
}

/** The number of pull requests that compete for an open bounty, in words. */
export function running(entries: number): string {
  return entries === 0 ? 'nobody in the running yet' : `${count(entries, 'pull request')} in the running`
}

/** A pull request of GitHub's as a link that notifies nobody there; anything else as text. */
function page(url: string): string {
  const [, repository, number] = /^https?:\/\/[\w.:-]+\/([\w.-]+\/[\w.-]+)\/pull\/(\d+)$/.exec(url) ?? []
  return repository === undefined ? quote(url) : `[${repository}#${number}](${quietly(url)})`
}
