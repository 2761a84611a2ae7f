import { oneLine } from './text.ts'

/** A GitHub account: people are keyed on host and numeric id, for a login can be renamed and taken by somebody else. */
export interface Account {
  id: number
  login: string
  type: AccountType
}

/** As GitHub calls it; `Mannequin` is what an import left for somebody, `Other` whatever else there may be. */
export type AccountType = 'User' | 'Bot' | 'Organization' | 'Mannequin' | 'Other'

const ACCOUNT_TYPES = ['User', 'Bot', 'Organization', 'Mannequin'] as const

/** Reads GitHub's word; where an answer leaves it out it is a person's. */
export function readAccountType(word: string | undefined): AccountType {
  return word === undefined ? 'User' : (ACCOUNT_TYPES.find((one) => one === word) ?? 'Other')
}

/** True of who may have a rig: a person, or a bot as an agent. */
export function takesPart({ type }: Pick<Account, 'type'>): boolean {
  return type === 'User' || type === 'Bot'
}

/** One participant. `hopUri` is `entity://<host>/<login>/<numeric id>` for the rigs that we register. */
export interface Rig {
  handle: string
  displayName: string
  hopUri: string | null
  trustLevel: number
  rigType: 'human' | 'agent' | 'hybrid'
  parentRig: string | null
  registeredAt: string | null
}

/** GitHub's own account for what a deleted one left. */
export const GHOST_ID = 10137

/** What GitHub lets a login be: old ones have hyphens anywhere, those of managed users an underscore. */
export const LOGIN = /^[a-z\d_-]{1,39}$/i

const HANDLE = /^[a-z0-9][a-z0-9_-]{0,63}$/

/** A host as hop_uri and opt-outs name it. */
export function entityHost(host: string): string {
  return host === 'github.com' ? 'github' : host
}

export function entityUri(host: string, account: Pick<Account, 'id' | 'login'>): string {
  return `entity://${host}/${oneLine(account.login, 100)}/${account.id}`
}

/** The account that a rig of ours stands for, or undefined for a rig of `wl` or `gt`. */
export function readEntityUri(uri: string | null): { host: string; login: string; id: number } | undefined {
  const match = uri === null ? null : /^entity:\/\/([^/\s]+)\/([^/\s]+)\/([1-9][0-9]{0,15})$/.exec(uri)
  if (match === null) return undefined
  return { host: match[1]!, login: match[2]!, id: Number(match[3]) }
}

/** True when a hop_uri is that of this account. */
export function isSamePerson(host: string, account: Pick<Account, 'id'>, uri: string | null): boolean {
  const entity = readEntityUri(uri)
  return entity !== undefined && entity.host === host && entity.id === account.id
}

/** The handle a person gets, and the one they get when that is taken or not a handle at all. */
export function handlesFor(account: Pick<Account, 'id' | 'login'>): [preferred: string | undefined, numbered: string] {
  const login = account.login.toLowerCase()
  const suffix = `-${account.id}`
  const stem = login
    .replace(/[^a-z0-9_-]/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 64 - suffix.length)
  return [HANDLE.test(login) ? login : undefined, `${stem === '' ? 'rig' : stem}${suffix}`]
}

/** What no rig did: creating the commons, an operator's command. A reserved name, that nobody's mailbox or account has. */
export const BRIDGE_AUTHOR = 'wasteland-bridge <bridge@wasteland-bridge.invalid>'

/** Author of a Dolt commit. GitHub's no-reply address: no private address is ever stored. */
export function commitAuthor(account: Pick<Account, 'id' | 'login'>): string {
  const login = oneLine(account.login, 100).replace(/[<>]/g, '')
  return `${login} <${account.id}+${login}@users.noreply.github.com>`
}
