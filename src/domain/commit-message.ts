import { oneLine } from './text.ts'

/** Facts that the protocol has no column for, kept as trailers of the Dolt commit. */
export type TrailerName =
  | 'Delivery'
  | 'Command'
  | 'Sender'
  | 'Authority'
  | 'Given'
  | 'Stamp'
  | 'Stamp-Undone'
  | 'Corrects'
  | 'Rejected'
  | 'Reason'
  | 'Parent'
  | 'Pull-Request'
  | 'Head'
  | 'Diff'
  | 'Unmet'
  | 'Override'
  | 'Held'
  | 'Merged'
  | 'Closed'
  | 'Flagged'
  | 'Completion'
  | 'Revert'
  | 'By'
  | 'Reverted-By'
  | 'Restored-By'
export type Trailers = Partial<Record<TrailerName, string>>

/** `wl accept: w-…`, an empty line, `Name: value` lines. Each value lies on one line, so none can forge another. */
export function commitMessage(subject: string, trailers: Trailers): string {
  const lines = Object.entries(trailers).map(([name, value]) => `${name}: ${oneLine(value, 500)}`)
  return lines.length === 0 ? oneLine(subject, 300) : `${oneLine(subject, 300)}\n\n${lines.join('\n')}`
}

/** The trailers of a commit message, the last paragraph only. */
export function readTrailers(message: string): Map<string, string> {
  const paragraph = message.split('\n\n').at(-1) ?? ''
  const pairs = paragraph.split('\n').map((line) => /^([A-Z][A-Za-z-]+): (.*)$/.exec(line))
  return new Map(pairs.flatMap((match) => (match === null ? [] : [[match[1]!, match[2]!] as const])))
}
