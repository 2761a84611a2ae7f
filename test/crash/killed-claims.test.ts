import { mkdtempSync, renameSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { beginTapped, type Life } from './life.ts'
import { startStores, type Stores } from './stores.ts'
import { somePoints } from './points.ts'
import { REPO } from './story.ts'
import { type Step, strikeAfter } from './strike.ts'
import type { Tap } from './tap.ts'
import { deadLetters } from '../queue-rows.ts'

const DAY_MS = 24 * 3_600_000
const TEST_MS = 180_000
const POLL = { timeout: 120_000, interval: 100 }
const BOT = 'wasteland-bridge[bot]'

const ANNOUNCING: Step[] = [
  ['the job is put', 'Postgres', /INSERT INTO jobs.*claim\//s],
  ['it has asked what was said', 'Postgres', /select \* from "replies".*claim\//s],
  ['it has looked for its comment', 'GitHub', /^POST \/graphql CommentAuthors/],
  ['it has commented', 'GitHub', /^POST .*\/comments/],
  ['the comment is noted', 'Postgres', /insert into "replies".*claim\//s],
  ['the announcement is noted', 'Postgres', /insert into "claims"/],
  ['the job is completed', 'Postgres', /SET state = 'completed', completed_at/],
]
const RELEASING: Step[] = [
  ['the job is put', 'Postgres', /INSERT INTO jobs.*claim\//s],
  ['it has the lock', 'Dolt', /GET_LOCK/],
  ['the item is moved', 'Dolt', /update `wanted` set `status` = 'open'/],
  ['the Dolt commit is made', 'Dolt', /DOLT_COMMIT\('-Am', 'wl unclaim/],
  ['all is committed', 'Dolt', /[^_]COMMIT$/],
  ['the lock is given back', 'Dolt', /RELEASE_LOCK/],
  ['it has looked for its comment', 'GitHub', /^POST \/graphql CommentAuthors/],
  ['it has commented', 'GitHub', /^POST .*\/comments/],
  ['the comment is noted', 'Postgres', /insert into "replies".*claim\//s],
  ['the item is passed on', 'Postgres', /INSERT INTO jobs.*"revisit"/s],
  ['the job is completed', 'Postgres', /SET state = 'completed', completed_at/],
  ['the next one has the item', 'Dolt', /DOLT_COMMIT\('-Am', 'wl claim/],
  ['the next one is told', 'GitHub', /^POST \/graphql Publish/],
]

describe('SIGKILL of the bridge while a claim runs out, then a restart: one announcement, one release, passed on once', () => {
  const dir = mkdtempSync(join(tmpdir(), 'wasteland-ahead-'))
  let stores: Stores
  let life: Life & { dolt: Tap; postgres: Tap }
  let items = 0
  beforeAll(async () => {
    setAhead(0)
    stores = await startStores()
    life = await beginTapped(stores, 'claims', 0, 'age at once', join(dir, 'ahead'))
    await life.revive()
  }, 120_000)
  afterAll(async () => {
    await life.close()
    await stores.close()
    await rm(dir, { recursive: true })
  })

  it.each(somePoints(ANNOUNCING, 'announcing'))(
    'in the announcement, when %s',
    async (_done, at, text) => {
      const item = await claimed()
      const struck = strikeAfter(life, at, text)
      await announced(item)
      expect(struck()).toBe(true)
      await passedOn(item)
      await expectOnce(item)
    },
    TEST_MS,
  )

  it.each(somePoints(RELEASING, 'releasing'))(
    'in the release, when %s',
    async (_done, at, text) => {
      const item = await claimed()
      await announced(item)
      const struck = strikeAfter(life, at, text)
      await passedOn(item)
      expect(struck()).toBe(true)
      await expectOnce(item)
    },
    TEST_MS,
  )

  interface Item {
    id: string
    issue: number
    /** Of the one who waits for it. */
    pull: number
    next: string
  }

  /** An item that bob holds and somebody else's pull request waits for. */
  async function claimed(): Promise<Item> {
    setAhead(0)
    const { gh } = life
    const next = `vic${++items}`
    gh.user(next)
    const { number: issue } = gh.as('ada').openIssue(REPO, { title: 'Count' })
    gh.as('ada').comment(REPO, issue, '/wl post effort=trivial')
    await life.rest()
    gh.as('bob').comment(REPO, issue, '/wl claim')
    await life.rest()
    const id = (gh.issue(REPO, issue) as { labels: { name: string }[] }).labels[0]!.name.replace('wl:', '')
    const commits = [{ files: { [`src/${next}.ts`]: 'export {}\n' } }]
    const about = { repo: REPO, title: 'Count', head: next, body: `Wanted: ${id}`, draft: true, commits }
    const { number: pull } = gh.as(next).openPullRequest(about)
    await life.rest()
    expect(said(pull)).toEqual([expect.stringContaining('**Taken**')])
    return { id, issue, pull, next }
  }

  async function announced({ id, issue }: Item) {
    setAhead(2.1)
    await restUntil(async () => {
      const [row] = await life.operations('SELECT announced FROM claims WHERE wanted_id = $1', [id])
      return said(issue).length > 2 && row?.['announced'] === true
    })
  }

  async function passedOn({ pull }: Item) {
    setAhead(3.2)
    await restUntil(async () => said(pull)[0]!.includes('**Claimed**'))
  }

  async function expectOnce({ id, issue, pull, next }: Item) {
    expect(said(issue)).toEqual([
      expect.stringContaining('On the board'),
      expect.stringContaining('Claimed'),
      expect.stringContaining('@bob your claim'),
      expect.stringContaining('@bob the claim'),
    ])
    expect(said(pull)).toHaveLength(1)
    const log = await life.ledger('SELECT * FROM dolt_log WHERE message LIKE ? ORDER BY commit_order', [`%: ${id}%`])
    expect(log.map((row) => `${String(row['message']).split('\n')[0]} — ${row['author']}`)).toEqual([
      `wl post: ${id} — ada`,
      `wl claim: ${id} — bob`,
      `wl unclaim: ${id} — bob`,
      `wl claim: ${id} — ${next}`,
    ])
    expect(await deadLetters(life.operations)).toEqual([])
    expect(await life.ledger('SELECT * FROM dolt_status')).toEqual([])
  }

  /** A scheduled job brings it, in its own time. */
  async function restUntil(isSo: () => Promise<boolean>) {
    await expect.poll(async () => (await life.rest(), isSo()), POLL).toBe(true)
  }

  /** Lets the bridge's time pass. It must not read a file half written. */
  function setAhead(days: number) {
    writeFileSync(join(dir, 'new'), String(days * DAY_MS))
    renameSync(join(dir, 'new'), join(dir, 'ahead'))
  }

  function said(number: number): string[] {
    return life.gh
      .comments(REPO, number)
      .filter((comment) => comment.user?.login === BOT)
      .map((comment) => String(comment.body))
  }
})
