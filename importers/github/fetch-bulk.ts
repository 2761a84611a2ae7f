import { type GatheredStages, profileOf } from './assemble.ts'
import { NoSuchProfile, TooMuch } from './errors.ts'
import type { Asking, BulkResult } from './fetching.ts'
import { askEach, type Gathered, NOTHING, pageOf, within } from './gather.ts'
import { askIdentities, type Person } from './identity.ts'
import { BULK, SET } from './price.ts'
import { askPulls } from './pulls.ts'
import { REPOSITORIES } from './queries.ts'
import { askYears, lastYear } from './years.ts'

/** The number of languages, the most used first; all of them are many nodes. */
const LANGUAGES = 8

/**
 * The profiles of many people, in the order of the logins: one page of each connection, in sets of `SET`. A set is
 * fetched when the one before was taken, so memory does not grow. To resume, leave out the logins that came. Rejects as
 * `Github.query` does.
 */
export async function* fetchBulk(
  github: Asking,
  logins: readonly string[],
  fetching: { admits?: Admits; signal: AbortSignal },
): AsyncGenerator<BulkResult, void, undefined> {
  for (let start = 0; start < logins.length; start += SET)
    yield* await fetchSet(github, logins.slice(start, start + SET), fetching)
}

/** Called by numeric id as soon as it is known: false for a person who wants no import. */
export type Admits = (id: number) => Promise<boolean>

async function fetchSet(
  github: Asking,
  logins: readonly string[],
  { admits = async () => true, signal }: { admits?: Admits; signal: AbortSignal },
): Promise<BulkResult[]> {
  const asked = await askIdentities(github, logins, BULK.identity.size, signal)
  const found = await Promise.all(
    asked.map(async (one) => (one instanceof Error || (await admits(one.identity.id)) ? one : ('declined' as const))),
  )
  const people = found.flatMap((person) => (person instanceof Error || person === 'declined' ? [] : [person]))
  const gathered = await gatherAll(github, people, signal)
  const fetchedAt = new Date().toISOString()
  const { host, pages } = github
  return logins.map((login, index) => {
    const person = found[index]!
    if (person === 'declined') return { login, why: person }
    if (person instanceof Error) return { login, why: person instanceof NoSuchProfile ? person.why : 'unanswered' }
    return { login, profile: profileOf(gathered.get(person)!, { host, pages, tier: 'bulk', fetchedAt }) }
  })
}

async function gatherAll(
  github: Asking,
  people: readonly Person[],
  signal: AbortSignal,
): Promise<Map<Person, GatheredStages>> {
  const logins = people.map(({ identity }) => identity.login)
  const window = lastYear(new Date())
  const windows = logins.map((login) => ({ login, ...window }))
  const years = await askYears(github, windows, BULK.years.size, signal)
  const repositories = await askRepositories(github, logins, signal)
  const pulls = await askPulls(github, logins, BULK.pulls, signal)
  return new Map(
    people.map((person, index) => [
      person,
      {
        identity: { nodes: [person.node], whole: true },
        years: years[index]!,
        repositories: repositories[index]!,
        ...pulls[index]!,
      },
    ]),
  )
}

async function askRepositories(github: Asking, logins: readonly string[], signal: AbortSignal): Promise<Gathered[]> {
  const { size, first } = BULK.repositories
  const items = logins.map((login) => ({ login, first, after: null, languages: LANGUAGES }))
  const answers = await askEach(github, REPOSITORIES, items, size, signal)
  return answers.map((answer) => {
    const page = answer instanceof TooMuch ? undefined : pageOf(within(answer.data, 'user', 'repositories'))
    return page === undefined ? NOTHING : { nodes: page.nodes, whole: true }
  })
}
