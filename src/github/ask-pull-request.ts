import DataLoader from 'dataloader'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import type { PullRequestRef } from '../domain/refs.ts'
import type { Account } from '../domain/rig.ts'
import { type Client, type Installations, reach } from './client.ts'
import { type PullRequestParts, readParts } from './pull-request-parts.ts'
import {
  type AskedPull,
  issueKey,
  MOST_ISSUES,
  MOST_PULLS,
  PULL_REQUEST_ENDS,
  pullRequestQuery,
  rootOf,
  variablesOf,
} from './pull-request-query.ts'
import type { PullRequest } from './pull-requests.ts'
import { type FieldError, type GraphqlAnswer, sendGraphql } from './send-graphql.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
/** The bots that open and review pull requests of one installation are few, and so are its repositories that rest. */
const MOST = 50

/** What is remembered of a client. */
interface Memory {
  /** The repositories of which the query is not asked for a minute. */
  resting: LRUCache<string, true>
  /** When it may be asked at all. */
  notBefore: number
  /** The bots that were met, as REST calls them. */
  bots: LRUCache<number, Account>
  loader: DataLoader<AskedPull, PullRequestParts | undefined>
}

/** By client, which is one for each installation. */
const memories = new WeakMap<Client, Memory>()

function memoryOf(client: Client): Memory {
  const known = memories.get(client) ?? newMemory(client)
  memories.set(client, known)
  return known
}

function newMemory(client: Client): Memory {
  const memory = {
    resting: new LRUCache<string, true>({ max: MOST, ttl: MINUTE_MS, ttlResolution: 0, perf: Date }),
    notBefore: 0,
    bots: new LRUCache<number, Account>({ max: MOST, ttl: HOUR_MS }),
  }
  const ask = (pulls: readonly AskedPull[]) => askAll(client, memory, pulls)
  const options = { cache: false, maxBatchSize: MOST_PULLS, batchScheduleFn: setImmediate }
  return Object.assign(memory, { loader: new DataLoader(ask, options) })
}

function keyOf({ owner, repo }: Pick<AskedPull, 'owner' | 'repo'>): string {
  return `${owner}/${repo}`.toLowerCase()
}

/**
 * The parts of a pull request, and the texts of some issues of its repository, by one query; undefined where GitHub
 * tells nothing so, and REST is to be asked for all of it. What is asked of one installation at the same moment, as by
 * the jobs of a comparison, is one query of up to MOST_PULLS. Of a repository for which GitHub does not answer it is not
 * asked again for a minute; and of an Enterprise Server that does not know every field, not for an hour.
 */
export async function askPullRequest(
  github: Installations,
  at: PullRequestRef,
  issues: readonly number[],
): Promise<PullRequestParts | undefined> {
  const { client, name } = await reach(github, at)
  const memory = memoryOf(client)
  if (memory.notBefore > Date.now() || memory.resting.has(keyOf(name))) return undefined
  return memory.loader.load({ ...name, number: at.number, issues: issues.slice(0, MOST_ISSUES) })
}

async function askAll(
  client: Client,
  memory: Omit<Memory, 'loader'>,
  pulls: readonly AskedPull[],
): Promise<(PullRequestParts | undefined)[]> {
  const query = pullRequestQuery(pulls.map(({ issues }) => issues.length))
  const answer = await sendGraphql(client, query, variablesOf(pulls))
  const isEmpty = typeof answer === 'string' ? answer !== 'limited' : answer.data == null
  if (isEmpty && pulls.length > 1) {
    // One may be answered where all are too much.
    const alone = await Promise.all(pulls.map((pull) => askAll(client, memory, [pull])))
    return alone.flat()
  }
  if (answer === 'unanswered') memory.resting.set(keyOf(pulls[0]!), true)
  if (answer === 'not understood') memory.notBefore = Date.now() + HOUR_MS
  if (typeof answer === 'string') return pulls.map(() => undefined)
  return pulls.map((pull, n) => readAnswer(answer, pull, rootOf(n, pulls.length), memory.bots))
}

function readAnswer(
  { data, errors }: GraphqlAnswer,
  { owner, repo, issues }: AskedPull,
  root: string,
  bots: Memory['bots'],
): PullRequestParts | undefined {
  const found = Found.safeParse(Data.safeParse(data).data?.[root]).data
  const spoiled = spoiledBy(errors, root)
  if (found === undefined || spoiled === undefined) return undefined
  const texts = issues.map((number, n): [number, unknown] => [
    number,
    spoiled.has(issueKey(n)) ? undefined : found[issueKey(n)],
  ])
  return readParts(found.pullRequest, { spoiled, name: { owner, repo }, bots, texts: new Map(texts) })
}

const Data = z.record(z.string(), z.unknown())
const Found = z.looseObject({ pullRequest: z.record(z.string(), z.unknown()) })

/**
 * The fields of a pull request, and the issues, in which an error is; undefined where one is of all of it, or of nobody
 * knows what.
 */
function spoiledBy(errors: readonly FieldError[], root: string): Set<string> | undefined {
  const spoiled = new Set<string>()
  for (const { path: [at, parent, field] = [] } of errors) {
    // Of another pull request.
    if (typeof at === 'string' && at !== root) continue
    const name = parent === 'pullRequest' ? field : parent
    if (at !== root || typeof name !== 'string') return undefined
    spoiled.add(name)
  }
  return spoiled
}

const Ends = z.object({
  repository: z.object({
    pullRequest: z.object({ headRefOid: z.string(), baseRefName: z.string(), baseRefOid: z.string() }),
  }),
})

/** Head and base of a pull request as they are now; undefined where GraphQL does not tell. */
export async function askEnds(
  github: Installations,
  at: PullRequestRef,
): Promise<Pick<PullRequest, 'headSha' | 'base'> | undefined> {
  const { client, name } = await reach(github, at)
  const answer = await sendGraphql(client, PULL_REQUEST_ENDS, { ...name, number: at.number })
  const { data: told } = Ends.safeParse(typeof answer === 'string' ? undefined : answer.data)
  if (told === undefined) return undefined
  const { headRefOid: headSha, baseRefName: branch, baseRefOid: sha } = told.repository.pullRequest
  return { headSha, base: { branch, sha } }
}
