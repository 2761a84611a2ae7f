import {
  defaultFieldResolver,
  execute,
  getVariableValues,
  Kind,
  parse,
  validate,
  type DocumentNode,
  type GraphQLFieldResolver,
  type GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql'
import type { Budget } from '../limits.ts'
import { Refusal } from '../refusal.ts'
import { ok, type Answer, type Ask } from '../rest/ask.ts'
import { costOf, operationOf, type Cost } from './cost.ts'
import { Failure } from './failure.ts'
import { publishMutations } from './publish.ts'
import { queryRoot } from './query-root.ts'
import { reactionMutations } from './reactions.ts'
import { githubSchema } from './schema.ts'

/** Answers a query as GitHub does: always with status 200, even for an invalid query or one beyond the rate limit. */
export async function answerGraphql(ask: Ask): Promise<Answer> {
  if (ask.caller.kind === 'none') throw new Refusal(401, 'This endpoint requires you to be authenticated.')
  const schema = githubSchema()
  const { query, variables = {}, operationName } = (ask.json ?? {}) as Record<string, unknown>
  const read = readQuery(schema, typeof query === 'string' ? query : '')
  if ('errors' in read) return ok({ errors: read.errors.map(toError) })
  try {
    const operation = operationOf(read.document, typeof operationName === 'string' ? operationName : undefined)
    return await run(ask, schema, read.document, operation, (variables ?? {}) as Record<string, unknown>)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return ok({ errors: [{ type: error.type, message: error.message }] })
  }
}

async function run(
  ask: Ask,
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
): Promise<Answer> {
  const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables)
  if (errors) return ok({ errors: errors.map(toError) })
  const cost = costOf(schema, document, operation, coerced)
  const dry = dryRun(operation, coerced)
  const taken = ask.limits.take(ask.token, dry ? 0 : cost.points)
  if (!taken.isEnough) return { ...ok({ errors: [exceeded] }), headers: taken.headers }
  const answer = await execute({
    schema,
    document: dry ?? document,
    operationName: operation.name?.value ?? null,
    rootValue: {
      ...queryRoot(ask, rateLimitNode(cost, taken.budget)),
      ...reactionMutations(ask),
      ...publishMutations(ask),
    },
    variableValues: variables,
    ...(ask.refused && { fieldResolver: refusing(ask.refused) }),
  })
  const body = { data: answer.data, ...(answer.errors && { errors: answer.errors.map(toError) }) }
  return { ...ok(body), headers: taken.headers }
}

/** Resolves all but the fields of one name, which are an error each: null travels up as far as the schema says. */
function refusing({ field, type, message }: NonNullable<Ask['refused']>): GraphQLFieldResolver<unknown, unknown> {
  return (source, args, context, info) => {
    if (info.fieldName === field || info.path.key === field) throw new Failure(type, message)
    return defaultFieldResolver(source, args, context, info)
  }
}

/** Octokit's throttling does not know this type. */
const exceeded = { type: 'RATE_LIMIT', code: 'graphql_rate_limit', message: 'API rate limit already exceeded.' }

function rateLimitNode({ points, nodes }: Cost, { limit, used, remaining, resetAt }: Budget) {
  return { cost: points, nodeCount: nodes, limit, used, remaining, resetAt }
}

/** With `rateLimit(dryRun: true)` nothing else is evaluated, and no points are charged. */
function dryRun(operation: OperationDefinitionNode, variables: Record<string, unknown>): DocumentNode | undefined {
  const asked = operation.selectionSet.selections.filter(
    (each) => each.kind === Kind.FIELD && each.name.value === 'rateLimit',
  )
  const isDry = asked.some(
    (each) =>
      each.kind === Kind.FIELD &&
      each.arguments?.some(
        ({ name, value }) =>
          name.value === 'dryRun' &&
          (value.kind === Kind.VARIABLE
            ? variables[value.name.value] === true
            : 'value' in value && value.value === true),
      ),
  )
  if (!isDry) return undefined
  const only = { ...operation, selectionSet: { ...operation.selectionSet, selections: asked } }
  return { kind: Kind.DOCUMENT, definitions: [only] }
}

/**
 * Cache of validated queries: importers send the same few texts again and again, and validation against so large a
 * schema takes time.
 */
const known = new Map<string, DocumentNode>()
const MOST_KNOWN = 50

function readQuery(
  schema: GraphQLSchema,
  text: string,
): { document: DocumentNode } | { errors: readonly GraphQLError[] } {
  const before = known.get(text)
  if (before) return { document: before }
  try {
    const document = parse(text)
    const errors = validate(schema, document)
    if (errors.length > 0) return { errors }
    if (known.size >= MOST_KNOWN) known.delete(known.keys().next().value!)
    known.set(text, document)
    return { document }
  } catch (error) {
    return { errors: [error as GraphQLError] }
  }
}

function toError(error: GraphQLError) {
  const { originalError: cause, path, locations, message } = error
  const type = cause instanceof Failure ? cause.type : cause instanceof Refusal ? 'NOT_FOUND' : undefined
  return { ...(type && { type }), ...(path && { path }), ...(locations && { locations }), message }
}
