import { readFile } from 'node:fs/promises'
import type { Settings } from './settings.ts'

/** A repository whose work goes into the ledger; only `admit` makes one, and a permit demands it. */
declare const admitted: unique symbol
export interface Admission {
  readonly [admitted]: true
}

export type AdmissionAnswer =
  | { admission: Admission }
  | { refused: 'not-admitted' | 'private-not-named' | 'private-keep' }

export interface AdmissionRules {
  /** The account that owns the App: its public repositories are admitted. */
  appOwnerId: number | undefined
  /** `owner` or `owner/repo`, lower case. */
  named: ReadonlySet<string>
}

/**
 * Public repositories of the App's owner, and what the operator names. A private or internal one must be named
 * itself (not just its owner) and say `private: publish`.
 */
export function admit(
  rules: AdmissionRules,
  repository: { fullName: string; ownerId: number; hidden: boolean },
  settings: Pick<Settings, 'private'>,
): AdmissionAnswer {
  const name = repository.fullName.toLowerCase()
  const byName = rules.named.has(name)
  if (repository.hidden) {
    if (!byName) return { refused: 'private-not-named' }
    return settings.private === 'publish' ? yes() : { refused: 'private-keep' }
  }
  const byOwner = rules.named.has(name.split('/')[0]!) || repository.ownerId === rules.appOwnerId
  return byName || byOwner ? yes() : { refused: 'not-admitted' }
}

function yes(): AdmissionAnswer {
  return { admission: {} as Admission }
}

/** ADMIT and the lines of DATA_DIR/admitted, which `wasteland-bridge admit` writes while we run. */
export async function readAdmitted(fromEnvironment: readonly string[], file: string): Promise<Set<string>> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  return new Set(
    [...fromEnvironment, ...text.split('\n')].map((line) => line.trim().toLowerCase()).filter((line) => line !== ''),
  )
}
