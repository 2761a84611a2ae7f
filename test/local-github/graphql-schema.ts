import { parse, validate } from 'graphql'
import { githubSchema } from '../../local-github/graphql/schema.ts'

/** The same few queries are sent all the time, with other variables. */
const known = new Map<string, string[]>()

/** What is wrong with a query in GitHub's published schema, as one text a fault. */
export function queryProblems(query: unknown): string[] {
  const text = String(query)
  const problems = known.get(text) ?? validate(githubSchema(), parse(text)).map((error) => error.message)
  known.set(text, problems)
  return problems
}
