import { schema } from '@octokit/graphql-schema'
import { buildClientSchema, type GraphQLSchema, type IntrospectionQuery, parse, validate } from 'graphql'

let loaded: GraphQLSchema | undefined

/** GitHub's public GraphQL schema. The package's own `validate` and its SDL fail: they name one field twice. */
export function githubGraphql(): GraphQLSchema {
  loaded ??= buildClientSchema(schema.json as unknown as IntrospectionQuery)
  return loaded
}

/** What is wrong with a query, as one text a fault. */
export function queryProblems(query: unknown): string[] {
  return validate(githubGraphql(), parse(String(query))).map((error) => error.message)
}
