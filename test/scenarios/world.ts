import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import mysql from 'mysql2/promise'
import { expect } from 'vitest'
import { type Config, readConfig } from '../../src/config.ts'
import { embeddedDoltUrl } from '../../src/ledger/dolt/embedded-dolt.ts'
import { openLedger } from '../../src/ledger/ledger.ts'
import { type LocalGitHub, type LocalGitHubOptions, startLocalGitHub } from '../../local-github/local-github.ts'
import { type Bridge, startBridge } from '../../src/bridge.ts'
import type { Clock } from '../../src/compose.ts'
import { embeddedPostgresUrl, removeEmbeddedPostgres } from '../../src/operations/embedded-postgres.ts'
import { hmacKey } from '../../src/ops/data-dir.ts'
import { createLog } from '../../src/ops/log.ts'
import { unsigned } from '../ledger/key.ts'
import { keptConnection } from '../kept-connection.ts'
import { prepareStores } from '../prepared-stores.ts'
import { queryProblems } from '../local-github/graphql-schema.ts'
import { openApi } from '../local-github/openapi.ts'
import { webhooks } from '../local-github/webhooks.ts'
import { countUnfinished, unfinishedJobs } from '../queue-rows.ts'

// oxlint-disable-next-line typescript/no-explicit-any -- rows of any table
export type Row = Record<string, any>

export const OWNER = 'ada'

/**
 * The whole program as GitHub sees it: a local GitHub whose App `ada` owns, and the bridge with embedded Dolt and
 * Postgres. Every request the bridge sends, every answer it gets and every webhook is held against GitHub's
 * published schemas; `close` fails on what they forbid. `schemas: 'unchecked'` is for much traffic of known kinds.
 */
export interface World {
  gh: LocalGitHub
  config: Config
  bridge: Bridge
  /** Lines of the bridge's log, as JSON text. */
  log: string[]
  /** Runs SQL on the commons, as a peer would. */
  sql(query: string, values?: unknown[]): Promise<Row[]>
  /** Runs SQL on the operations store. */
  ops(query: string, values?: unknown[]): Promise<Row[]>
  /** A repository of ada's with a maintainer mia, made and installed. Contributors are made on first use. */
  repository(name: string): string
  /** Waits until every delivery was answered and all work is done. */
  idle(): Promise<void>
  /** The bridge's comments on an issue or pull request, without their hidden markers. */
  said(repo: string, number: number): string[]
  restart(between?: () => Promise<void>): Promise<void>
  close(): Promise<void>
}

interface WorldOptions {
  github?: LocalGitHubOptions
  config?: Partial<Config>
  clock?: Clock
  schemas?: 'unchecked'
  /** Somebody whose token is IMPORT_TOKEN. */
  importer?: string
  /** Milliseconds in which `idle` expects the end of all work. */
  restMs?: number
}

const COMES_TO_REST_MS = 45_000
/** The longest that a bridge takes to find, when it starts, what it has missed. */
const FINDS_MS = 5_000
/** Of the end of a job of this bridge `idle` is told; of another process's it is not. */
const LOOKS_AGAIN_MS = 200

