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
  | 'Posted-In'
  | 'Judged'
  | 'Trust'
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
  | 'Vouched'
export type Trailers = Partial<Record<TrailerName, string>>

/** `wl accept: w-…`, an empty line, `Name: value` lines; `more` are whole lines. Each value lies on one line, so none can forge another. */
export function commitMessage(subject: string, trailers: Trailers, more: readonly string[] = []): string {
  const lines = [...Object.entries(trailers).map(([name, value]) => `${name}: ${oneLine(value, 500)}`), ...more]
  return lines.length === 0 ? oneLine(subject, 300) : `${oneLine(subject, 300)}\n\n${lines.join('\n')}`
}

/** The commit message of a batch: the messages of its transactions, one after the other. */
export function setMessage(messages: readonly string[]): string {
  return messages.join('\n\n')
}

const SUBJECT = /^wl [a-z]+: [^\n]+$/
const TRAILER = /^([A-Z][A-Za-z-]+): (.*)$/

/** The trailers of a commit message, one map a transaction. For a peer's commit, the last paragraph only. */
export function readTrailers(message: string): Map<string, string>[] {
  const paragraphs = message.split('\n\n')
  const isSet = paragraphs.every((text, n) => (n % 2 === 0 ? SUBJECT.test(text) : readParagraph(text).size > 0))
  const trailers = isSet ? paragraphs.filter((_, n) => n % 2 === 1) : paragraphs.slice(1).slice(-1)
  return trailers.map(readParagraph).filter(({ size }) => size > 0)
}

/** Empty where a line is no trailer. */
function readParagraph(text: string): Map<string, string> {
  const pairs = text.split('\n').map((line) => TRAILER.exec(line))
  return new Map(pairs.includes(null) ? [] : pairs.map((pair) => [pair![1]!, pair![2]!] as const))
}
