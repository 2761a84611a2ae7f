import type { AppIdentity, Client } from '../github/github.ts'
import type { RepositoryFacts, RepositoryName } from '../github/pull-requests.ts'
import { admit, type Admission, type AdmissionAnswer, readAdmitted } from './admission.ts'
import { DEFAULT_SETTINGS, type Settings } from './settings.ts'
import type { SettingsOf } from './settings-file.ts'

/** An admitted repository comes with the settings in force there. */
export type GateAnswer = { admission: Admission; settings: Settings } | Extract<AdmissionAnswer, { refused: string }>

/** Decides whether a repository's work may enter the ledger. */
export type Gate = (client: Client, name: RepositoryName, repository: RepositoryFacts) => Promise<GateAnswer>

export function createGate(
  identity: () => Promise<AppIdentity>,
  fromEnvironment: readonly string[],
  admittedFile: string,
  settingsOf: SettingsOf,
): Gate {
  return async (client, name, repository) => {
    const { ownerId } = await identity()
    const rules = { appOwnerId: ownerId, named: await readAdmitted(fromEnvironment, admittedFile) }
    const before = admit(rules, repository, DEFAULT_SETTINGS)
    // Of a repository that the operator does not admit, nothing is read and nothing is reported there.
    if ('refused' in before && before.refused !== 'private-keep') return before
    const settings = await settingsOf(client, name, repository.id)
    const answer = admit(rules, repository, settings)
    return 'refused' in answer ? answer : { ...answer, settings }
  }
}
