import { serve, type HttpBindings, type ServerType } from '@hono/node-server'
import { needAccount, needIssue, needPull, needRepository } from './access.ts'
import type { Actor } from './actor.ts'
import { createActor } from './create-actor.ts'
import { building, createWorld, type Building } from './building.ts'
import type { Clock } from './clock.ts'
import { createCourier, type Courier, type Delivery } from './courier.ts'
import { createWatch, type Json, type Watch } from './faults.ts'
import type { AppOptions } from './github-app.ts'
import { createLimits, type Limits } from './limits.ts'
import { createPages } from './pages.ts'
import type { People, PeopleOptions } from './people/people.ts'
import { presentCheckRun } from './present/check-run.ts'
import { presentComment, presentOneIssue } from './present/issue.ts'
import { presentPull } from './present/pull-request.ts'
import { createTokens } from './rest/auth.ts'
import { createHandler } from './server.ts'
import { loadState, saveState } from './state.ts'
import type { App, Reaction, World } from './world.ts'

export type { Actor } from './actor.ts'
export type { Delivery } from './courier.ts'
export type { Clock } from './clock.ts'
export type { Fault, Json } from './faults.ts'

export type LocalGitHub = Building & {
  /** `http://127.0.0.1:PORT`; for Octokit `${url}/api/v3`, for Probot GHE_HOST and GHE_PROTOCOL=http. */
  readonly url: string
  /** The App; a manifest conversion replaces it. */
  readonly app: App
  readonly clock: Clock
  readonly people: People
  /** The usage of the APIs, and their limits. */
  readonly limits: Pick<Limits, 'points' | 'usage' | 'spent'>
  close(): Promise<void>
  /** Its whole state, for `state`. */
  save(): Buffer

  /** A person of this world at GitHub's pages. */
  as(login: string): Actor

  // For assertions: the same JSON as the REST API's.
  pull(repo: string, number: number): Json
  issue(repo: string, number: number): Json
  comments(repo: string, number: number): Json[]
  /** Reactions on an issue comment, a review or a review comment. */
  reactions(commentId: number): { content: string; user: string }[]
  /** Check runs of a commit, newest last. */
  checkRuns(repo: string, sha: string): Json[]

  // Webhooks.
  setHookUrl(url: string | null): void
  /**
   * Events that happen while the App's webhook is switched off are never sent, and GitHub lists no delivery of them.
   */
  setHookActive(active: boolean): void
  readonly deliveries: readonly Delivery[]
  /** Holds deliveries until `release`. */
  hold(): void
  /** Sends the held deliveries, in order, reversed, or as the function arranges (or repeats, or leaves out) them. */
  release(how?: { order?: 'reverse' | ((held: Delivery[]) => Delivery[]) }): void
  /** Makes these deliveries fail as if the host could not be reached. Returns a function that ends it. */
  drop(predicate: (delivery: Delivery) => boolean): () => void
  redeliver(guid: string): Promise<void>
  redeliverAll(): Promise<void>
  /** Resolves when every delivery under way was answered. */
  settled(): Promise<void>

  // The REST API under test conditions.
  readonly requests: Watch['requests']
  setLatency: Watch['setLatency']
  fault: Watch['fault']
  onRequest: Watch['onRequest']
  onExchange: Watch['onExchange']
}

export type LocalGitHubOptions = {
  port?: number
  host?: string
  hookUrl?: string
  app?: AppOptions
  people?: PeopleOptions
  /** Resumes from the result of `save`. Use the same port if addresses are to stay the same. */
  state?: Buffer
}

/**
 * Starts a GitHub in this process: accounts, repositories with real git commits, issues, pull requests, the App, its
 * webhooks and the REST API. Its state is lost when it closes, unless it was saved.
 */
export async function startLocalGitHub(options: LocalGitHubOptions = {}): Promise<LocalGitHub> {
  const { world, deliveries } =
    options.state === undefined
      ? { world: createWorld(options.app, options.people), deliveries: [] }
      : loadState(options.state)
  const courier = createCourier(world, options.hookUrl ?? null, deliveries)
  world.emit = courier.emit
  const watch = createWatch()
  const tokens = createTokens(world)
  const limits = createLimits(world.clock)
  const pages = createPages(world, tokens)
  const handle = createHandler({ world, courier, tokens, watch, limits }, (request) => pages.fetch(request))
  const server = await listen(options, (request, { incoming }) => handle(request, () => void incoming.socket.destroy()))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the local GitHub has no port')
  const host = options.host ?? '127.0.0.1'
  world.url = `http://${host}:${address.port}`
  return {
    ...building(world),
    ...looking(world),
    ...delivering(courier),
    ...watch,
    url: world.url,
    clock: world.clock,
    people: world.people,
    limits,
    get app() {
      return world.app
    },
    save: () => saveState(world, deliveries),
    as: (login) => createActor(world, needAccount(world, login)),
    async close() {
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      await courier.stop()
    },
  }
}

function listen(
  { port = 0, host = '127.0.0.1' }: LocalGitHubOptions,
  fetch: (request: Request, env: HttpBindings) => Promise<Response>,
): Promise<ServerType> {
  return new Promise((resolve, reject) => {
    const server: ServerType = serve(
      { fetch: (request, env) => fetch(request, env as HttpBindings), port, hostname: host },
      () => resolve(server),
    )
    server.once('error', reject)
  })
}

/** JSON as the REST API gives it. */
const json = (value: unknown): Json => JSON.parse(JSON.stringify(value))

function looking(world: World): Pick<LocalGitHub, 'pull' | 'issue' | 'comments' | 'reactions' | 'checkRuns'> {
  const at = (name: string) => needRepository(world, name)
  return {
    pull: (name, number) => json(presentPull(world, at(name), needPull(at(name), number))),
    issue: (name, number) => json(presentOneIssue(world, at(name), needIssue(at(name), number))),
    comments(name, number) {
      const issue = needIssue(at(name), number)
      return issue.comments.map((comment) => json(presentComment(world, at(name), issue, comment)))
    },
    reactions(commentId) {
      const issues = [...world.repositories.values()].flatMap((repo) => [...repo.issues.values()])
      const comments = issues.flatMap((issue) => [
        ...issue.comments,
        ...(issue.pull?.reviewComments ?? []),
        ...(issue.pull?.reviews ?? []),
      ])
      const found: Reaction[] = comments.find((comment) => comment.id === commentId)?.reactions ?? []
      return found.map(({ content, userId }) => ({ content, user: world.accounts.get(userId)?.login ?? 'ghost' }))
    },
    checkRuns(name, sha) {
      const runs = at(name).checkRuns.filter((run) => run.sha === sha)
      return runs.map((run) => json(presentCheckRun(world, at(name), run)))
    },
  }
}

type Delivering = Pick<
  LocalGitHub,
  'setHookUrl' | 'setHookActive' | 'deliveries' | 'hold' | 'release' | 'drop' | 'redeliver' | 'redeliverAll' | 'settled'
>

function delivering(courier: Courier): Delivering {
  const { deliveries, hold, release, drop, redeliver, settled } = courier
  return {
    setHookUrl: (url) => void (courier.hookUrl = url),
    setHookActive: (active) => void (courier.active = active),
    deliveries,
    hold,
    release,
    drop,
    redeliver,
    redeliverAll: async () => void (await Promise.all(deliveries.map(({ guid }) => redeliver(guid)))),
    settled,
  }
}
