import { oneLine } from './text.ts'

/**
 * A GitHub account. People are keyed on host and numeric id, because a login can be renamed and taken by somebody else.
 */
export interface Account {
  id: number
  login: string
  type: AccountType
}

/** GitHub's account types; `Mannequin` is a placeholder that an import left for somebody, `Other` any other. */
export type AccountType = 'User' | 'Bot' | 'Organization' | 'Mannequin' | 'Other'

const ACCOUNT_TYPES = ['User', 'Bot', 'Organization', 'Mannequin'] as const

/** Parses GitHub's account type; without one the account is a person's. */
export function readAccountType(word: string | undefined): AccountType {
  return word === undefined ? 'User' : (ACCOUNT_TYPES.find((one) => one === word) ?? 'Other')
}

/** True for an account that may have a rig: a person, or a bot as an agent. */
export function takesPart({ type }: Pick<Account, 'type'>): boolean {
  return type === 'User' || type === 'Bot'
}

/** A participant. `hopUri` is `entity://<host>/<login>/<numeric id>` for the rigs that we register. */
export interface Rig {
  handle: string
  displayName: string
  hopUri: string | null
  trustLevel: number
  rigType: 'human' | 'agent' | 'hybrid'
  parentRig: string | null
  registeredAt: string | null
}

/** GitHub's own account that stands for deleted ones. */
export const GHOST_ID = 10137

/** GitHub's logins: old ones have hyphens anywhere, those of managed users an underscore. */
export const LOGIN = /^[a-z\d_-]{1,39}$/i

const HANDLE = /^[a-z0-9][a-z0-9_-]{0,63}$/

/** The host as hop_uri and opt-outs spell it. */
export function entityHost(host: string): string {
  return host === 'github.com' ? 'github' : host
}

export function entityUri(host: string, account: Pick<Account, 'id' | 'login'>): string {
  return `entity://${host}/${oneLine(account.login, 100)}/${account.id}`
}

/** The account of a rig of ours; undefined for a rig of `wl` or `gt`. */
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

/** The handle a person gets, and the fallback for when that is taken or no handle at all. */
export function handlesFor(account: Pick<Account, 'id' | 'login'>): [preferred: string | undefined, numbered: string] {
  const login = account.login.toLowerCase()
  const suffix = `-${account.id}`
  const stem = login
    .replace(/[^a-z0-9_-]/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 64 - suffix.length)
  return [HANDLE.test(login) ? login : undefined, `${stem === '' ? 'rig' : stem}${suffix}`]
}

/**
 * Author of commits that no rig made: the creation of the commons, an operator's command. The domain is reserved, so no
 * mailbox or account has the address.
 */
export const BRIDGE_AUTHOR = 'wasteland-bridge <bridge@wasteland-bridge.invalid>'

/** Author of a Dolt commit. GitHub's no-reply address: no private address is ever stored. */
export function commitAuthor(account: Pick<Account, 'id' | 'login'>): string {
  const login = oneLine(account.login, 100).replace(/[<>]/g, '')
  return `${login} <${account.id}+${login}@users.noreply.github.com>`
}

/** Value of the trailer `Sender:` of a Dolt commit: login and id of the account that caused it. */
export function commitSender({ login, id }: Pick<Account, 'id' | 'login'>): string {
  return `${login} ${id}`
}
