import type { Account } from '../domain/rig.ts'
import type { WrongLogin } from '../domain/wrong-login.ts'
import { ask as askGitHub } from '../github/github-answer.ts'
import type { ListedAccounts } from '../operations/tables/settings-accounts.ts'

/*
 * A settings file names people by login, and a login can become another account's. So each login means the account that
 * had it when it was listed, for as long as the entry stands; taken out and added again, it means the account that has
 * it then.
 */

/** The number of accounts that one file may name; each costs a request. */
export const MOST_ACCOUNTS = 100
const AT_ONCE = 10

export interface Resolved {
  /** Accounts of logins that were not known yet; null where nobody has one. */
  learned: ListedAccounts
  /** Known logins that are not listed any more. */
  gone: string[]
  wrong: WrongLogin[]
}

type AccountLookup = (login: string) => Promise<Account | undefined>

/**
 * Resolves those logins of a file that are not known yet; with `again` checks also that the known ones still belong to
 * the same account. Rejects as `ask` does when GitHub cannot answer now.
 */
export async function resolveLogins(
  listed: readonly string[],
  known: ListedAccounts,
  ask: AccountLookup,
  { again }: { again: boolean },
): Promise<Resolved> {
  // An added entry never displaces one that counts already.
  const ordered = [...listed.filter((login) => known.has(login)), ...listed.filter((login) => !known.has(login))]
  const learned = new Map<string, number | null>()
  const judge = async (login: string): Promise<WrongLogin | undefined> => {
    const from = known.get(login)
    if (from === null) return { login, is: 'unknown' }
    if (from !== undefined && !again) return undefined
    const answer = await askGitHub(ask(login))
    if ('refused' in answer) return from === undefined ? { login, is: 'untold' } : undefined
    const account = answer.known
    if (from !== undefined) return account?.id === from ? undefined : { login, is: 'moved', from, to: account?.id }
    learned.set(login, account?.id ?? null)
    return account === undefined ? { login, is: 'unknown' } : undefined
  }
  const wrong: (WrongLogin | undefined)[] = []
  const counted = ordered.slice(0, MOST_ACCOUNTS)
  for (let n = 0; n < counted.length; n += AT_ONCE)
    wrong.push(...(await Promise.all(counted.slice(n, n + AT_ONCE).map(judge))))
  const beyond = ordered.slice(MOST_ACCOUNTS).map((login) => ({ login, is: 'too-many' as const, most: MOST_ACCOUNTS }))
  const stays = new Set(listed)
  return {
    learned,
    gone: [...known.keys()].filter((login) => !stays.has(login)),
    wrong: [...wrong.filter((one) => one !== undefined), ...beyond],
  }
}
