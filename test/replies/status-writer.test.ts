import { setTimeout as sleep } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { postCheck } from '../../src/github/check-runs.ts'
import { migrateOperations } from '../../src/operations/postgres/migrations.ts'
import { openOperations } from '../../src/operations/postgres/store.ts'
import type { Operations } from '../../src/operations/schema.ts'
import { inAttempt } from '../../src/ops/attempt.ts'
import { createTurns } from '../../src/ops/turns.ts'
import { fetchSnapshot } from '../../src/pull-requests/snapshot.ts'
import { CHECK, createChecker, createUnanswered, dropCheck } from '../../src/replies/checker.ts'
import { createBodyOf, createReplier } from '../../src/replies/replier.ts'
import { createStatusWriter, type Status } from '../../src/replies/status-writer.ts'
import { connect } from '../github/connect.ts'
import { openPull, start } from '../local-github/start.ts'
import { newDatabase, startServer, type TestServer } from '../operations/servers.ts'
import { silent } from '../ops/fake-server.ts'

const REPO = 'acme/tool'
const KEY = 'status/1'
const HMAC_KEY = Buffer.from('key')
/** The mutation of a status. */
const MUTATION = { path: /^\/graphql/, asking: 'mutation Publish' }

let server: TestServer
let db: Kysely<Operations>
beforeAll(async () => {
  server = await startServer()
  db = openOperations(await newDatabase(server))
  await migrateOperations(db)
})
afterAll(async () => {
  await db?.destroy()
  await server?.stop()
})

/** A GitHub with a pull request of bob's, and two processes of ours. */
async function stage() {
  const { gh, installation } = await start()
  const github = await connect(gh)
  const { number } = openPull(gh)
  const at = { installation, owner: 'acme', repo: 'tool', number }
  // Each world has its own replies.
  const store = { db, wasteland: gh.url }
  const newProcess = () => {
    const [inTurn, unanswered] = [createTurns(), createUnanswered()]
    const reply = createReplier(store, 'github', github, HMAC_KEY, silent, inTurn)
    const check = createChecker(store, github, unanswered)
    const bodyOf = createBodyOf('github', HMAC_KEY)
    const drop = () => dropCheck(store, pull.id)
    return {
      reply,
      check,
      drop,
      write: createStatusWriter({ store, github, reply, check, unanswered, inTurn, bodyOf }),
    }
  }
  const snapshot = async () => {
    // Of two runs of one second nobody knows which is later.
    gh.clock.advance(2)
    const { pull, ownComments, ownRuns, repositoryNode: repository } = (await fetchSnapshot(github, at))!
    return { pull, told: { comments: await ownComments(number), runs: await ownRuns(), repository } }
  }
  const { pull } = await snapshot()
  const said = () => gh.comments(REPO, number).map(({ body }) => String(body).split('\n')[0])
  const runs = () =>
    gh.checkRuns(REPO, pull.headSha).map(({ conclusion, output }) => `${output.title}: ${conclusion ?? 'waits'}`)
  return { gh, github, at, pull, said, runs, snapshot, ...newProcess(), other: newProcess() }
}

const checkOf = (title: string, conclusion: Status['check']['conclusion'] = 'success') => ({
  conclusion,
  title,
  summary: title,
})
const statusOf = (text: string, conclusion?: Status['check']['conclusion']): Status => ({
  key: KEY,
  text,
  check: checkOf(text, conclusion),
})

/** Rejects because Postgres takes no row of what is sent meanwhile. */
async function unsaved(send: () => Promise<unknown>) {
  await sql`ALTER TABLE replies ADD CONSTRAINT broken CHECK (false) NOT VALID`.execute(db)
  try {
    await expect(send()).rejects.toThrow()
  } finally {
    await sql`ALTER TABLE replies DROP CONSTRAINT broken`.execute(db)
  }
}

describe('a check run that took the place of another by GraphQL', () => {
  it('is the one that REST updates afterwards', async () => {
    const { at, pull, runs, snapshot, check, write } = await stage()
    await check(at, pull, checkOf('one'), { told: [] })
    await write(at, pull, statusOf('two', 'waits'), (await snapshot()).told)
    expect(runs()).toEqual(['one: success', 'two: waits'])
    await check(at, pull, checkOf('three'))
    expect(runs()).toEqual(['one: success', 'three: success'])
  })

  it('is updated where a snapshot from before tells of the other alone', async () => {
    const { at, pull, runs, snapshot, check, write } = await stage()
    await check(at, pull, checkOf('one'), { told: [] })
    const { told } = await snapshot()
    await write(at, pull, statusOf('two', 'waits'), told)
    await write(at, pull, statusOf('three'), told)
    expect(runs()).toEqual(['one: success', 'three: success'])
  })

  it('is updated where its row was not stored, by GraphQL and by REST', async () => {
    const { at, pull, runs, snapshot, check, write } = await stage()
    await check(at, pull, checkOf('one'), { told: [] })
    const { told } = await snapshot()
    await write(at, pull, { ...statusOf('two'), check: checkOf('one') }, told)
    const { told: withComment } = await snapshot()
    await unsaved(() => write(at, pull, statusOf('three', 'waits'), withComment))
    expect(runs()).toEqual(['one: success', 'three: waits'])
    await write(at, pull, statusOf('four'), withComment)
    expect(runs()).toEqual(['one: success', 'four: success'])
  })
})

