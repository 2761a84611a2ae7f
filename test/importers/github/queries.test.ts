import { globSync, readFileSync } from 'node:fs'
import { schema, validate } from '@octokit/graphql-schema'
import {
  type ArgumentNode,
  type ASTNode,
  buildSchema,
  getNamedType,
  Kind,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import { describe, expect, it, test } from 'vitest'
import { BULK, pointsOf, priceOf } from '../../../importers/github/price.ts'
import * as queries from '../../../importers/github/queries.ts'

const FOLDER = new URL('../../../importers/github/queries/', import.meta.url).pathname
const FILES = globSync('*.graphql', { cwd: FOLDER })
const published = buildSchema(schema.idl, { assumeValidSDL: true })
const QUERIES = Object.entries(queries).filter(
  (entry): entry is [string, queries.Query] => typeof entry[1] === 'object' && 'operation' in entry[1],
)

describe('the queries', () => {
  test.each(FILES)('of %s are as the published schema has it', (file) => {
    expect(validate(readFileSync(FOLDER + file, 'utf8'))).toEqual([])
  })

  it('are all loaded', () => {
    const inFiles = FILES.flatMap((file) => [...readFileSync(FOLDER + file, 'utf8').matchAll(/^query (\w+)/gm)])
    expect(QUERIES.map(([, { operation }]) => operation.name!.value).toSorted()).toEqual(
      inFiles.map(([, name]) => name!).toSorted(),
    )
    expect(FILES.length).toBeGreaterThan(4)
  })

  test.each(QUERIES)('%s ask for no address and nothing private', (_, { operation, fragments }) => {
    const names: string[] = []
    for (const node of [operation, ...fragments]) visit(node, { Field: ({ name }) => void names.push(name.value) })
    // Whether it is private is asked for to leave it out.
    const asked = names.filter((name) => name !== 'isPrivate')
    expect(asked.filter((name) => /mail|twitter|website|social|viewer|private|restricted/i.test(name))).toEqual([])
    expect(names).toContain('rateLimit')
  })
})

describe('a batch', () => {
  const hostile = 'x" }) { login } evil: user(login: "y'

  test.each(QUERIES.flatMap(([name, query]) => [1, 5, 20].map((size) => ({ name, query, size }))))(
    'of $size $name is as the published schema has it',
    ({ query, size }) => {
      const names = query.operation.variableDefinitions!.map(({ variable }) => variable.name.value)
      const item = Object.fromEntries(names.map((name) => [name, hostile]))
      const { text, variables } = queries.batched(
        query,
        Array.from({ length: size }, () => item),
      )
      expect(validate(text)).toEqual([])
      expect(text).not.toContain('evil')
      expect(Object.keys(variables)).toHaveLength(size * names.length)
      expect(text.match(/\brateLimit\b/g)).toHaveLength(1)
    },
  )

  it('of two questions together is too', () => {
    const both = queries.together(queries.PULLS, queries.PULL_COUNTS)
    const item = { ended: 'a', first: 30, after: null, merged: 'b', closed: 'c' }
    const { text } = queries.batched(both, [item, item])
    expect(validate(text)).toEqual([])
    expect([...text.split('fragment')[0]!.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name)).toEqual([
      'rateLimit',
      'pulls_0',
      'merged_0',
      'closed_0',
      'pulls_1',
      'merged_1',
      'closed_1',
    ])
  })

  it('finds each place again', () => {
    expect(queries.placeOf('user_12')).toEqual({ name: 'user', index: 12 })
    expect(queries.placeOf('rateLimit')).toBeUndefined()
    expect(queries.placeOf(undefined)).toBeUndefined()
  })
})

describe('the price', () => {
  const people = (size: number, item: queries.Variables) => Array.from({ length: size }, () => item)
  const { repositories, pulls, years, identity } = BULK
  const batches = [
    queries.batched(queries.IDENTITY, people(identity.size, { login: 'a' })),
    ...[1, 2, 3, 4].flatMap(() => [
      queries.batched(queries.YEAR, people(years.size, { login: 'a' })),
      queries.batched(queries.REPOSITORIES, people(repositories.size, { login: 'a', first: repositories.first })),
      queries.batched(queries.together(queries.PULLS, queries.PULL_COUNTS), people(pulls.size, { first: pulls.first })),
    ]),
  ]

  it('of twenty profiles is that of their requests, by the formula that GitHub publishes', () => {
    const points = batches.map(({ text, variables }) => pointsOf(connectionsIn(text, variables)))
    expect(points.slice(0, 4)).toEqual([1, 1, 4, 5])
    expect(priceOf(20)).toEqual({ requests: batches.length, points: points.reduce((sum, each) => sum + each) })
  })

  it('of ten thousand is below 0.7 requests and 2.4 points each, and of none nothing', () => {
    const { requests, points } = priceOf(10_000)
    expect(requests).toBe(6_500)
    expect(points).toBeLessThan(2.4 * 10_000)
    expect(priceOf(0)).toEqual({ requests: 0, points: 0 })
    expect(priceOf(1)).toEqual({ requests: 4, points: 4 })
    expect(priceOf(23).requests).toBe(13 + 4)
  })
})

/** Connections that GitHub has to read: each once, and one within nodes once for each node. */
function connectionsIn(text: string, variables: queries.Variables): number {
  const info = new TypeInfo(published)
  const times = [1]
  let total = 0
  visit(
    inlined(text),
    visitWithTypeInfo(info, {
      Field: {
        enter({ arguments: given }) {
          const isConnection = getNamedType(info.getType())?.name.endsWith('Connection') === true
          if (isConnection) total += times.at(-1)!
          times.push(times.at(-1)! * (isConnection ? firstOf(given ?? [], variables) : 1))
        },
        leave: () => void times.pop(),
      },
    }),
  )
  return total
}

function firstOf(given: readonly ArgumentNode[], variables: queries.Variables): number {
  const first = given.find(({ name }) => name.value === 'first')?.value
  if (first?.kind === Kind.VARIABLE) return Number(variables[first.name.value])
  return first?.kind === Kind.INT ? Number(first.value) : 1
}

function inlined(text: string): ASTNode {
  const document = parse(text)
  const fragments = new Map(
    document.definitions.flatMap((each) =>
      each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [],
    ),
  )
  const operations = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)
  return visit(
    { ...document, definitions: operations },
    {
      FragmentSpread: ({ name }) => {
        const { typeCondition, selectionSet } = fragments.get(name.value)!
        return { kind: Kind.INLINE_FRAGMENT, typeCondition, selectionSet }
      },
    },
  )
}
