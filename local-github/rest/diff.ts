import type { FileChange } from '../diff.ts'
import { diffText } from '../diff-text.ts'
import { Refusal } from '../refusal.ts'
import type { Answer, Ask } from './ask.ts'

export const asksForDiff = ({ accept }: Ask) => /^application\/vnd\.github(\.v3)?\.diff$/.test(accept)

/** GitHub gives no diff of more than 300 files or 20,000 lines. */
export function diff(changes: FileChange[]): Answer {
  if (changes.length > 300)
    throw tooLarge(
      "files (300). Consider using 'List pull requests files' API or locally cloning the repository instead.",
    )
  const text = diffText(changes)
  if (text.split('\n').length > 20_001) throw tooLarge('lines (20000)')
  return { status: 200, body: text, headers: { 'content-type': 'application/vnd.github.v3.diff; charset=utf-8' } }
}

const tooLarge = (what: string) =>
  new Refusal(406, `Sorry, the diff exceeded the maximum number of ${what}`, [
    { resource: 'PullRequest', field: 'diff', code: 'too_large' },
  ])
