import type { RepositoryRef } from '../domain/refs.ts'
import { isDeepStrictEqual } from 'node:util'
import type { Refusal } from '../github/github-answer.ts'
import type { AppIdentity } from '../github/github.ts'
import type { RepositoryFacts } from '../github/pull-requests.ts'
import { admit, type Admission, type AdmissionAnswer } from './admission.ts'
import { type AdmittedNames, unseenNames } from './admitted-names.ts'
import { DEFAULT_SETTINGS, type Settings } from './settings.ts'
import type { SettingsOf } from './settings-file.ts'

/**
 * The result: admitted, with the settings in force, or refused. `unread`: a private one is kept for now, because GitHub
 * refuses the file that may say otherwise; nothing is undone for that.
 */
export type AdmissionCheck =
  | { admission: Admission; settings: Settings }
  | (Extract<AdmissionAnswer, { refused: string }> & { unread?: Refusal })

/** Decides whether a repository's work may enter the ledger. */
export type CheckAdmission = (at: RepositoryRef, repository: RepositoryFacts) => Promise<AdmissionCheck>

/** The admission check of one repository, by what GitHub says of it. */
export type RepositoryAdmission = (repository: RepositoryFacts) => Promise<AdmissionCheck>

/** Asks once, and again only where GitHub says something else of the repository by then. Made anew for each command. */
export function admissionOf(checkAdmission: CheckAdmission, at: RepositoryRef): RepositoryAdmission {
  let last: { of: RepositoryFacts; answer: Promise<AdmissionCheck> } | undefined
  return (repository) => {
    if (!isDeepStrictEqual(last?.of, repository)) last = { of: repository, answer: checkAdmission(at, repository) }
    return last!.answer
  }
}

interface AdmissionLog {
  warn(fields: object, message: string): void
}

export function createAdmissionCheck(
  identity: () => Promise<AppIdentity>,
  names: AdmittedNames,
  settingsOf: SettingsOf,
  log?: AdmissionLog,
): CheckAdmission {
  const warned = new Set<string>()
  const warn = ({ id, fullName, ownerId }: RepositoryFacts) => {
    if (warned.has(`${fullName} ${id}`) || log === undefined) return
    warned.add(`${fullName} ${id}`)
    log.warn(
      { repository: fullName, repositoryId: id, ownerId },
      'admission: a name that was admitted means another account or repository now, and is refused',
    )
  }
  return async (at, repository) => {
    const { ownerId } = await identity()
    const first = { appOwnerId: ownerId, named: await names.read() }
    const unseen = unseenNames(first.named, repository)
    for (const one of unseen) {
      const repositoryId = one.includes('/') ? repository.id : undefined
      await names.learn(one, { ownerId: repository.ownerId, repositoryId })
    }
    const rules = unseen.length === 0 ? first : { appOwnerId: ownerId, named: await meanings(names, unseen) }
    const before = admit(rules, repository, DEFAULT_SETTINGS)
    if ('refused' in before && before.refused === 'name-moved') warn(repository)
    // In a repository that the operator does not admit, nothing is read and nothing is reported.
    if ('refused' in before && before.refused !== 'private-keep') return before
    const settings = await settingsOf(at, repository.id)
    const answer = admit(rules, repository, settings)
    if (!('refused' in answer)) return { ...answer, settings }
    return { ...answer, ...(settings.refused !== undefined && { unread: settings.refused.refusal }) }
  }
}

/** A name whose ids could not be found matches no repository. */
async function meanings(names: AdmittedNames, unseen: readonly string[]) {
  const named = await names.read()
  for (const name of unseen) if (named.get(name) === undefined) named.set(name, { ownerId: 0 })
  return named
}
