import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { removeEmbeddedPostgres } from '../../src/operations/embedded-postgres.ts'
import { say } from './sound.ts'
import { history, inReview, openPull, OWNER, postItem, recorded, startWorld, type World } from './world.ts'

const DAY_MS = 24 * 3_600_000
const FILE = '.github/wasteland.yml'
/** A scheduled job brings it, in its own time. */
const SOON = { timeout: 30_000, interval: 50 }
const LINE = '/wl reject reason="The tests do not run"'

describe('the term of a claim', () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  let ahead = 0
  beforeAll(async () => {
    const clock = { now: () => new Date(Date.now() + ahead), pollIntervalMs: 100 }
    world = await startWorld({ clock })
    ada = world.gh.as(OWNER)
    for (const login of ['bob', 'vic']) world.gh.user(login)
  }, 120_000)
  afterAll(() => world.close())
  beforeEach(() => void (ahead = 0))

  const statusOf = async (id: string) => (await recorded(world, id)).status
  const claimed = (id: string) => world.sql(`SELECT updated_at FROM wanted WHERE id = '${id}'`)

  /** For how many days the claim on an item lasts, and where its end is announced. Undefined while nobody has noted it. */
  async function termOf(id: string) {
    const [row] = await world.ops(`SELECT * FROM claims WHERE wanted_id = '${id}'`)
    if (row === undefined) return undefined
    const since = Date.parse(`${(await claimed(id))[0]!['updated_at'].slice(0, 19).replace(' ', 'T')}Z`)
    return {
      days: (row['ends_at'].getTime() - since) / DAY_MS,
      thread: row['number'] === null ? null : `${row['owner']}/${row['repo']}#${row['number']}`,
    }
  }

  async function claimIn(repo: string, settings: string) {
    ada.writeFile(repo, FILE, settings)
    const id = await postItem(world, repo, 'Count', '/wl post effort=small')
    world.gh.as('bob').comment(repo, 1, '/wl claim')
    await world.idle()
    return id
  }

  it('is that of its repository’s settings, also when the operations store is lost', async () => {
    const repo = world.repository('own-days')
    const id = await claimIn(repo, 'claims:\n  small: 20\n')
    expect(await termOf(id)).toEqual({ days: 20, thread: `${repo}#1` })
    await world.restart(async () => removeEmbeddedPostgres(join(world.config.dataDir, 'postgres')))
    await expect.poll(() => termOf(id), SOON).toEqual({ days: 20, thread: `${repo}#1` })
  })

  it('is the standard one where the repository is gone; one that refuses or does not answer holds up no other', async () => {
    const repos = ['gone', 'hidden', 'silent', 'there'].map((name) => world.repository(name))
    const ids: string[] = []
    for (const repo of repos) ids.push(await claimIn(repo, 'claims:\n  small: 20\n'))
    world.gh.fault({ path: /\/ada\/gone\/installation$/, status: 404, times: 1_000 })
    const shown = world.gh.fault({ path: /\/ada\/hidden$/, status: 403, times: 1_000 })
    const mended = world.gh.fault({ path: /\/ada\/silent\/installation$/, status: 502, times: 1_000 })
    await world.ops('DELETE FROM claims')
    await expect
      .poll(async () => Promise.all(ids.map(termOf)), SOON)
      .toEqual([{ days: 7, thread: null }, undefined, undefined, { days: 20, thread: `${repos[3]}#1` }])
    mended()
    shown()
    await expect.poll(() => termOf(ids[1]!), SOON).toEqual({ days: 20, thread: `${repos[1]}#1` })
    await expect.poll(() => termOf(ids[2]!), SOON).toEqual({ days: 20, thread: `${repos[2]}#1` })
  })

  describe('that a rejected and then merged pull request leaves', () => {
    async function rejectedAndMerged(name: string) {
      const repo = world.repository(name)
      ada.writeFile(repo, FILE, 'claims:\n  medium: 3\n')
      const { id, number } = await inReview(world, repo)
      await say(world, repo, number, 'mia', LINE)
      ada.merge(repo, number)
      await world.idle()
      return { repo, id, number }
    }

    it('runs out as any does: its author is told before and after, and the item goes on to others', async () => {
      const { repo, id, number } = await rejectedAndMerged('merged')
      expect(await recorded(world, id)).toMatchObject({ status: 'claimed', holder: 'bob', completions: [] })
      expect(world.said(repo, number)[0]).toMatch(
        /\*\*Rejected\*\* .*: `The tests do not run` This pull request is merged, so nothing new can come from it/,
      )
      const waiting = openPull(world, repo, 'vic', { body: `Wanted: ${id}` })
      await world.idle()
      expect(world.said(repo, waiting)).toEqual([expect.stringContaining('**Taken**')])
      await expect.poll(() => termOf(id), SOON).toEqual({ days: 3, thread: `${repo}#1` })
      ahead = 2.1 * DAY_MS
      await expect.poll(() => world.said(repo, 1).at(-1), SOON).toMatch(/^@bob your claim on .* runs out on/)
      expect(await statusOf(id)).toBe('claimed')
      ahead = 3.2 * DAY_MS
      await expect.poll(() => world.said(repo, 1).at(-1), SOON).toMatch(/^@bob the claim on .* ran out/)
      await expect.poll(() => statusOf(id), SOON).toBe('in_review')
      await world.idle()
      const steps = [
        `wl claim: ${id} — bob`,
        `wl done: ${id} — bob`,
        `wl reject: ${id} — The tests do not run — mia`,
        `wl unclaim: ${id} — bob`,
        `wl claim: ${id} — vic`,
        `wl done: ${id} — vic`,
      ]
      expect((await history(world, id)).slice(1)).toEqual(steps)
      // What is merged takes the item no more, even when it is free.
      world.gh.as('vic').close(repo, waiting)
      world.gh.as('bob').editTitle(repo, number, 'Look again')
      await world.idle()
      expect((await history(world, id)).slice(1)).toEqual([...steps, `wl unclaim: ${id} — vic`])
      expect(await say(world, repo, number, 'mia', '/wl stamp quality=4')).toContain(
        'this head was rejected and is merged, so nothing new can come from this pull request. A new one can bring it.',
      )
    })

    it('is announced on the pull request when the item has no issue, and the rejection came after the merge', async () => {
      const repo = world.repository('no-issue')
      const id = 'w-0000000001'
      await world.sql(
        `INSERT INTO wanted (id, title, description, status, effort_level, posted_by, created_at, updated_at)
         VALUES ('${id}', 'By wl', 'Text', 'open', 'trivial', 'theirs', '2026-01-01', '2026-01-01')`,
      )
      await world.sql(`CALL DOLT_COMMIT('-Am', 'wl post: ${id}')`)
      const number = openPull(world, repo, 'bob', { body: `Wanted: ${id}` })
      await world.idle()
      ada.merge(repo, number)
      await world.idle()
      expect(await statusOf(id)).toBe('in_review')
      expect(await say(world, repo, number, 'mia', LINE)).toContain('only a new pull request can bring that')
      await expect.poll(() => termOf(id), SOON).toEqual({ days: 3, thread: `${repo}#${number}` })
      ahead = 2.1 * DAY_MS
      await expect.poll(() => world.said(repo, number).at(-1), SOON).toMatch(/^@bob your claim on/)
      ahead = 3.2 * DAY_MS
      await expect.poll(() => statusOf(id), SOON).toBe('open')
      await expect.poll(() => world.said(repo, number).at(-1), SOON).toMatch(/^@bob the claim on/)
    })

    it('ends when a new pull request of its author takes its place, or when they let it go', async () => {
      const { repo, id } = await rejectedAndMerged('again')
      await expect.poll(() => termOf(id), SOON).toMatchObject({ days: 3 })
      const next = openPull(world, repo, 'bob', { body: `Wanted: ${id}` })
      await world.idle()
      expect(world.said(repo, next)).toEqual([expect.stringContaining('**In review**')])
      expect(await recorded(world, id)).toMatchObject({ status: 'in_review', holder: 'bob' })
      await expect.poll(() => termOf(id), SOON).toBeUndefined()
      const other = await rejectedAndMerged('let-go')
      expect(await say(world, other.repo, other.number, 'bob', `/wl unclaim ${other.id}`)).toContain('Released')
      expect(await statusOf(other.id)).toBe('open')
    })
  })

  it('is none for what a rejected pull request that closes unmerged holds: it is let go at once', async () => {
    const repo = world.repository('closed')
    const { id, number } = await inReview(world, repo)
    await say(world, repo, number, 'mia', LINE)
    const waiting = openPull(world, repo, 'vic', { body: `Wanted: ${id}` })
    await world.idle()
    world.gh.as('bob').close(repo, number)
    await world.idle()
    expect(await recorded(world, id)).toMatchObject({ status: 'in_review', holder: 'vic' })
    expect(world.said(repo, waiting)).toEqual([expect.stringContaining('**In review**')])
  })
})
