import { oneLine } from './text.ts'

/** Facts about a pull request's work, as GitHub answers them. A fact not yet known is left out of the line. */
export interface Evidence {
  url: string
  head: string
  merge?: string
  tree?: string
  commits?: number
  /** Logins of the commits' authors, that of the pull request first. */
  by: readonly string[]
  /** Agents that trailers of the commits name, by their names in the settings. */
  agents?: readonly string[]
  /** Logins of people whose suggestions were accepted. */
  suggested?: readonly string[]
  /** The number of changed lines by e-mail addresses that belong to no account. */
  unknown?: number
  reviews?: { approved: number; changes: number }
  rounds?: number
  checks?: { pass: number; total: number }
}

/**
 * The evidence line of a completion:
 * `<PR URL> head=<40 hex> merge=<40 hex> tree=<40 hex> commits=<n> by=<login,…> agents=<name,…> suggested=<login,…> unknown=<lines> reviews=<approved>/<changes> rounds=<n> checks=<pass>/<total>`
 */
export function evidenceLine(evidence: Evidence): string {
  const { reviews, checks } = evidence
  const parts: [string, string | number | undefined][] = [
    ['head', evidence.head],
    ['merge', evidence.merge],
    ['tree', evidence.tree],
    ['commits', evidence.commits],
    ['by', listed(evidence.by)],
    ['agents', listed(evidence.agents)],
    ['suggested', listed(evidence.suggested)],
    ['unknown', evidence.unknown],
    ['reviews', reviews && `${reviews.approved}/${reviews.changes}`],
    ['rounds', evidence.rounds],
    ['checks', checks && `${checks.pass}/${checks.total}`],
  ]
  const known = parts.filter(([, value]) => value !== undefined).map(([key, value]) => `${key}=${value}`)
  return oneLine([evidence.url, ...known].join(' '))
}

function listed(names: readonly string[] = []): string | undefined {
  return names.length === 0 ? undefined : names.join(',')
}

/** The work and its helpers, as read from an evidence line of ours. */
export interface ReadEvidence {
  url: string
  head: string
  merge: string | undefined
  agents: string[]
  suggested: string[]
}

/** Parses an evidence line of ours; undefined for any other text. */
export function readEvidence(line: string | null): ReadEvidence | undefined {
  const match = line === null ? null : /^(https?:\/\/\S+\/pull\/[0-9]+) head=([0-9a-f]{40})(?= |$)/.exec(line)
  if (match === null) return undefined
  const names = (pattern: RegExp) => pattern.exec(line!)?.[1]?.split(',') ?? []
  return {
    url: match[1]!,
    head: match[2]!,
    merge: / merge=([0-9a-f]{40})(?= |$)/.exec(line!)?.[1],
    agents: names(/ agents=([^ ]+)/),
    suggested: names(/ suggested=([^ ]+)/),
  }
}
