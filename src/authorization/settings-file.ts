import type { Installations } from '../github/client.ts'
import type { KnownRepository, RepositoryRef } from '../domain/refs.ts'
import type { WrongLogin } from '../domain/wrong-login.ts'
import { ask } from '../github/github-answer.ts'
import { reportCheck } from '../github/check-runs.ts'
import type { AppIdentity } from '../github/github.ts'
import { findRepository, getAccount, lastChangeOf, readFile, type RepositoryFile } from '../github/repositories.ts'
import { findSettings, keepSettings, type KeptSettings } from '../operations/tables/kept-settings.ts'
import { findListedAccounts, keepListedAccounts } from '../operations/tables/settings-accounts.ts'
import { brokenSettings, mendedSettings, SETTINGS_CHECK, unusable, wrongLogins } from '../replies/settings-check.ts'
import type { PermissionCache } from './permission-cache.ts'
import { resolveLogins } from './settings-accounts.ts'
import {
  type SettingsInput,
  type RefusedFile,
  loginsOf,
  mergeSettings,
  readSettings,
  type Settings,
  type SettingsFault,
  withAccounts,
} from './settings.ts'
import type { OperationsStore } from '../operations/schema.ts'
import { SETTINGS_FILE } from './settings-schema.ts'

/** Reads the settings in force in a repository. */
export type SettingsOf = (at: RepositoryRef, repositoryId: number) => Promise<Settings>

export interface SettingsDeps extends Installations {
  host: string
  store: OperationsStore
  cache: PermissionCache
  identity(): Promise<AppIdentity>
}

/** The repository in which an owner keeps the settings for all their repositories, below `.github/` there too. */
export const DEFAULTS_REPOSITORY = '.github'

/**
 * Reads `.github/wasteland.yml` of the default branch over the owner's default, cached for a minute.
 *
 * A file is good, broken, missing or refused. A file that GitHub refuses to show still exists: the last good version
 * holds, which never publishes; where there is none the settings are unread, and unread settings are not the defaults.
 * A broken file is reported once, by a check run on the commit that changed it, and the last good version stays in
 * force, which never publishes; a mended file is reported likewise. The state is stored after the report, so that a
 * crash between the two repeats the report, which is idempotent. Logins mean the accounts that had them when they were
 * listed; the same check run reports logins that mean nobody, or whose account was renamed.
 */
export function createSettingsReader(deps: SettingsDeps): SettingsOf {
  const { cache } = deps
  const given = (place: KnownRepository) => cache.getOrFetch(place.id, SETTINGS_FILE, () => inForce(deps, place))
  return async (at, repositoryId) => {
    const own = await given({ ...at, id: repositoryId })
    if (at.repo.toLowerCase() === DEFAULTS_REPOSITORY) return settingsFrom(NOTHING_SAID, own)
    const home = { installation: at.installation, owner: at.owner, repo: DEFAULTS_REPOSITORY }
    const standard = await cache.getOrFetch(`${home.owner.toLowerCase()}/`, SETTINGS_FILE, async () => {
      // The owner's `.github` may be another installation's, or nobody's.
      const repository = await ask(findRepository(deps, home))
      if ('refused' in repository) return unread(repository.refused)
      if (repository.known === undefined) return NOTHING_SAID
      return given({ ...home, id: repository.known.id })
    })
    return settingsFrom(standard, own)
  }
}

interface InForce {
  given: SettingsInput
  refused?: RefusedFile
}

const NOTHING_SAID: InForce = { given: {} }

function unread(refusal: RefusedFile['refusal']): InForce {
  return { given: { private: 'keep' }, refused: { refusal, inForce: 'nothing' } }
}

function settingsFrom(standard: InForce, own: InForce): Settings {
  const both = [own.refused, standard.refused].filter((one) => one !== undefined)
  const refused = both.find(({ inForce }) => inForce === 'nothing') ?? both[0]
  return { ...mergeSettings(standard.given, own.given), ...(refused !== undefined && { refused }) }
}

