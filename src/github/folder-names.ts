import type { InstallationRef } from '../domain/refs.ts'
import { clientOf, type Installations } from './client.ts'
import { z } from 'zod'
import { askGraphql, type GitHubAnswer } from './github-answer.ts'
import type { RepositoryName } from './pull-requests.ts'

/** The number of repositories in a query. */
const AT_ONCE = 20

const Tree = z.object({ entries: z.array(z.object({ name: z.string(), type: z.string() })).nullish() }).nullish()
const Folders = z.record(z.string(), z.record(z.string(), Tree).nullish())

/**
 * The paths of the files in some folders of the default branch, by repository in the order given; the folder `` is the
 * root. A missing folder has none. One query covers twenty repositories, none is about a single file.
 */
export async function listFiles(
  github: Installations,
  at: InstallationRef,
  names: readonly RepositoryName[],
  folders: readonly string[],
): Promise<GitHubAnswer<string[][]>> {
  const client = await clientOf(github, at)
  const all: string[][] = []
  for (let from = 0; from < names.length; from += AT_ONCE) {
    const some = names.slice(from, from + AT_ONCE)
    const answer = await askGraphql(client.graphql(questionOf(some.length, folders), variablesOf(some)), Folders)
    if ('refused' in answer) return answer
    all.push(...some.map((_, nth) => filesIn(answer.known[`r${nth}`] ?? {}, folders)))
  }
  return { known: all }
}

function filesIn(found: Record<string, z.output<typeof Tree>>, folders: readonly string[]): string[] {
  return folders.flatMap((folder, nth) =>
    (found[`f${nth}`]?.entries ?? [])
      .filter(({ type }) => type === 'blob')
      .map(({ name }) => (folder === '' ? name : `${folder}/${name}`)),
  )
}

/** Builds the query. `folders` are our own constants; names of strangers are passed as variables. */
export function questionOf(repositories: number, folders: readonly string[]): string {
  const each = Array.from({ length: repositories }, (_, nth) => nth)
  const fields = folders.map(
    (folder, nth) => `f${nth}: object(expression: "HEAD:${folder}") { ... on Tree { entries { name type } } }`,
  )
  return `query (${each.map((nth) => `$o${nth}: String!, $n${nth}: String!`).join(', ')}) {
    ${each.map((nth) => `r${nth}: repository(owner: $o${nth}, name: $n${nth}) { ${fields.join(' ')} }`).join('\n')}
  }`
}

function variablesOf(names: readonly RepositoryName[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap(({ owner, repo }, nth) => [
      [`o${nth}`, owner],
      [`n${nth}`, repo],
    ]),
  )
}
