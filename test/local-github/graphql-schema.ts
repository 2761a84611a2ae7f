import { parse, validate } from 'graphql'
import { githubSchema } from '../../local-github/graphql/schema.ts'

/** What is wrong with a query in GitHub's published schema, as one text a fault. */
export function queryProblems(query: unknown): string[] {
  return validate(githubSchema(), parse(String(query))).map((error) => error.message)
}