async function inForce(deps: SettingsDeps, place: KnownRepository): Promise<InForce> {
  const { host, store } = deps
  const seen = await findSettings(store, host, place.id)
  const answer = await ask(readFile(deps, place, SETTINGS_FILE))
  if ('refused' in answer) {
    const last = await lastGood(deps, place, seen?.good ?? null)
    if (last === undefined) return unread(answer.refused)
    return { given: last, refused: { refusal: answer.refused, inForce: 'last good' } }
  }
  const file = answer.known
  const read = file === undefined ? { given: {} } : await readText(file)
  if ('fault' in read) return { given: await whileBroken(deps, place, file!, read.fault, seen) }
  const isNew = file === undefined ? seen !== undefined : seen?.sha !== file.sha
  // A 404 may come from one lagging replica of GitHub's: learned accounts are kept until the file is read again.
  const { given, wrong, isLearned } =
    file === undefined ? NOTHING_LISTED : await resolve(deps, place, read.given, isNew)
  if (wrong.length > 0 && (isNew || isLearned))
    await report(deps, place, { conclusion: 'failure', ...wrongLogins(SETTINGS_FILE, wrong) })
  else if (seen?.broken === true) await report(deps, place, { conclusion: 'success', ...mendedSettings })
  // A file that an older version could not read has the same hash, and is mended all the same.
  if (isNew || seen?.broken === true)
    await keepSettings(store, host, place.id, file && { sha: file.sha, broken: false, good: file.text! })
  return { given }
}

const NOTHING_LISTED = { given: {}, wrong: [], isLearned: false }

/**
 * The file with the accounts that its logins mean. Learned accounts are stored before they are reported, and before
 * they count.
 */
async function resolve(
  deps: SettingsDeps,
  place: KnownRepository,
  text: SettingsInput,
  again: boolean,
): Promise<{ given: SettingsInput; wrong: WrongLogin[]; isLearned: boolean }> {
  const { host, store } = deps
  const { id } = place
  const listed = loginsOf(text)
  const known = await findListedAccounts(store, host, id)
  const ask = (login: string) => getAccount(deps, place, login)
  const { learned, gone, wrong } = await resolveLogins(listed, known, ask, { again })
  const isLearned = learned.size > 0
  if (isLearned || gone.length > 0) await keepListedAccounts(store, host, id, { learned, gone })
  const ids = new Map<string, number>()
  // Another replica may have learned it first.
  for (const [login, account] of isLearned ? await findListedAccounts(store, host, id) : known)
    if (account !== null) ids.set(login, account)
  return { given: withAccounts(text, ids), wrong, isLearned }
}

async function readText({ text }: RepositoryFile): ReturnType<typeof readSettings> {
  return text === undefined ? { fault: { line: 1, reason: unusable.noPlainFile } } : readSettings(text)
}

async function whileBroken(
  deps: SettingsDeps,
  place: KnownRepository,
  { sha }: RepositoryFile,
  fault: SettingsFault,
  seen: KeptSettings | undefined,
): Promise<SettingsInput> {
  const good = seen?.good ?? null
  if (seen?.sha !== sha || !seen.broken) {
    const { title, summary, message } = brokenSettings(SETTINGS_FILE, fault, good !== null)
    const annotation = { path: SETTINGS_FILE, line: fault.line, message }
    await report(deps, place, { conclusion: 'failure', title, summary, annotation })
    await keepSettings(deps.store, deps.host, place.id, { sha, broken: true, good })
  }
  return (await lastGood(deps, place, good)) ?? {}
}

/**
 * The last good version; undefined where there is none. It never publishes: only a file that is read now can say so.
 */
async function lastGood(
  deps: SettingsDeps,
  place: KnownRepository,
  good: string | null,
): Promise<SettingsInput | undefined> {
  const last = good === null ? undefined : await readSettings(good)
  // A version since then may have dropped a key that was good.
  if (last === undefined || 'fault' in last) return undefined
  const { given } = await resolve(deps, place, last.given, false)
  return { ...given, private: 'keep' }
}

async function report(
  deps: SettingsDeps,
  place: KnownRepository,
  check: Omit<Parameters<typeof reportCheck>[3], 'name' | 'sha'>,
) {
  const answer = await ask(lastChangeOf(deps, place, SETTINGS_FILE))
  if ('refused' in answer || answer.known === undefined) return
  await reportCheck(deps, place, (await deps.identity()).id, { name: SETTINGS_CHECK, sha: answer.known, ...check })
}