describe('a check run that was run again, of which a snapshot from before does not tell', () => {
  /** As a person’s request to run it again has it. */
  async function rerun() {
    const on = await stage()
    await on.reply(on.at, KEY, 'zero')
    await on.check(on.at, on.pull, checkOf('one'), { told: [] })
    const { told } = await on.snapshot()
    on.gh.clock.advance(2)
    const again = async () => {
      await postCheck(on.github, on.at, { name: CHECK, sha: on.pull.headSha, ...checkOf('one') })
      await on.drop()
    }
    return { ...on, told, again }
  }

  it('is the one that is updated', async () => {
    const { at, pull, runs, told, again, write } = await rerun()
    await again()
    await write(at, pull, statusOf('two', 'failure'), told)
    expect(runs()).toEqual(['one: success', 'two: failure'])
  })

  it.each(['write', 'check'] as const)('is the one that is updated next, where it came during the %s', async (by) => {
    const { gh, at, pull, runs, told, again, write, check } = await rerun()
    const off = gh.onRequest(async ({ method, path }) => {
      if (method === 'GET' || path.endsWith('/access_tokens')) return
      off()
      await again()
    }, 'after')
    if (by === 'write') await write(at, pull, statusOf('two', 'failure'), told)
    else await check(at, pull, checkOf('two', 'failure'), { told: told.runs })
    await check(at, pull, checkOf('two', 'failure'))
    expect(runs().at(-1)).toBe('two: failure')
  })
})

describe('a mutation whose answer is lost', () => {
  it('keeps the repository’s writes back until it must show, and is then made up for', async () => {
    const { gh, at, pull, said, runs, snapshot, write, reply } = await stage()
    await reply(at, KEY, 'zero')
    const { told } = await snapshot()
    gh.fault({ ...MUTATION, status: 502 })
    const writes: string[] = []
    gh.onExchange(({ method, path }) => {
      if (method !== 'GET' && !path.endsWith('/access_tokens')) writes.push(`${method} ${path}`)
    })
    await expect(write(at, pull, statusOf('one'), told)).rejects.toMatchObject({ shownAt: expect.any(Date) })
    await expect(write(at, pull, statusOf('one'), told)).rejects.toMatchObject({ name: 'CircuitOpen' })
    expect(writes).toEqual(['POST /graphql'])
    const again = async () => {
      await write(at, pull, statusOf('one'), told)
      return [...said(), ...runs()]
    }
    await expect.poll(() => again().catch(() => []), { timeout: 10_000 }).toEqual(['one', 'one: success'])
  })
})

describe.each([
  ['the same process', false],
  ['another process, in a repeated attempt', true],
])('what GitHub has without a row of ours is not written twice by %s', (_, isOther) => {
  async function world() {
    const on = await stage()
    const again = <T>(send: (writer: Pick<typeof on, 'reply' | 'check' | 'write'>) => Promise<T>) =>
      isOther ? inAttempt(true, () => send(on.other)) : send(on)
    return { ...on, again }
  }

  it('a reply', async () => {
    const { at, said, reply, again } = await world()
    await unsaved(() => reply(at, 'answer', 'one', { told: [] }))
    expect(said()).toEqual(['one'])
    await again((by) => by.reply(at, 'answer', 'two', { told: [] }))
    expect(said()).toEqual(['two'])
  })

  it('a check', async () => {
    const { at, pull, runs, check, again } = await world()
    await unsaved(() => check(at, pull, checkOf('one'), { told: [] }))
    expect(runs()).toEqual(['one: success'])
    await again((by) => by.check(at, pull, checkOf('two'), { told: [] }))
    expect(runs()).toEqual(['two: success'])
  })

  it('a check that is again what its row tells', async () => {
    const { at, pull, runs, check, again } = await world()
    await check(at, pull, checkOf('one'), { told: [] })
    await unsaved(() => check(at, pull, checkOf('two', 'failure')))
    expect(runs()).toEqual(['two: failure'])
    await again((by) => by.check(at, pull, checkOf('one')))
    expect(runs()).toEqual(['one: success'])
  })

  it('a status', async () => {
    const { at, pull, said, runs, reply, snapshot, write, again } = await world()
    await reply(at, KEY, 'zero')
    const { told } = await snapshot()
    await unsaved(() => write(at, pull, statusOf('one'), told))
    expect([...said(), ...runs()]).toEqual(['one', 'one: success'])
    await again((by) => by.write(at, pull, statusOf('two'), told))
    expect([...said(), ...runs()]).toEqual(['two', 'two: success'])
  })
})

it('of two writers of one status the row tells what the later one wrote', async () => {
  const { gh, at, pull, said, snapshot, reply, write } = await stage()
  await reply(at, KEY, 'zero')
  const { told } = await snapshot()
  const applied = Promise.withResolvers<void>()
  const later = Promise.withResolvers<void>()
  gh.onRequest(async ({ body }) => {
    if (!String(body?.query).includes(MUTATION.asking)) return
    applied.resolve()
    // The answer takes until the other has written, if that does not wait for it.
    await Promise.race([later.promise, sleep(500)])
  }, 'after')
  const first = write(at, pull, statusOf('one'), told)
  await applied.promise
  await reply(at, KEY, 'two')
  later.resolve()
  await first
  expect(said()).toEqual(['two'])
  await reply(at, KEY, 'one')
  expect(said()).toEqual(['one'])
})
