import { accountByLogin } from '../access.ts'
import type { Clock } from '../clock.ts'
import type { Account, World } from '../world.ts'
import { CHARACTERS, characterNamed, QUIET, type Character } from './character.ts'
import { generated } from './generated.ts'
import { ODD } from './odd.ts'
import { unit } from './random.ts'

/** A test's description of a person; the rest follows from their character. */
export interface About {
  /** The name of a character of `profiles.json`: `prolific_maintainer`. */
  as?: string
  /** Differences from that character, or from an empty one. */
  character?: Partial<Character>
  id?: number
  kind?: Account['kind']
  name?: string | null
  bio?: string | null
  location?: string | null
  /** A private profile: no contributions, and search finds nothing of theirs. */
  isPrivate?: boolean
  /** A year of their contributions is too much for GitHub, half of one is not. */
  isHeavy?: boolean
  /** Suspended: GitHub knows no account of that login. */
  isGone?: boolean
}

/** A person as the API shows them. */
export interface Person extends Required<Omit<About, 'as' | 'isGone'>> {
  login: string
  character: Character
  createdAt: number
  /** Nothing of theirs is newer than this; in milliseconds since 1970, as is `createdAt`. */
  today: number
}

export interface People {
  /** Undefined for an unknown login, and for a person who was suspended, deleted or renamed. */
  byLogin(login: string): Person | undefined
  byId(id: number): Person | undefined
  numbered(n: number): Person
  /** The number of numbered people. */
  readonly count: number
  readonly today: number
  /** Descriptions of accounts, by their ids. */
  readonly told: ReadonlyMap<number, About>
  /** Sets the description of an account from now on. */
  tell(account: Account, about: About): void
}

export interface PeopleOptions {
  /** The number of numbered people, `person-000000` and up. Default 1,000. */
  count?: number
  /** The day before which all their activity was; default: the day on which this GitHub starts. */
  today?: string
}

export const YEAR = 365.25 * 86_400_000
const DAY = 86_400_000
const FIRST_KNOWN = 5_000_000
const FIRST_NUMBERED = 10_000_000
const STEP = 3

/** Made-up people by login: those of `profiles.json` (`prolific-maintainer`), and some of odd character. */
const KNOWN: [string, About][] = [
  ...Object.keys(CHARACTERS).map((as): [string, About] => [
    as === 'bot' ? 'bot[bot]' : as.replaceAll('_', '-'),
    { as, kind: as === 'bot' ? 'Bot' : 'User' },
  ]),
  ...Object.entries(ODD),
]

export function createPeople(
  world: { accounts: World['accounts']; clock: Clock },
  options: PeopleOptions = {},
  alreadyTold: ReadonlyMap<number, About> = new Map(),
): People {
  const count = options.count ?? 1000
  const started = options.today === undefined ? world.clock.now() : Date.parse(options.today)
  const today = Math.floor(started / DAY) * DAY
  const told = new Map(alreadyTold)
  const known = new Map(KNOWN.map(([login, about], at) => [login, { login, about, id: FIRST_KNOWN + at * STEP }]))
  const knownById = new Map([...known.values()].map((one) => [one.about.id ?? one.id, one]))

  const ofAccount = (account: Account) =>
    account.deleted
      ? undefined
      : person(today, account.login, account.id, {
          kind: account.kind,
          name: account.name,
          ...told.get(account.id),
          ...(told.get(account.id)?.as === undefined && { character: aged(account, today, told.get(account.id)) }),
        })
  const ofKnown = (one: { login: string; about: About; id: number } | undefined) =>
    one && person(today, one.login, one.about.id ?? one.id, one.about)
  const ofNumber = (n: number) => {
    const login = `person-${String(n).padStart(6, '0')}`
    return person(today, login, FIRST_NUMBERED + n * STEP, { character: generated(n), ...described(n) })!
  }
  const isNumbered = (n: number) => Number.isInteger(n) && n >= 0 && n < count

  return {
    count,
    today,
    told,
    numbered: ofNumber,
    tell(account, about) {
      if (about.as !== undefined) characterNamed(about.as)
      told.set(account.id, about)
    },
    byLogin(login) {
      const account = accountByLogin(world, login)
      if (account) return ofAccount(account)
      const n = Number(/^person-(\d{6,})$/.exec(login.toLowerCase())?.[1] ?? -1)
      return isNumbered(n) ? ofNumber(n) : ofKnown(known.get(login.toLowerCase()))
    },
    byId(id) {
      const account = world.accounts.get(id)
      if (account) return ofAccount(account)
      const n = (id - FIRST_NUMBERED) / STEP
      return isNumbered(n) ? ofNumber(n) : ofKnown(knownById.get(id))
    },
  }
}

/** An account of this GitHub without a described character is as old as it is. */
function aged(account: Account, today: number, about: About | undefined): Partial<Character> {
  return { ageYears: Math.max(0, today - Date.parse(account.createdAt)) / YEAR, ...about?.character }
}

function person(today: number, login: string, id: number, about: About): Person | undefined {
  if (about.isGone) return undefined
  const character = { ...(about.as === undefined ? QUIET : characterNamed(about.as)), ...about.character }
  return {
    id,
    login,
    kind: about.kind ?? 'User',
    name: about.name === undefined ? login : about.name,
    bio: about.bio ?? null,
    location: about.location ?? null,
    isPrivate: about.isPrivate ?? false,
    isHeavy: about.isHeavy ?? false,
    character,
    createdAt: today - character.ageYears * YEAR,
    today,
  }
}

function described(n: number): About {
  return {
    name: unit(n, 40) < 0.9 ? `Person ${n}` : null,
    bio: unit(n, 41) < 0.5 ? `Writes software since ${2000 + Math.floor(unit(n, 42) * 25)}. 🦀` : null,
    location: unit(n, 43) < 0.5 ? 'Reykjavík' : null,
  }
}
