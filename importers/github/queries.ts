import { readFileSync } from 'node:fs'
import {
  type ASTNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionNode,
  visit,
} from 'graphql/language/index.js'

export type Variables = Record<string, unknown>

/** A query about one person or thing, from `queries/*.graphql`; it can be batched. */
export interface Query {
  operation: OperationDefinitionNode
  /** The fragments that the operation uses. */
  fragments: readonly FragmentDefinitionNode[]
}

export const IDENTITY = load('identity', 'Identity')
export const CONTRIBUTION_YEARS = load('years', 'ContributionYears')
export const YEAR = load('years', 'Year')
export const REPOSITORIES = load('repositories', 'Repositories')
export const PULLS = load('pulls', 'Pulls')
export const PULL_COUNTS = load('pulls', 'PullCounts')
export const PULL_SAMPLE = load('pulls', 'PullSample')
export const REVISIONS = load('pulls', 'Revisions')
export const REVIEWS = load('reviews', 'Reviews')
export const EVIDENCE = load('evidence', 'Evidence')
export const MERGES = load('discover', 'Merges')

function load(file: string, name: string): Query {
  const text = readFileSync(new URL(`./queries/${file}.graphql`, import.meta.url), 'utf8')
  const { definitions } = parse(text, { noLocation: true })
  const operation = definitions.find(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION && definition.name?.value === name,
  )
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`${file}.graphql has no query ${name}`)
  const used = new Set<string>()
  visit(operation, { FragmentSpread: (spread) => void used.add(spread.name.value) })
  const fragments = definitions
    .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
    .filter((fragment) => used.has(fragment.name.value))
  return { operation, fragments }
}

/** Merges two queries. They must share no variable, no fragment and no name of a field. */
export function together(one: Query, other: Query): Query {
  return {
    operation: {
      ...one.operation,
      variableDefinitions: [one, other].flatMap(({ operation }) => operation.variableDefinitions ?? []),
      selectionSet: {
        kind: Kind.SELECTION_SET,
        selections: [...one.operation.selectionSet.selections, ...fieldsOf(other)],
      },
    },
    fragments: [...one.fragments, ...other.fragments],
  }
}

/**
 * A batched query: one request that runs `query` for each item, its field `user` as `user_0`, `user_1` and so on, its
 * variable `login` as `login_0`. Values are always variables, never text.
 */
export function batched(query: Query, items: readonly Variables[]): { text: string; variables: Variables } {
  const { operation, fragments } = query
  const rateLimit = operation.selectionSet.selections.filter(isRateLimit)
  const each = <T extends ASTNode>(nodes: readonly T[]) =>
    items.flatMap((_, index) => nodes.map((node) => numbered(node, index)))
  const asked: OperationDefinitionNode = {
    ...operation,
    variableDefinitions: each(operation.variableDefinitions ?? []),
    selectionSet: { kind: Kind.SELECTION_SET, selections: [...rateLimit, ...each(fieldsOf(query))] },
  }
  const variables = items.flatMap((item, index) =>
    Object.entries(item).map(([name, value]) => [`${name}_${index}`, value] as const),
  )
  return {
    text: print({ kind: Kind.DOCUMENT, definitions: [asked, ...fragments] }),
    variables: Object.fromEntries(variables),
  }
}

/** Parses the name of a field in `batched`. */
export function placeOf(key: unknown): { name: string; index: number } | undefined {
  const match = /^(\w+)_(\d+)$/.exec(String(key))
  return match === null ? undefined : { name: match[1]!, index: Number(match[2]) }
}

function fieldsOf({ operation }: Query): SelectionNode[] {
  return operation.selectionSet.selections.filter((selection) => !isRateLimit(selection))
}

function isRateLimit(selection: SelectionNode): boolean {
  return selection.kind === Kind.FIELD && selection.name.value === 'rateLimit'
}

/** Renames variables, and the field's alias in the answer, with the index. */
function numbered<T extends ASTNode>(node: T, index: number): T {
  const name = (value: string) => ({ kind: Kind.NAME, value: `${value}_${index}` }) as const
  const varied = visit(node, { Variable: (variable) => ({ ...variable, name: name(variable.name.value) }) })
  return varied.kind === Kind.FIELD ? { ...varied, alias: name(varied.alias?.value ?? varied.name.value) } : varied
}