/** Few people do much in a world. */
export const MANY_REQUESTS = 'requests: { person: 100000, repository: 100000, installation: 100000 }'

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const dataDir = await mkdtemp(join(tmpdir(), 'wasteland-test-'))
  await prepareStores(dataDir)
  const gh = await startLocalGitHub({ app: { owner: OWNER }, ...options.github })
  const unlawful: string[] = []
  const isChecked = options.schemas !== 'unchecked'
  if (isChecked)
    gh.onExchange((exchange) => {
      if (exchange.path === '/graphql') unlawful.push(...queryProblems((exchange.body as { query?: unknown }).query))
      else if (exchange.template === null) unlawful.push(`${exchange.method} ${exchange.path} is not GitHub's`)
      else if (!exchange.faulty) unlawful.push(...openApi().problems({ ...exchange, template: exchange.template }))
    })
  gh.user(OWNER)
  gh.user('mia')
  gh.repository(`${OWNER}/first`)
  gh.as(OWNER).installApp({ account: OWNER })
  const config: Config = {
    ...readConfig({ PATH: process.env['PATH'], XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'] }),
    dataDir,
    PORT: 0,
    HOST: '127.0.0.1',
    APP_ID: String(gh.app.id),
    privateKey: gh.app.privateKey,
    WEBHOOK_SECRET: gh.app.webhookSecret,
    GHE_HOST: new URL(gh.url).host,
    GHE_PROTOCOL: 'http',
    policy: `posts: { 1: 1000 }\nclaims: { 1: 1000 }\n${MANY_REQUESTS}`,
    ...(options.importer !== undefined && { IMPORT_TOKEN: gh.user(options.importer).token }),
    ...options.config,
  }
  const lines: string[] = []
  const log = createLog('debug', { write: (line) => void lines.push(line) })
  const outcomes = createSignal()
  const clock = options.clock ?? { now: () => new Date(), pollIntervalMs: 180_000 }
  const compared = Promise.withResolvers<void>()
  const jobEnded = (name: string, error?: unknown) => {
    if (name === 'repositories') compared.resolve()
    clock.jobEnded?.(name, error)
  }
  const start = async () => {
    world.bridge = await startBridge(config, log, undefined, { ...clock, outcomeStored: outcomes.tell, jobEnded })
    gh.setHookUrl(`${world.bridge.url}/api/github/webhooks`)
  }
  const sql = async (query: string, values: unknown[] = []) => {
    const url = config.LEDGER_URL ?? (await embeddedDoltUrl(join(dataDir, 'dolt'), 'commons'))
    const connection = await mysql.createConnection({ uri: url, dateStrings: true })
    try {
      const [rows] = await connection.query(query, values)
      return rows as Row[]
    } finally {
      await connection.end()
    }
  }
  const operations = keptConnection(
    async () => config.DATABASE_URL ?? (await embeddedPostgresUrl(join(dataDir, 'postgres'))),
  )
  const ops = operations.ask
  const world: World = {
    gh,
    config,
    log: lines,
    sql,
    ops,
    bridge: undefined as unknown as Bridge,
    repository(name) {
      const full = `${OWNER}/${name}`
      gh.repository(full, { files: { 'src/a.ts': 'one\ntwo\nthree\n' }, collaborators: { mia: 'maintain' } })
      return full
    },
    async idle() {
      const deadline = Date.now() + (options.restMs ?? COMES_TO_REST_MS)
      for (let quiet = 0; quiet < 2;) {
        if (Date.now() > deadline)
          throw new Error(`the bridge does not come to rest: ${JSON.stringify(await unfinishedJobs(ops))}`)
        const stored = outcomes.next()
        await gh.settled()
        quiet = (await countUnfinished(ops)) === 0 ? quiet + 1 : 0
        if (quiet === 0) await Promise.race([stored, sleep(LOOKS_AGAIN_MS)])
      }
    },
    said: (repo, number) =>
      gh
        .comments(repo, number)
        .filter((comment) => comment.user?.login === `${gh.app.slug}[bot]`)
        .map((comment) => String(comment.body).replace(/\n*<!--.*?-->/gs, '')),
    async restart(between) {
      await world.bridge.stop()
      // It may come back on another store.
      operations.drop()
      await between?.()
      await start()
    },
    async close() {
      operations.drop()
      await world.bridge.stop()
      await gh.close()
      removeEmbeddedPostgres(join(dataDir, 'postgres'))
      await rm(dataDir, { recursive: true, force: true })
      const faults = isChecked ? gh.deliveries.flatMap((delivery) => webhooks().problems(delivery)) : []
      expect([...unlawful, ...faults]).toEqual([])
    },
  }
  await start()
  // What a bridge finds by itself when it starts must not be taken for what a test does. Without an App it finds nothing.
  await Promise.race([compared.promise, sleep(FINDS_MS)])
  return world
}

/** `next` resolves when `tell` is called after it. */
function createSignal(): { next(): Promise<void>; tell(): void } {
  let waiting = Promise.withResolvers<void>()
  return {
    next: () => waiting.promise,
    tell() {
      waiting.resolve()
      waiting = Promise.withResolvers()
    },
  }
}

/** Commits what was written by SQL, and vouches for it as the operator would: it counts as if the bridge had said it. */
export async function vouchForRows(world: World): Promise<void> {
  await world.sql(`CALL DOLT_COMMIT('-Am', 'by hand', '--skip-empty')`)
  const url = world.config.LEDGER_URL ?? (await embeddedDoltUrl(join(world.config.dataDir, 'dolt'), 'commons'))
  const ledger = await openLedger(url, { key: hmacKey(world.config.dataDir) })
  await ledger.vouch({ again: true })
  await ledger.close()
}

/** Posts an item from an issue of ada's and returns its id. */
export async function postItem(
  world: World,
  repo: string,
  title = 'Count the loops',
  line = '/wl post',
): Promise<string> {
  const [id] = await postItems(world, [repo], title, line)
  return id!
}

/** Posts an item in each of these repositories. */
export async function postItems(
  world: World,
  repos: string[],
  title = 'Count the loops',
  line = '/wl post',
): Promise<string[]> {
  const issues = repos.map((repo) => {
    const issue = world.gh.as(OWNER).openIssue(repo, { title, body: 'It should count.' })
    world.gh.as(OWNER).comment(repo, issue.number, line)
    return issue
  })
  await world.idle()
  const rows = await world.sql('SELECT id, description FROM wanted')
  return issues.map((issue) => rows.find((row) => row['description']?.startsWith(`${issue.html_url} `))!['id'])
}

/** A pull request from a fork of `login`. */
export function openPull(
  world: World,
  repo: string,
  login: string,
  about: { title?: string; body?: string; draft?: boolean; file?: string } = {},
): number {
  world.gh.user(login)
  const file = about.file ?? `src/${login}-${world.gh.deliveries.length}.ts`
  return world.gh.as(login).openPullRequest({
    repo,
    title: about.title ?? 'Count',
    body: about.body ?? '',
    head: `branch-${world.gh.deliveries.length}`,
    draft: about.draft ?? false,
    commits: [{ message: 'Count', files: { [file]: 'export const n = 1\nexport const m = 2\n' } }],
  }).number
}

/** The subjects and authors of the ledger's commits that name an item, oldest first. */
export async function history(world: World, id: string): Promise<string[]> {
  const rows = await world.sql('SELECT * FROM dolt_log WHERE message LIKE ? ORDER BY commit_order', [`%${id}%`])
  return rows.flatMap((row) => {
    const lines = String(row['message']).split('\n')
    // That of a set, or of work submitted in one step, has a line for each.
    const own = lines.filter((line) => /^wl [a-z]+: /.test(line) && line.includes(id))
    return (own.length === 0 ? [lines[0]] : own).map((line) => `${line} — ${row['author'] ?? row['committer']}`)
  })
}

/** An item's row, its completions and their stamps, oldest stamp first. */
export async function recorded(
  world: World,
  id: string,
): Promise<{ status: string; holder: string | null; completions: Row[]; stamps: Row[] }> {
  const [item] = await world.sql('SELECT status, claimed_by FROM wanted WHERE id = ?', [id])
  const completions = await world.sql('SELECT * FROM completions WHERE wanted_id = ? ORDER BY id', [id])
  const stamps = await world.sql(
    'SELECT * FROM stamps WHERE context_id IN (SELECT id FROM completions WHERE wanted_id = ?) ORDER BY stamp_index',
    [id],
  )
  return { status: item?.['status'], holder: item?.['claimed_by'], completions, stamps }
}

/** A pull request of `login` in review for an item of its own. */
export async function inReview(
  world: World,
  repo: string,
  login = 'bob',
  title = 'Count the loops',
): Promise<{ id: string; number: number }> {
  const id = await postItem(world, repo, title)
  const number = openPull(world, repo, login, { body: `Wanted: ${id}` })
  await world.idle()
  return { id, number }
}

/** The message of the newest commit of the ledger with this subject, without its signature. */
export async function message(world: World, subject: string): Promise<string> {
  return unsigned(await signedMessage(world, subject))
}

export async function signedMessage(world: World, subject: string): Promise<string> {
  const [row] = await world.sql(
    'SELECT message FROM dolt_log WHERE message LIKE ? ORDER BY commit_order DESC LIMIT 1',
    [`${subject}%`],
  )
  return String(row?.['message'])
}

export async function readKept(world: World, file: string): Promise<string> {
  return readFile(join(world.config.dataDir, file), 'utf8')
}
