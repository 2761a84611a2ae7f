import { z } from 'zod'
import { type Checks, countOutcomes } from './checks.ts'
import type { AppIdentity } from './github.ts'
import type { PullRequest } from './pull-requests.ts'
import { all } from './whole-list.ts'

const CheckRunNode = z.object({
  __typename: z.literal('CheckRun'),
  id: z.string(),
  name: z.string(),
  conclusion: z.string().nullable(),
  startedAt: z.string().nullable(),
  checkSuite: z.object({ id: z.string(), app: z.object({ databaseId: z.number() }) }),
})
/** There is one more state, of a status that is expected: REST lists none such. */
const StatusNode = z.object({
  __typename: z.literal('StatusContext'),
  state: z.enum(['ERROR', 'FAILURE', 'PENDING', 'SUCCESS']),
})
const Contexts = all(z.discriminatedUnion('__typename', [CheckRunNode, StatusNode]))
/** The head of a pull request, with its checks. */
export const HeadNode = z.object({
  head: z.object({
    nodes: z.tuple([
      z.object({
        commit: z.object({ oid: z.string(), statusCheckRollup: z.object({ contexts: Contexts }).nullable() }),
      }),
    ]),
  }),
})

type ToldHead = z.output<typeof HeadNode> | undefined
type OfHead = Pick<PullRequest, 'headSha'>

/** The checks and statuses of the head; undefined where those of another are told. */
function contextsOf(told: ToldHead, { headSha }: OfHead) {
  const commit = told?.head.nodes[0].commit
  if (commit?.oid !== headSha) return undefined
  const contexts = commit.statusCheckRollup?.contexts.nodes ?? []
  return {
    runs: contexts.filter((one) => 'checkSuite' in one),
    statuses: contexts.filter((one) => 'state' in one),
  }
}

type RunNode = z.output<typeof CheckRunNode>

/**
 * The latest of the runs that share a key, as REST has it; undefined where the query does not tell which of them it is:
 * one that waits to be run again has no start.
 */
function latestOf(runs: readonly RunNode[], keyOf: (run: RunNode) => string): RunNode[] | undefined {
  const latest: RunNode[] = []
  for (const same of Map.groupBy(runs, keyOf).values()) {
    const [last, before] = same.toSorted((a, b) => (b.startedAt ?? '').localeCompare(a.startedAt ?? ''))
    const isKnown = before === undefined || (same.every(hasStart) && last!.startedAt !== before.startedAt)
    if (!isKnown) return undefined
    latest.push(last!)
  }
  return latest
}

function hasStart({ startedAt }: RunNode): boolean {
  return startedAt !== null
}

export function readChecks(told: ToldHead, head: OfHead, except: number): Checks | null | undefined {
  const contexts = contextsOf(told, head)
  const runs = contexts && latestOf(contexts.runs, ({ checkSuite, name }) => `${checkSuite.id} ${name}`)
  if (runs === undefined) return undefined
  const others = runs.filter(({ checkSuite }) => checkSuite.app.databaseId !== except)
  const outcomes = [
    ...contexts!.statuses.map(({ state }) => state.toLowerCase()),
    ...others.map(({ conclusion }) => conclusion?.toLowerCase()),
  ]
  return countOutcomes(outcomes) ?? null
}

/** A check run of our App, the latest of its name in whichever suite. */
export interface ToldRun {
  nodeId: string
  name: string
  isOver: boolean
}

export function readOwnRuns(told: ToldHead, head: OfHead, { id: appId }: AppIdentity): ToldRun[] | undefined {
  const runs = contextsOf(told, head)?.runs.filter(({ checkSuite }) => checkSuite.app.databaseId === appId)
  return (
    runs &&
    latestOf(runs, ({ name }) => name)?.map(({ id, name, conclusion }) => ({
      nodeId: id,
      name,
      isOver: conclusion !== null,
    }))
  )
}
