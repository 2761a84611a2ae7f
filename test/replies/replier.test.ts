import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import {
  type EmbeddedPostgres,
  removeEmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/operations/embedded-postgres.ts'
import { migrateOperations } from '../../src/operations/postgres/migrations.ts'
import { openOperations } from '../../src/operations/postgres/store.ts'
import type { PullRequestRef } from '../../src/domain/refs.ts'
import { createReplier, type Replier } from '../../src/replies/replier.ts'
import { connect } from '../github/connect.ts'
import { openPull, start } from '../local-github/start.ts'
import { silent } from '../ops/fake-server.ts'
import type { Operations } from '../../src/operations/schema.ts'

const dir = join(mkdtempSync(join(tmpdir(), 'replier-')), 'postgres')
let postgres: EmbeddedPostgres
let db: Kysely<Operations>
beforeAll(async () => {
  postgres = await startEmbeddedPostgres({ dir, log: silent })
  db = openOperations(postgres.url)
  await migrateOperations(db)
})
afterAll(async () => {
  await db?.destroy()
  await postgres?.stop()
  removeEmbeddedPostgres(dir)
})

let gh: Awaited<ReturnType<typeof start>>['gh']
let reply: Replier
/** Another replica's. */
let beside: Replier
let thread: PullRequestRef
beforeEach(async () => {
  const world = await start()
  gh = world.gh
  const github = await connect(gh)
  // Each world has its own replies.
  const replier = () => createReplier({ db, wasteland: gh.url }, 'github', github, Buffer.from('key'), silent)
  reply = replier()
  beside = replier()
  thread = { installation: world.installation, owner: 'acme', repo: 'tool', number: openPull(gh).number }
})

const said = () => gh.comments('acme/tool', thread.number).map(({ body }) => String(body).split('\n')[0])

it('what two works say at once under one key is one comment, with the words of the later; another key has its own', async () => {
  await Promise.all([
    reply(thread, 'status', 'one'),
    reply(thread, 'status', 'two'),
    reply(thread, 'answer', 'yes'),
    reply(thread, 'status', 'three'),
  ])
  expect(said()).toHaveLength(2)
  expect(said()).toEqual(expect.arrayContaining(['three', 'yes']))
})

it('what two replicas say at once under one key is one comment in the end, with the words of one of them', async () => {
  // Neither is answered before the other has spoken too.
  let spoken = 0
  const bothSpoke = Promise.withResolvers<void>()
  const off = gh.onRequest(async ({ method, path }) => {
    if (method !== 'POST' || !path.endsWith('/comments')) return
    if (++spoken === 2) bothSpoke.resolve()
    await bothSpoke.promise
  })
  await Promise.all([reply(thread, 'status', 'one'), beside(thread, 'status', 'two')])
  off()
  const posted = gh.deliveries.filter(({ event, action }) => event === 'issue_comment' && action === 'created')
  expect(said()).toHaveLength(1)
  expect(['one', 'two']).toContain(said()[0])
  // Both found nothing and spoke: what is shown here is that one was taken back.
  expect(posted).toHaveLength(2)
  await reply(thread, 'status', 'three')
  expect(said()).toEqual(['three'])
})

it('what could not be said keeps nobody from saying it', async () => {
  gh.fault({ method: 'POST', path: /\/comments$/, status: 503 })
  const [first, second] = await Promise.allSettled([reply(thread, 'status', 'one'), reply(thread, 'status', 'two')])
  expect([first.status, second.status]).toEqual(['rejected', 'rejected'])
  await expect.poll(() => reply(thread, 'status', 'three').then(said, () => []), { timeout: 10_000 }).toEqual(['three'])
})

it('a reply asks nothing where each comment of ours was told and is in a row, and asks where one is in none', async () => {
  await reply(thread, 'status', 'one')
  const asked: string[] = []
  gh.onExchange(({ method, path, body }) => {
    if (path === '/graphql') asked.push(/query (\w+)/.exec(body.query)![1]!)
    else if (!path.endsWith('/access_tokens')) asked.push(method)
  })
  const told = () => gh.comments('acme/tool', thread.number).map(({ id }) => ({ ...known(id), isEdited: false }))
  await reply(thread, 'answer', 'yes', { told: told() })
  expect(asked.splice(0)).toEqual(['POST'])
  // Our row of the answer is lost, as by a crash between GitHub's answer and the row.
  await db.deleteFrom('replies').where('key', '=', 'answer').where('wasteland', '=', gh.url).execute()
  await reply(thread, 'answer', 'yes, again', { told: told() })
  expect(asked).toEqual(['CommentAuthors', 'CommentTexts', 'PATCH'])
  expect(said()).toEqual(['one', 'yes, again'])
})

const known = (id: number) => ({ id, nodeId: `IC_${id}` })

it('a reply whose first request was not answered is asked for, whatever was told before', async () => {
  gh.fault({ method: 'POST', path: /\/comments$/, status: 502, after: true })
  await expect(reply(thread, 'status', 'one', { told: [] })).rejects.toThrow()
  await expect
    .poll(() => reply(thread, 'status', 'two', { told: [] }).then(said, () => []), { timeout: 10_000 })
    .toEqual(['two'])
})

it('a comment that somebody deleted or edited is written again once GitHub tells so, and stays as it is where it does not', async () => {
  await reply(thread, 'status', 'one')
  const [{ id }] = gh.comments('acme/tool', thread.number) as [{ id: number }]
  gh.as('alice').editComment('acme/tool', id, 'mine')
  await reply(thread, 'status', 'one')
  expect(said()).toEqual(['mine'])
  await reply(thread, 'status', 'one', { told: [{ ...known(id), isEdited: true }] })
  expect(said()).toEqual(['one'])
  gh.as('alice').deleteComment('acme/tool', id)
  await reply(thread, 'status', 'one', { told: [] })
  expect(said()).toEqual(['one'])
  // Told by a replica of GitHub's that is behind: the comment is there, and there is no second one.
  await reply(thread, 'status', 'one', { told: [] })
  expect(said()).toEqual(['one'])
})
