import type { ErasureChecks, ErasureResult } from '../domain/imports.ts'
import { count } from '../domain/text.ts'
import { askToConfirm, confirmedLine } from './confirm.ts'
import { quote } from './markdown.ts'

/**
 * The proof of an erasure from the profile store: a sentence each, for threads and pages of the person (`you`), and for
 * the operator's terminal (`them`).
 */
export function proofOf({ files, remotes, commentStays }: ErasureChecks, whom: 'you' | 'them'): string[] {
  return [
    files === undefined
      ? 'Proof: no row, no former version. The files of the ledger server are not ours to read; its backups neither.'
      : `Proof: no row, no former version, and nothing of ${whom} in the ${count(files, 'file')} that were read.`,
    ...(remotes.length === 0
      ? []
      : [`The pile was copied to ${count(remotes.length, 'place')} that we cannot reach. ${COPIES[whom]}`]),
    ...(commentStays ? [STAYS_ON_GITHUB] : []),
  ]
}

const COPIES = { you: 'Ask the operator.', them: 'Forget them there, too.' } as const

/** Follows the proof, where a comment of ours could not be changed. */
const STAYS_ON_GITHUB =
  'A comment of ours on GitHub that tells of an import could not be changed. It can be deleted there.'

/** The report of an erasure: what was removed, and what stays and why. */
export function forgottenText({ removed, later, takesPart, proof }: ErasureResult): string {
  return [
    later === true
      ? LATER
      : removed
        ? 'Your imported profile is removed, with its history: it is imported no more, until you say `/wl join`.'
        : 'There was no imported profile of yours, and none will be made, until you say `/wl join`.',
    ...proof.map((line) => `- ${line}`),
    `${STAYS} ${takesPart ? TAKES_PART : TAKES_NO_PART}`,
  ].join('\n')
}

const LATER =
  'Noted: nothing of you is imported any more. The database of imported profiles is away; what it may hold of you is ' +
  'removed as soon as it is back.'

const STAYS =
  '- What stays: your rig, claims, submitted work and stamps. Others earned or gave them with you, and that ledger is ' +
  'append-only, so its history cannot be changed.'

const TAKES_PART = 'You go on taking part; to take no further part is another choice: `/wl decline`.'
const TAKES_NO_PART = 'You declined to take part, and that stays so: nothing new is recorded for you.'

/** Replies to `/wl forget` before it is confirmed. */
export const forgetting = {
  saidBefore:
    'This was said before you declined to take part, or were forgotten, so it does nothing now. To have what is imported of ' +
    'you removed, say `/wl forget` in a new comment.',
  /** `handle`: that of the imported profile, where there is one. */
  whetherMeant(handle: string | undefined, takesPart: boolean): string {
    const what =
      handle === undefined
        ? 'Nothing that was imported of you is here now. Confirmed, it stays so: nobody could import you'
        : `Your imported profile ${quote(handle)} would be removed, with its history, for good, and nobody could import you again`
    return askToConfirm(
      `${what}, until you say \`/wl join\`. ` +
        (takesPart
          ? 'Your rig, claims, work and stamps stay, and you go on taking part.'
          : 'You declined to take part, and that stays so, as do your rig and stamps.'),
      confirmedLine('forget'),
      takesPart ? ['To take no further part is another choice: `/wl decline`.'] : [],
    )
  },
} as const
