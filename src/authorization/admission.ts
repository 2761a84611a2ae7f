import type { AdmittedIds } from '../operations/tables/admitted-names.ts'
import type { Settings } from './settings.ts'

/** Proof that a repository's work may enter the ledger; only `admit` makes one, and a permit demands it. */
declare const admitted: unique symbol
export interface Admission {
  readonly [admitted]: true
}

export type AdmissionAnswer =
  | { admission: Admission }
  | { refused: 'not-admitted' | 'name-moved' | 'private-not-named' | 'private-keep' }

/**
 * The ids that a name of the operator's stands for: as it was first seen, or as the operator gave them; undefined: not
 * seen yet.
 */
export type Meaning = Partial<AdmittedIds> | undefined

export interface AdmissionRules {
  /** The account that owns the App: its public repositories are admitted. */
  appOwnerId: number | undefined
  /** `owner` or `owner/repo`, lower case. */
  named: ReadonlyMap<string, Meaning>
}

export interface AdmittedRepository {
  id: number
  fullName: string
  ownerId: number
  hidden: boolean
}

/**
 * Admits the public repositories of the App's owner, and those that the operator names. A private or internal one must
 * be named itself (not just its owner) and say `private: publish`. A name stands for the account or repository that had
 * it when it was first seen: after a rename that one is still served, and a new bearer of the old name is not.
 */
export function admit(
  { appOwnerId, named }: AdmissionRules,
  repository: AdmittedRepository,
  settings: Pick<Settings, 'private'>,
): AdmissionAnswer {
  const name = repository.fullName.toLowerCase()
  const owner = name.split('/')[0]!
  const entries = [...named]
  const byName = entries.some(([key, meaning]) => key.includes('/') && isMeant(key === name, meaning, repository))
  const isMoved = [name, owner].some((key) => named.has(key) && !isMeant(true, named.get(key), repository))
  if (repository.hidden && !byName) return { refused: isMoved ? 'name-moved' : 'private-not-named' }
  if (repository.hidden) return settings.private === 'publish' ? yes() : { refused: 'private-keep' }
  const byOwner = entries.some(([key, meaning]) => !key.includes('/') && isMeant(key === owner, meaning, repository))
  if (byName || byOwner || repository.ownerId === appOwnerId) return yes()
  return { refused: isMoved ? 'name-moved' : 'not-admitted' }
}

/**
 * Ids decide where there are any. A repository that changed its owner is no longer meant: the new owner has to decide.
 */
function isMeant(hasName: boolean, meaning: Meaning, { id, ownerId }: AdmittedRepository): boolean {
  if (meaning === undefined) return hasName
  const { ownerId: ofOwner, repositoryId: ofRepository } = meaning
  if (ofOwner === undefined && ofRepository === undefined) return hasName
  // The operator gave the repository's id alone: its name says whose it is.
  if (ofOwner === undefined) return hasName && ofRepository === id
  return ofOwner === ownerId && (ofRepository === undefined || ofRepository === id)
}

function yes(): AdmissionAnswer {
  return { admission: {} as Admission }
}
