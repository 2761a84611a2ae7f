import {
  getArgumentValues,
  getNamedType,
  GraphQLError,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import { Failure } from './failure.ts'

export interface Cost {
  /** Its cost in points of the hour's rate limit. */
  points: number
  /** The largest number of nodes in its answer. */
  nodes: number
}

const MOST_NODES = 500_000
const MOST_OF_ONE = 100

/**
 * The cost of a valid query, by the formula that GitHub documents ("Rate limits and query limits for the GraphQL API"):
 * nodes are the product of the page sizes on the way down, summed; points are the requests needed for every unique
 * connection, one for each of its possible parents, divided by 100 and rounded, at least 1. A connection of which only
 * the count is queried takes its requests too and has no nodes; others measured such costs. Throws a Failure for
 * queries that GitHub refuses: pages without a size or beyond 100, and more than 500,000 nodes.
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
): Cost {
  const fragments = new Map(
    document.definitions
      .filter((each): each is FragmentDefinitionNode => each.kind === Kind.FRAGMENT_DEFINITION)
      .map((each) => [each.name.value, each]),
  )
  const seen = new Set<string>()
  const total = { requests: 0, nodes: 0 }

  function walk(type: GraphQLNamedType, set: SelectionSetNode | undefined, parents: number, path: string): void {
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FIELD) {
        field(type, selection, parents, `${path}.${(selection.alias ?? selection.name).value}`)
        continue
      }
      const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value)!
      const on = inner.typeCondition && schema.getType(inner.typeCondition.name.value)
      walk(on ?? type, inner.selectionSet, parents, path)
    }
  }

  function field(parent: GraphQLNamedType, node: FieldNode, parents: number, path: string): void {
    const definition = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined
    const type = definition && getNamedType(definition.type)
    if (!isCompositeType(type)) return
    const size = pageSize(type, node, getArgumentValues(definition!, node, variables))
    const isNew = !seen.has(path)
    seen.add(path)
    if (size !== undefined && isNew) {
      total.requests += parents
      total.nodes += parents * size
    }
    walk(type, node.selectionSet, parents * (size || 1), path)
  }

  walk(schema.getRootType(operation.operation)!, operation.selectionSet, 1, '')
  if (total.nodes > MOST_NODES)
    throw new Failure(
      'MAX_NODE_LIMIT_EXCEEDED',
      `This query requests up to ${total.nodes} possible nodes which exceeds the maximum limit of 500,000.`,
    )
  return { points: Math.max(1, Math.round(total.requests / 100)), nodes: total.nodes }
}

/** Undefined for a type that is no list; 0 for a connection of which only the count is queried. */
function pageSize(type: GraphQLNamedType, node: FieldNode, asked: Record<string, unknown>): number | undefined {
  if (Array.isArray(asked['ids'])) return asked['ids'].length
  if (!type.name.endsWith('Connection')) return undefined
  const name = node.name.value
  for (const end of ['first', 'last'] as const) {
    const size = asked[end]
    if (typeof size !== 'number') continue
    if (size < 1)
      throw new Failure('ARGUMENT_LIMIT', `\`${end}\` on the \`${name}\` connection must be between 1 and 100.`)
    if (size > MOST_OF_ONE)
      throw new Failure(
        'EXCESSIVE_PAGINATION',
        `Requesting ${size} records on the \`${name}\` connection exceeds the \`${end}\` limit of 100 records.`,
      )
    return size
  }
  if (node.selectionSet?.selections.some((each) => each.kind === Kind.FIELD && /^(nodes|edges)$/.test(each.name.value)))
    throw new Failure(
      'MISSING_PAGINATION_BOUNDARIES',
      `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`,
    )
  return 0
}

/** The operation to run. */
export function operationOf(document: DocumentNode, name: string | undefined): OperationDefinitionNode {
  const all = document.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION)
  const chosen = name === undefined ? all : all.filter((each) => each.name?.value === name)
  if (chosen.length === 1) return chosen[0]!
  throw new GraphQLError(name === undefined ? 'An operation name is required.' : `No operation named "${name}"`)
}
