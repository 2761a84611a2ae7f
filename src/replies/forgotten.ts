import type { ErasureResult } from '../domain/imports.ts'
import { count } from '../domain/text.ts'
import type { ErasureProof as Proven } from '../ledger/profiles/erase.ts'

/** What the profile store has proved: a sentence each, for threads, pages and the terminal. */
export function proofOf({ files, remotes }: Proven): string[] {
  return [
    files === undefined
      ? 'Proof: no row, no former version. The files of the ledger server are not ours to read; its backups neither.'
      : `Proof: no row, no former version, and nothing of you in the ${count(files, 'file')} that were read.`,
    ...(remotes.length === 0
      ? []
      : [`The pile was copied to ${count(remotes.length, 'place')} that we cannot reach. Ask the operator.`]),
  ]
}

/** What `forget` did, and what stays and why. */
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
