import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { dirname, join } from 'node:path'
import { buildSchema, type GraphQLSchema } from 'graphql'

let built: GraphQLSchema | undefined

/**
 * GitHub's published schema, built lazily: that takes half a second. Its text names one field twice, which a check
 * would refuse; the package's JSON is of an older schema.
 */
export function githubSchema(): GraphQLSchema {
  if (built) return built
  // That one file by path: importing the package reads the JSON too.
  const file = join(dirname(findPackageJSON('@octokit/graphql-schema', import.meta.url)!), 'schema.graphql')
  built = buildSchema(readFileSync(file, 'utf8'), { assumeValid: true, assumeValidSDL: true, noLocation: true })
  return built
}
