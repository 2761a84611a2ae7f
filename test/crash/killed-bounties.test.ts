import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { beginTapped, type Life } from './life.ts'
import { startStores, type Stores } from './stores.ts'
import { somePoints } from './points.ts'
import { REPO } from './story.ts'
import { type Step, strikeAfter } from './strike.ts'
import type { Tap } from './tap.ts'
import { deadLetters } from '../queue-rows.ts'

const TEST_MS = 180_000
const BOT = 'wasteland-bridge[bot]'

const ENTERING: Step[] = [
  ['the branch is made', 'Dolt', /CALL DOLT_BRANCH\('bounty/],
  ['it is on the branch', 'Dolt', /USE `\w+\/bounty/],
  ['the Dolt commit is made', 'Dolt', /DOLT_COMMIT\('-Am', 'wl done/],
]
const STAMPING: Step[] = [
  ['the branch is merged', 'Dolt', /CALL DOLT_MERGE/],
  ['the Dolt commit is made', 'Dolt', /DOLT_COMMIT\('-Am', 'wl accept/],
  ['the others are to look again', 'Postgres', /INSERT INTO jobs.*"revisit"/s],
  ['an other is told', 'GitHub', /^POST \/graphql Publish/],
]
const UNDOING: Step[] = [['the Dolt commit is made', 'Dolt', /DOLT_COMMIT\('-Am', 'wl undo/]]
const REJECTING: Step[] = [
  ['the note is made', 'Dolt', /DOLT_COMMIT\('-Am', 'wl reject/],
  ['the Dolt commit is made', 'Dolt', /DOLT_COMMIT\('-Am', 'wl unclaim/],
]

describe('SIGKILL of the bridge while an open bounty is worked on, then a restart: the same rows, each told once', () => {
  let stores: Stores
  let life: Life & { dolt: Tap; postgres: Tap }
  let issue = 0
  let pulls = 0
  beforeAll(async () => {
    stores = await startStores()
    life = await beginTapped(stores, 'bounties', 0)
    await life.revive()
  }, 120_000)
  afterAll(async () => {
    await life.close()
    await stores.close()
  })

  /** Its poster may have few open items. */
  afterEach(() => void life.gh.as('ada').comment(REPO, issue, '/wl withdraw confirm'))

  it.each(somePoints(ENTERING, 'entering'))(
    'in entering, when %s',
    async (_done, at, text) => {
      const bounty = await posted()
      const struck = strikeAfter(life, at, text)
      await submit(bounty, 'bob')
      expect(struck()).toBe(true)
      await submit(bounty, 'carol')
      expect(await entries(bounty)).toBe('bob, carol')
      expect(await branchLog(bounty, 'bob')).toEqual([`wl done: ${bounty.id}`])
      await expectSettled(bounty, [`wl post: ${bounty.id}`], { bob: 'In the running', carol: 'In the running' })
    },
    TEST_MS,
  )

  it.each(somePoints(STAMPING, 'stamping'))(
    'in the stamp, when %s',
    async (_done, at, text) => {
      const bounty = await competed()
      const struck = strikeAfter(life, at, text)
      await say(bounty, '/wl stamp quality=4')
      expect(struck()).toBe(true)
      expect(await life.ledger('SELECT * FROM completions WHERE wanted_id = ?', [bounty.id])).toMatchObject([
        { completed_by: 'bob', validated_by: 'mia' },
      ])
      expect(await entries(bounty)).toBe('bob, carol')
      const log = [`wl post: ${bounty.id}`, `wl done: ${bounty.id}`, `wl accept: ${bounty.id}`]
      await expectSettled(bounty, log, { bob: 'Completed', carol: 'Not adopted' })
    },
    TEST_MS,
  )

  it.each(somePoints(UNDOING, 'undoing'))(
    'in the undo, when %s',
    async (_done, at, text) => {
      const bounty = await competed()
      await say(bounty, '/wl stamp quality=4')
      const struck = strikeAfter(life, at, text)
      await say(bounty, '/wl undo')
      expect(struck()).toBe(true)
      expect(await life.ledger('SELECT * FROM completions WHERE wanted_id = ?', [bounty.id])).toEqual([])
      expect(await entries(bounty)).toBe('bob, carol')
      const log = ['post', 'done', 'accept', 'undo'].map((word) => `wl ${word}: ${bounty.id}`)
      await expectSettled(bounty, log, { bob: 'In the running', carol: 'In the running' })
    },
    TEST_MS,
  )

  it.each(somePoints(REJECTING, 'rejecting'))(
    'in the rejection, when %s',
    async (_done, at, text) => {
      const bounty = await competed()
      const struck = strikeAfter(life, at, text)
      await say(bounty, '/wl reject reason="No tests"')
      expect(struck()).toBe(true)
      expect(await entries(bounty)).toBe('carol')
      expect(await branchLog(bounty, 'bob')).toEqual([`wl done: ${bounty.id}`, `wl unclaim: ${bounty.id}`])
      const log = [`wl post: ${bounty.id}`, `wl reject: ${bounty.id} — No tests`]
      await expectSettled(bounty, log, { bob: 'Rejected', carol: 'In the running' })
    },
    TEST_MS,
  )

  interface Bounty {
    id: string
    pulls: Record<string, number>
  }

  async function posted(): Promise<Bounty> {
    issue = life.gh.as('ada').openIssue(REPO, { title: 'Count' }).number
    life.gh.as('ada').comment(REPO, issue, '/wl post bounty')
    await life.rest()
    const { labels } = life.gh.issue(REPO, issue) as { labels: { name: string }[] }
    return { id: labels[0]!.name.replace('wl:', ''), pulls: {} }
  }

  async function competed(): Promise<Bounty> {
    const bounty = await posted()
    await submit(bounty, 'bob')
    await submit(bounty, 'carol')
    return bounty
  }

  async function submit(bounty: Bounty, login: string) {
    life.gh.user(login)
    const head = `${login}-${++pulls}`
    const commits = [{ files: { [`src/${head}.ts`]: 'export {}\n' } }]
    const about = { repo: REPO, title: 'Count', head, body: `Wanted: ${bounty.id}`, commits }
    bounty.pulls[login] = life.gh.as(login).openPullRequest(about).number
    await life.rest()
  }

  /** Mia says it on bob's pull request. */
  async function say(bounty: Bounty, line: string) {
    life.gh.as('mia').comment(REPO, bounty.pulls['bob']!, line)
    await life.rest()
  }

  async function branches({ id }: Bounty): Promise<string[]> {
    const rows = await life.ledger('SELECT name FROM dolt_branches WHERE name LIKE ?', [`bounty/${id}/%`])
    return rows.map((row) => String(row['name']))
  }

  async function entries(bounty: Bounty): Promise<string> {
    const found: string[] = []
    for (const branch of await branches(bounty)) {
      const rows = await life.ledger('SELECT completed_by FROM completions AS OF ? WHERE id = ?', [
        branch,
        branch.split('/')[2],
      ])
      found.push(...rows.map((row) => String(row['completed_by'])))
    }
    return found.toSorted((a, b) => a.localeCompare(b)).join(', ')
  }

  async function branchLog(bounty: Bounty, author: string): Promise<string[]> {
    for (const branch of await branches(bounty)) {
      const log = await life.ledger('SELECT * FROM DOLT_LOG(?)', [`main..${branch}`])
      if (log.some((row) => row['author'] === author)) return log.map(subject).toReversed()
    }
    return []
  }

  /** The subjects on main, in any order among those of one merge, and the one comment of each pull request. */
  async function expectSettled(bounty: Bounty, log: string[], told: Record<string, string>) {
    const commits = await life.ledger('SELECT * FROM dolt_log WHERE message LIKE ? ORDER BY commit_order', [
      `%: ${bounty.id}%`,
    ])
    expect(commits.map(subject)).toEqual(log)
    for (const [login, words] of Object.entries(told)) {
      const own = life.gh.comments(REPO, bounty.pulls[login]!).filter((comment) => comment.user?.login === BOT)
      const status = own.filter((comment) => String(comment.body).startsWith('### Wasteland'))
      expect(status.map((comment) => String(comment.body))).toEqual([expect.stringContaining(`**${words}**`)])
    }
    expect(await deadLetters(life.operations)).toEqual([])
    expect(await life.ledger('SELECT * FROM dolt_status')).toEqual([])
  }

  function subject(row: Record<string, unknown>): string {
    return String(row['message']).split('\n')[0]!
  }
})
