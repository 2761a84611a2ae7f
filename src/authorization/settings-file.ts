import { reportCheck } from '../github/check-runs.ts'
import type { AppIdentity, Client } from '../github/github.ts'
import type { RepositoryName } from '../github/pull-requests.ts'
import { GitHubRefused } from '../github/errors.ts'
import { findRepository, lastChangeOf, readFile, type RepositoryFile } from '../github/repositories.ts'
import { findSettings, keepSettings, type KeptSettings } from '../operations/kept-settings.ts'
import type { OperationsStore } from '../operations/store.ts'
import { brokenSettings, mendedSettings, SETTINGS_CHECK } from '../replies/settings-check.ts'
import type { Memory } from './memory.ts'
import {
  type Given,
  mergeSettings,
  readSettings,
  type Settings,
  SETTINGS_FILE,
  type SettingsFault,
} from './settings.ts'

/** The settings in force in a repository. */
export type SettingsOf = (client: Client, name: RepositoryName, repositoryId: number) => Promise<Settings>

export interface SettingsRooms {
  host: string
  store: OperationsStore
  memory: Memory
  identity(): Promise<AppIdentity>
}

interface Place {
  client: Client
  name: RepositoryName
  id: number
}

/** Where an owner keeps what holds for all their repositories, below `.github/` there too. */
export const DEFAULTS_REPOSITORY = '.github'

/**
 * Reads `.github/wasteland.yml` of the default branch over the owner's default, at most once a minute.
 *
 * A file is good, broken or missing. A broken one is reported by a check run on the commit that changed it, once,
 * and the last good one stays in force, which never publishes; a mended one is reported as such. What we saw last
 * is noted after the report, so that a crash between the two repeats it, which changes nothing.
 */
export function createSettingsReader(rooms: SettingsRooms): SettingsOf {
  const { memory } = rooms
  const given = (place: Place) => memory.recall(place.id, SETTINGS_FILE, () => inForce(rooms, place))
  return async (client, name, repositoryId) => {
    const own = await given({ client, name, id: repositoryId })
    if (name.repo.toLowerCase() === DEFAULTS_REPOSITORY) return mergeSettings({}, own)
    const home = { owner: name.owner, repo: DEFAULTS_REPOSITORY }
    const standard = await memory.recall(`${home.owner.toLowerCase()}/`, SETTINGS_FILE, async () => {
      const repository = await ifVisible(findRepository(client, home))
      return repository && given({ client, name: home, id: repository.id })
    })
    return mergeSettings(standard ?? {}, own)
  }
}

/** The owner's `.github` may be another installation's, or nobody's. */
async function ifVisible<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof GitHubRefused) return undefined
    throw error
  }
}

async function inForce(rooms: SettingsRooms, place: Place): Promise<Given> {
  const { host, store } = rooms
  const file = await ifVisible(readFile(place.client, place.name, SETTINGS_FILE))
  const seen = await findSettings(store, host, place.id)
  const read = file === undefined ? { given: {} } : await readText(file)
  if ('fault' in read) return whileBroken(rooms, place, file!, read.fault, seen)
  if (seen?.broken === true) await report(rooms, place, { conclusion: 'success', ...mendedSettings })
  if (file === undefined ? seen !== undefined : seen?.sha !== file.sha) {
    await keepSettings(store, host, place.id, file && { sha: file.sha, broken: false, good: file.text! })
  }
  return read.given
}

async function readText({ text }: RepositoryFile): ReturnType<typeof readSettings> {
  return text === undefined ? { fault: { line: 1, reason: 'it is no plain file, or too large' } } : readSettings(text)
}

async function whileBroken(
  rooms: SettingsRooms,
  place: Place,
  { sha }: RepositoryFile,
  fault: SettingsFault,
  seen: KeptSettings | undefined,
): Promise<Given> {
  const good = seen?.good ?? null
  if (seen?.sha !== sha || !seen.broken) {
    const { title, summary, message } = brokenSettings(SETTINGS_FILE, fault, good !== null)
    const annotation = { path: SETTINGS_FILE, line: fault.line, message }
    await report(rooms, place, { conclusion: 'failure', title, summary, annotation })
    await keepSettings(rooms.store, rooms.host, place.id, { sha, broken: true, good })
  }
  const last = good === null ? undefined : await readSettings(good)
  // A version since then may have dropped a key that was good.
  return last !== undefined && 'given' in last ? { ...last.given, private: 'keep' } : {}
}

async function report(
  { identity }: SettingsRooms,
  { client, name }: Place,
  check: Omit<Parameters<typeof reportCheck>[3], 'name' | 'sha'>,
) {
  const sha = await ifVisible(lastChangeOf(client, name, SETTINGS_FILE))
  if (sha === undefined) return
  await reportCheck(client, name, (await identity()).id, { name: SETTINGS_CHECK, sha, ...check })
}
