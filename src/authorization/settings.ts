import { z } from 'zod'
import type { Account } from '../domain/rig.ts'
import { lineOf } from '../domain/yaml.ts'
import type { Refusal } from '../github/github-answer.ts'
import { readYaml } from '../ops/text-reader.ts'
import { unusable } from '../replies/settings-check.ts'
import { SETTINGS_FILE, SettingsFile, paths, STANDARD_BOTS } from './settings-schema.ts'

/**
 * Paths that people take for the settings file's: `.yaml`, another case, the root, a hidden file. GitHub's paths are
 * case-sensitive.
 */
const NEAR = /^(?:\.github\/|docs\/)?\.?wasteland\.ya?ml$/i

export function isNearSettings(path: string): boolean {
  return path !== SETTINGS_FILE && NEAR.test(path)
}

const MAX_CHARACTERS = 16_384
/**
 * An account that settings name: the numeric id that its login meant when it was listed; undefined means nobody.
 * `whoever` matches the login alone, and only our own defaults use it.
 */
const NamedAccount = z.object({ login: z.string(), id: z.union([z.number(), z.literal('whoever')]).optional() })
export type NamedAccount = z.output<typeof NamedAccount>

const accounts = () => z.array(NamedAccount)
/** The same keys with accounts in the place of logins. */
const SettingsInForce = SettingsFile.extend({
  stampers: SettingsFile.shape.stampers
    .unwrap()
    .extend({ users: accounts().default([]), paths: paths(accounts()).default({}) })
    .prefault({}),
  ignore: accounts().default(STANDARD_BOTS.map((login) => ({ login, id: 'whoever' }))),
  agents: accounts().default([]),
})

/** The settings in force in a repository. */
export type Settings = z.output<typeof SettingsInForce> & {
  /** The stampers of the organization's default, where a repository's own file names others: both hold. */
  organizationStampers?: z.output<typeof SettingsInForce>['stampers']
  refused?: RefusedFile
}

/**
 * A settings file that GitHub refuses. `nothing`: no good version is known, so neither is who may stamp and what a
 * stamp needs.
 */
export interface RefusedFile {
  refusal: Refusal
  inForce: 'last good' | 'nothing'
}

/** True where GitHub refuses settings and no version of them is known: these are not the defaults. */
export function isUnread({ refused }: Pick<Settings, 'refused'>): boolean {
  return refused?.inForce === 'nothing'
}

/** The content of one file, without the defaults: its logins as they stand there, or as `NamedAccount`. */
export type SettingsInput = Readonly<Record<string, unknown>>

/** A fault of a file. The reason may repeat the file's words. */
export interface SettingsFault {
  /** From 1. */
  line: number
  reason: string
}

export const DEFAULT_SETTINGS: Settings = SettingsInForce.parse({})

/** Parses the file's text. Any fault makes the whole file invalid. */
export async function readSettings(text: string): Promise<{ given: SettingsInput } | { fault: SettingsFault }> {
  if (text.length > MAX_CHARACTERS) return broken(1, unusable.tooLong(MAX_CHARACTERS))
  const yaml = await readYaml(text)
  if (yaml === undefined) return broken(1, unusable.tooSlow)
  if ('fault' in yaml) return yaml
  const written = yaml.value ?? {}
  const twice = OLD_NAMES.find(([old, name]) => isPlain(written) && old in written && name in written)
  if (twice !== undefined) {
    const [old, name] = twice
    return broken(lineOf(yaml.lines, [old]), unusable.twoNames(old, name))
  }
  const value = withNewNames(written)
  const read = SettingsFile.safeParse(value)
  if (read.success) return { given: value as SettingsInput }
  const issue = read.error.issues[0]!
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
  const path = asWritten(issue.path, written)
  const at = path.length === 0 ? '' : `${path.join('.')}: `
  return broken(lineOf(yaml.lines, [...path, ...unknown]), at + issue.message)
}

/** Keys that were renamed. The old name is still read, here and nowhere else. */
const OLD_NAMES: readonly (readonly [old: string, name: string])[] = [['press', 'stamp-on']]

