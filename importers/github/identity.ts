import { LOGIN } from '../../src/domain/rig.ts'
import type { Answer } from './answers.ts'
import { NoSuchProfile, TooMuch } from './errors.ts'
import type { Asking } from './fetching.ts'
import { askEach, within } from './gather.ts'
import { type Identity, IdentityShape, isBot } from './normalise.ts'
import { IDENTITY } from './queries.ts'

/** A person's present identity: GitHub's node, and its parsed fields. */
export interface Person {
  node: unknown
  identity: Identity
}

/** In the order of the logins: a person, or why there is none (NoSuchProfile; TooMuch: GitHub did not answer). */
export async function askIdentities(
  github: Asking,
  logins: readonly string[],
  size: number,
  signal: AbortSignal,
): Promise<(Person | NoSuchProfile | TooMuch)[]> {
  const items = logins.filter(isAskable).map((login) => ({ login }))
  const answers = await askEach(github, IDENTITY, items, size, signal)
  return logins.map((login) => {
    if (isBot({ login })) return new NoSuchProfile(login, 'bot', github.host)
    if (!isAskable(login)) return new NoSuchProfile(login, 'missing', github.host)
    const answer = answers.shift()!
    return answer instanceof TooMuch ? answer : personIn(answer, login, github.host)
  })
}

function isAskable(login: string): boolean {
  return LOGIN.test(login)
}

function personIn({ data, faults }: Answer, login: string, host: string): Person | NoSuchProfile {
  const identity = IdentityShape.safeParse(data['user']).data
  if (identity !== undefined) return { node: data['user'], identity }
  if (within(data['owner'], '__typename') === 'Organization') return new NoSuchProfile(login, 'organization', host)
  const isHidden = faults.some(({ path, type }) => path[0] === 'user' && type !== 'NOT_FOUND')
  return new NoSuchProfile(login, isHidden || data['user'] != null ? 'private' : 'missing', host)
}

/**
 * The identity of one person. With `expectId`, their known numeric id: a login that they gave up is followed to their
 * present one; one that another person took ends the import.
 */
export async function askPerson(
  github: Asking,
  login: string,
  expectId: number | undefined,
  signal: AbortSignal,
): Promise<Person> {
  const [found] = await askIdentities(github, [login], 1, signal)
  if (found instanceof NoSuchProfile && found.why === 'missing' && expectId !== undefined) {
    const renamed = await github.loginOf(expectId, signal)
    if (renamed !== undefined && renamed.toLowerCase() !== login.toLowerCase())
      return askPerson(github, renamed, expectId, signal)
  }
  if (found instanceof Error) throw found
  if (expectId !== undefined && found!.identity.id !== expectId) throw new NoSuchProfile(login, 'taken', github.host)
  return found!
}
