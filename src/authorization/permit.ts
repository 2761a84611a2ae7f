import type { Rig } from '../domain/rig.ts'
import type { StampRefusal } from '../domain/refusals.ts'
import type { Admission } from './admission.ts'
import type { EffectiveRole } from './roles.ts'
import { hasSameOwner, isOneself, type OwnWork, refusedForOwnWork } from './yearbook-rule.ts'

/** The right to stamp one completion: only `permitStamp` gives it, and writing a stamp demands it. */
declare const permitted: unique symbol
export interface StampPermit {
  readonly [permitted]: true
  validator: Rig
  completion: string
  /** For the commit's `Authority:` trailer: `trust 3` or `github maintain owner/repo#id`. */
  authority: string
}

export interface StampClaim {
  admission: Admission
  validator: Rig
  permission: EffectiveRole
  repository: { fullName: string; id: number }
  completion: string
  subject: string
  /** The subject's rig; none for a completion of `wl` or `gt` whose rig has no row. */
  subjectRig: Rig | undefined
  /** Whether the work is entered under the validator's own account, by whatever handle. */
  isSamePerson: boolean
  /** Every rig of the validator's owner, the validator's own included. */
  ownRigs: ReadonlySet<string>
  /** `unseen` when the authors of the work are not all known. */
  ownWork: OwnWork | 'unseen' | undefined
}

/** The level that validates, and changes trust, in every admitted repository. */
export const TRUSTED = 3

/**
 * Checks role or trust, and not the yearbook rule: nobody gains by sending work back, and a spammer who put a
 * maintainer's name into commits could not be rejected by them.
 */
export function permitReject(claim: Omit<StampClaim, 'ownWork'>): { permit: StampPermit } | { refused: StampRefusal } {
  const { validator } = claim
  if (validator.trustLevel < 0) return { refused: { rule: 'suspended' } }
  const authority = authorityOf(claim)
  if (authority === undefined) return { refused: roleRefusal(claim.permission, validator) }
  if (validator.rigType === 'agent') return { refused: { rule: 'agent' } }
  return { permit: { validator, completion: claim.completion, authority } as StampPermit }
}

/** Checks role or trust, and the yearbook rule: nobody stamps their own work, nor that of a rig of the same owner. */
export function permitStamp(claim: StampClaim): { permit: StampPermit } | { refused: StampRefusal } {
  const { validator, subject } = claim
  if (isOneself(claim)) return { refused: { rule: 'yearbook-self' } }
  if (validator.trustLevel < 0) return { refused: { rule: 'suspended' } }
  const authority = authorityOf(claim)
  if (authority === undefined) return { refused: roleRefusal(claim.permission, validator) }
  if (validator.rigType === 'agent') return { refused: { rule: 'agent' } }
  if (hasSameOwner(claim)) return { refused: { rule: 'yearbook-owner', rig: subject } }
  if (isUnownedAgent(claim.subjectRig)) return { refused: { rule: 'unowned-agent', agent: subject } }
  const ownWork = refusedForOwnWork(claim)
  if (ownWork !== undefined) return { refused: ownWork }
  return { permit: { validator, completion: claim.completion, authority } as StampPermit }
}

/** True for an agent without a confirmed human: it is recorded and shown, and takes no stamp. */
function isUnownedAgent(rig: Pick<Rig, 'rigType' | 'parentRig'> | undefined): boolean {
  return rig?.rigType === 'agent' && rig.parentRig === null
}

/** The reason why somebody may not stamp: no role and no trust, or settings that leave out people with their role. */
export function roleRefusal(
  { admin, maintain, narrowed, loginOfAnother, roleName, untold }: EffectiveRole,
  validator?: Rig,
): StampRefusal {
  const mayElsewhere = admin || maintain || (validator?.trustLevel ?? 0) >= TRUSTED
  if (!narrowed || !mayElsewhere) return { rule: 'role', roleName }
  if (untold !== undefined) return { rule: 'untold', status: untold.status }
  return loginOfAnother === true ? { rule: 'narrowed', loginOfAnother } : { rule: 'narrowed' }
}

export function mayByRole({
  admin,
  maintain,
  narrowed,
}: Pick<EffectiveRole, 'admin' | 'maintain' | 'narrowed'>): boolean {
  return (admin || maintain) && !narrowed
}

/**
 * The authority by which a person validates in a repository: `github admin owner/repo#id`, `github maintain …` or
 * `trust 3`; undefined for a person without one. A suspended rig (trust below 0) has none, whatever its role.
 */
export function authorityOf(claim: {
  validator: Pick<Rig, 'trustLevel'>
  permission: EffectiveRole
  repository: { fullName: string; id: number }
}): string | undefined {
  const { validator, permission, repository } = claim
  if (validator.trustLevel < 0 || permission.narrowed) return undefined
  const place = `${repository.fullName}#${repository.id}`
  if (permission.admin) return `github admin ${place}`
  if (permission.maintain) return `github maintain ${place}`
  return validator.trustLevel >= TRUSTED ? `trust ${validator.trustLevel}` : undefined
}