function withNewNames(written: unknown): unknown {
  if (!isPlain(written)) return written
  const names = new Map(OLD_NAMES)
  return Object.fromEntries(Object.entries(written).map(([key, value]) => [names.get(key) ?? key, value]))
}

/** The path of a fault, by the names that the file uses. */
function asWritten(path: readonly PropertyKey[], written: unknown): PropertyKey[] {
  const old = OLD_NAMES.find(([from, name]) => name === path[0] && isPlain(written) && from in written)?.[0]
  return old === undefined ? [...path] : [old, ...path.slice(1)]
}

function broken(line: number, reason: string): { fault: SettingsFault } {
  return { fault: { line, reason } }
}

/**
 * Merges the organization's settings with a repository's own, which take precedence, also below `labels`, `stampers`,
 * `claims`, `gates` and `trailers`. Narrowing adds up: an empty list, or a gate that is off, takes back no narrowing.
 */
export function mergeSettings(organization: SettingsInput, own: SettingsInput): Settings {
  // `private` is not inherited: nobody decides for all private repositories at once whether to publish.
  const { private: _, ...standard } = organization
  const merged: Record<string, unknown> = { ...standard, ...own }
  for (const [key, value] of Object.entries(own)) {
    if (isPlain(value) && isPlain(standard[key])) merged[key] = { ...standard[key], ...value }
  }
  const settings = SettingsInForce.parse(merged)
  const [theirs, ours] = [SettingsInForce.parse(standard), SettingsInForce.parse(own)]
  return {
    ...settings,
    gates: {
      ...settings.gates,
      checks: theirs.gates.checks || ours.gates.checks,
      approvals: Math.max(theirs.gates.approvals, ours.gates.approvals),
      changes: theirs.gates.changes || ours.gates.changes,
    },
    ...(isPlain(standard['stampers']) && isPlain(own['stampers']) && { organizationStampers: theirs.stampers }),
  }
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The logins of a file, in lower case, each once, the stampers first. */
export function loginsOf(given: SettingsInput): string[] {
  const found: string[] = []
  mapLogins(given, (login) => found.push(login.toLowerCase()))
  return [...new Set(found)]
}

/** The same file with accounts in the place of logins; `ids` is by login in lower case. */
export function withAccounts(given: SettingsInput, ids: ReadonlyMap<string, number>): SettingsInput {
  return mapLogins(given, (login): NamedAccount => ({ login, id: ids.get(login.toLowerCase()) }))
}

/** Replaces each login by the result of `map`. The file was read, so its keys have their shapes. */
function mapLogins(given: SettingsInput, map: (login: string) => unknown): SettingsInput {
  const { ignore, agents, stampers } = given as Partial<z.input<typeof SettingsFile>>
  const each = (logins: readonly string[] | undefined) => logins?.map(map)
  const users = each(stampers?.users)
  const folders = Object.entries(stampers?.paths ?? {}).map(([folder, { users: theirs, ...rest }]) => [
    folder,
    { ...rest, ...(theirs !== undefined && { users: each(theirs) }) },
  ])
  const narrowing = {
    ...stampers,
    ...(users !== undefined && { users }),
    ...(stampers?.paths !== undefined && { paths: Object.fromEntries(folders) }),
  }
  return {
    ...given,
    ...(stampers !== undefined && { stampers: narrowing }),
    ...(ignore !== undefined && { ignore: each(ignore) }),
    ...(agents !== undefined && { agents: each(agents) }),
  }
}

/** Whether a list of settings names this account. A login alone is no match: somebody else may have taken it. */
export function lists(accounts: readonly NamedAccount[], { id, login }: Pick<Account, 'id' | 'login'>): boolean {
  return accounts.some((one) => (one.id === 'whoever' ? isLogin(one, login) : one.id === id))
}

/** Whether a list has this account's login, but means another account by it, or nobody. */
export function listsLoginOfAnother(
  accounts: readonly NamedAccount[],
  account: Pick<Account, 'id' | 'login'>,
): boolean {
  return !lists(accounts, account) && accounts.some((one) => isLogin(one, account.login))
}

function isLogin(one: NamedAccount, login: string): boolean {
  return one.login.toLowerCase() === login.toLowerCase()
}
