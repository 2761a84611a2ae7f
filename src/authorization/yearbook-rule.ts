import type { Rig } from '../domain/rig.ts'
import type { StampRefusal } from '../domain/refusals.ts'

/*
 * The yearbook rule: nobody signs their own yearbook. No stamp on one's own work, on that of a rig of the same owner, nor
 * on work of which one wrote a tenth or more.
 */

/** The validator's own commits in the work: the largest commit, and the least share of all changed lines, 0–1. */
export interface OwnWork {
  sha: string
  share: number
}

/** The validator and the subject of a stamp. */
interface Parties {
  validator: Pick<Rig, 'handle'>
  subject: string
  /** Whether the work is entered under the validator's own account, by whatever handle. */
  isSamePerson: boolean
  /** Every rig of the validator's owner, the validator's own included. */
  ownRigs: ReadonlySet<string>
}

/** From this share of the changed lines on, own commits bar the validator. */
export const BARRING_SHARE = 0.1

/**
 * True where validator and subject are one person. Dolt tells Bob from bob; people are one, whoever wrote their rows.
 */
export function isOneself({ validator, subject, isSamePerson }: Omit<Parties, 'ownRigs'>): boolean {
  return isSamePerson || isSameHandle(validator.handle, subject)
}

/** True where the subject is a rig of the validator's owner. */
export function hasSameOwner({ ownRigs, subject }: Pick<Parties, 'ownRigs' | 'subject'>): boolean {
  return [...ownRigs].some((rig) => isSameHandle(rig, subject))
}

/** The refusal for the validator's own commits in the work; undefined where they do not bar. */
export function refusedForOwnWork({ ownWork }: { ownWork: OwnWork | 'unseen' | undefined }): StampRefusal | undefined {
  if (ownWork === 'unseen') return { rule: 'yearbook-unseen' }
  if (ownWork === undefined || ownWork.share < BARRING_SHARE) return undefined
  return { rule: 'yearbook-author', sha: ownWork.sha, share: ownWork.share }
}

function isSameHandle(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}
