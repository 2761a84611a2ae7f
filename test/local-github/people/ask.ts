import { readFileSync } from 'node:fs'
import { Kind, parse, print, type DocumentNode } from 'graphql'
import { afterEach } from 'vitest'
import { startLocalGitHub, type LocalGitHub, type LocalGitHubOptions } from '../../../local-github/local-github.ts'

// oxlint-disable-next-line typescript/no-explicit-any -- GitHub's JSON
type Json = any

const running: LocalGitHub[] = []
afterEach(async () => {
  for (const gh of running.splice(0)) await gh.close()
})

/** A local GitHub of made-up people as of one day, asked by somebody who imports. */
export async function startPeople(options: LocalGitHubOptions = {}) {
  const gh = await startLocalGitHub({ ...options, people: { today: '2026-11-01', ...options.people } })
  running.push(gh)
  const { token } = gh.user('importer')
  const send = (body: object, by: string = token) =>
    fetch(`${gh.url}/api/graphql`, {
      method: 'POST',
      headers: { authorization: `bearer ${by}` },
      body: JSON.stringify(body),
    })
  const ask = async (query: string, variables: object = {}, by?: string): Promise<Json> =>
    (await send({ query, variables }, by)).json()
  return { gh, token, send, ask }
}

const document: DocumentNode = parse(readFileSync(new URL('queries.graphql', import.meta.url), 'utf8'))
const fragments = new Map(
  document.definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each]] : [])),
)
export const QUERY_NAMES = document.definitions.flatMap((each) =>
  each.kind === Kind.OPERATION_DEFINITION ? [each.name!.value] : [],
)

/** Text with the fragments that it spreads, straight or through others. */
function withFragments(text: string): string {
  const used = new Set<string>()
  const collect = (part: string) => {
    for (const [, name = ''] of part.matchAll(/\.\.\.\s*(?!on\b)(\w+)/g)) {
      if (used.has(name)) continue
      used.add(name)
      collect(print(fragments.get(name)!))
    }
  }
  collect(text)
  return [text, ...[...used].map((name) => print(fragments.get(name)!))].join('\n')
}

/** A query of `queries.graphql`. */
export function queryNamed(name: string): string {
  return withFragments(
    print(document.definitions.find((each) => each.kind === Kind.OPERATION_DEFINITION && each.name?.value === name)!),
  )
}

/** The same for many under aliases, with what each costs together. */
export function aliased(logins: string[], one: (login: string) => string): string {
  const fields = logins.map((login, at) => `a${at}: ${one(login)}`)
  return withFragments(`{ rateLimit { cost nodeCount } ${fields.join('\n')} }`)
}
