import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { send } from '../crash/signed.ts'
import { deliverAgain, expectRefused, ledgerHead } from './talk.ts'
import { removeEmbeddedPostgres } from '../../src/operations/embedded-postgres.ts'
import {
  history,
  MANY_REQUESTS,
  message,
  openPull,
  OWNER,
  postItem,
  postItems,
  recorded,
  startWorld,
  vouchForRows,
  type World,
} from './world.ts'

const DAY = 24 * 3600

describe('claims', () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  let ahead = 0
  let runs = 0
  const clock = {
    now: () => new Date(Date.now() + ahead),
    pollIntervalMs: 100,
    jobEnded: (name: string) => void (runs += name === 'claims' ? 1 : 0),
  }
  beforeAll(async () => {
    world = await startWorld({ config: { policy: MANY_REQUESTS }, clock })
    ada = world.gh.as(OWNER)
    for (const login of ['ann', 'bob', 'sam', 'cap', 'tina', 'vic']) world.gh.user(login)
    // Who posts for every test must not meet the cap of level 1.
    await postItem(world, world.repository('first-post'), 'First')
    await world.sql(`UPDATE rigs SET trust_level = 3 WHERE handle = '${OWNER}'`)
    await vouchForRows(world)
  }, 120_000)
  afterAll(() => world.close())

  /** Lets the bridge's time pass, not GitHub's, and waits until a look that began after that is over. */
  async function later(days: number) {
    ahead += days * DAY * 1000
    for (const seen = runs; runs < seen + 2;) await sleep(20)
    await world.idle()
  }

  describe('/wl claim', () => {
    it('on the item’s issue, by anyone, until a day that the effort gives', async () => {
      const repo = world.repository('claim')
      const id = await postItem(world, repo, 'Count', '/wl post effort=small')
      world.gh.as('bob').comment(repo, 1, '/wl claim')
      await world.idle()
      expect(await recorded(world, id)).toMatchObject({ status: 'claimed', holder: 'bob' })
      expect((await history(world, id)).at(-1)).toBe(`wl claim: ${id} — bob`)
      const reply = world.said(repo, 1)[1]!
      const ends = new Date(world.gh.clock.now() + 7 * DAY * 1000).toISOString().slice(0, 10)
      expect(reply).toContain(`Claimed \`${id}\` \`Count\` for \`bob\` until **${ends}`)
      expect(reply).toContain('Recorded for the rig `bob`')
      world.gh.as('bob').comment(repo, 1, '/wl claim')
      world.gh.as('ann').comment(repo, 1, '/wl claim')
      await world.idle()
      expect(world.said(repo, 1).slice(2)).toEqual([
        `\`${id}\` is yours already. Saying it again does not prolong the claim; an open pull request does.`,
        `\`${id}\` cannot be claimed: it is claimed by \`bob\`. A pull request that names it waits in line for it.`,
      ])
      world.gh.as('bob').comment(repo, 1, '/wl unclaim')
      await world.idle()
      expect(await recorded(world, id)).toMatchObject({ status: 'open', holder: null })
      expect((await history(world, id)).at(-1)).toBe(`wl unclaim: ${id} — bob`)
      expect(await world.ops(`SELECT * FROM claims WHERE wanted_id = '${id}'`)).toEqual([])
    })

    it('anywhere with an id; without one a thread that names no item says so', async () => {
      const repo = world.repository('claim-anywhere')
      const id = await postItem(world, repo)
      const thread = ada.openIssue(repo, { title: 'Chat' })
      const number = openPull(world, repo, 'vic')
      world.gh.as('ann').comment(repo, thread.number, '/wl claim')
      world.gh.as('vic').comment(repo, number, '/wl claim')
      world.gh.as('ann').comment(repo, thread.number, '/wl claim w-00000000ff')
      world.gh.as('ann').comment(repo, thread.number, `/wl claim ${id}`)
      await world.idle()
      expect(world.said(repo, thread.number)).toEqual([
        expect.stringContaining('This issue is not on the board'),
        'There is no item `w-00000000ff` on this board. `/wl board` lists the open ones.',
        expect.stringContaining(`Claimed \`${id}\``),
      ])
      expect(world.said(repo, number)).toEqual([
        'This pull request names no wanted item. Name one: `/wl claim w-0123456789`. `/wl board` lists the open ones.',
      ])
      world.gh.as('ann').comment(repo, thread.number, `/wl unclaim ${id}`)
      await world.idle()
    })

    it('on a pull request that names several items, or of what is in review or completed, is refused', async () => {
      const repo = world.repository('claim-which')
      const ids = [await postItem(world, repo), await postItem(world, repo)]
      const number = openPull(world, repo, 'vic', { body: ids.map((id) => `Wanted: ${id}`).join('\n\n') })
      await world.idle()
      const ann = { repo, number }
      await expectRefused(
        world,
        ann,
        'ann',
        '/wl claim',
        /names several items: .* Say which: `\/wl claim w-[0-9a-f]{10}`/,
      )
      const line = `/wl claim ${ids[0]}`
      await expectRefused(world, ann, 'ann', line, /it is in review by `vic`\. `\/wl board` lists the open ones/)
      world.gh.as('mia').comment(repo, number, `/wl stamp ${ids[0]} quality=4`)
      await world.idle()
      await expectRefused(world, ann, 'ann', line, /it is completed by `vic`\. `\/wl board` lists the open ones/)
    })

    it('of an item that a pull request named first is refused, and that one gets it', async () => {
      const repo = world.repository('claim-first')
      const id = 'w-00000000fe'
      const number = openPull(world, repo, 'vic', { body: `Wanted: ${id}` })
      const thread = { repo, number: ada.openIssue(repo, { title: 'Talk' }).number }
      await world.idle()
      await world.sql(`INSERT INTO wanted (id, title, status) VALUES ('${id}', 'Of wl', 'open')`)
      await world.sql(`CALL DOLT_COMMIT('-Am', 'wl post: ${id}')`)
      world.gh.user('una')
      world.gh.as('una').comment(repo, thread.number, `/wl claim ${id}`)
      await world.idle()
      expect(world.said(repo, thread.number)).toEqual([
        `A pull request named \`${id}\` first and gets it: \`${repo}#${number}\`. \`/wl board\` lists other items.`,
      ])
      expect(await recorded(world, id)).toMatchObject({ status: 'in_review', holder: 'vic' })
      expect(await world.sql(`SELECT handle FROM rigs WHERE handle = 'una'`)).toEqual([])
    })

    it('of an open bounty, and of one that is over, is refused', async () => {
      const repo = world.repository('claim-bounty')
      const id = await postItem(world, repo, 'Bounty', '/wl post bounty')
      ada.comment(repo, 1, '/wl claim')
      ada.comment(repo, 1, '/wl withdraw confirm')
      ada.comment(repo, 1, '/wl claim')
      await world.idle()
      expect(world.said(repo, 1)[1]).toContain(`\`${id}\` is an open bounty, which nobody claims.`)
      expect(world.said(repo, 1)[3]).toBe(
        `\`${id}\` cannot be claimed: it is withdrawn. \`/wl board\` lists the open ones.`,
      )
    })

    it('of more than the trust level allows is refused, and so is a pull request’s claim, until one is let go', async () => {
      const repo = world.repository('claim-cap')
      const ids: string[] = []
      for (const title of ['One', 'Two', 'Three', 'Four', 'Five']) ids.push(await postItem(world, repo, title))
      for (const id of ids.slice(0, 4)) world.gh.as('cap').comment(repo, 5, `/wl claim ${id}`)
      await world.idle()
      expect(world.said(repo, 5).at(-1)).toBe(
        '`cap` holds as many open claims as trust level 1 allows (3). Submit one, or release one with `/wl unclaim w-…`. ' +
          `You hold ${ids
            .slice(0, 3)
            .toSorted()
            .map((id) => `\`${id}\``)
            .join(', ')}.`,
      )
      const first = openPull(world, repo, 'cap', { body: `Wanted: ${ids[4]}`, draft: true })
      await world.idle()
      expect(world.said(repo, first)).toEqual([expect.stringContaining('**Not claimed**')])
      expect(world.said(repo, first)[0]).toContain('holds as many open claims as trust level 1 allows (3)')
      expect(await recorded(world, ids[4]!)).toMatchObject({ status: 'open', completions: [] })
      world.gh.as('cap').comment(repo, 5, `/wl unclaim ${ids[0]}`)
      await world.idle()
      expect(world.said(repo, first)).toEqual([expect.stringContaining('**Claimed**')])
      expect(await recorded(world, ids[4]!)).toMatchObject({ status: 'claimed', holder: 'cap' })
      world.gh.as('cap').close(repo, first)
      for (const id of ids.slice(1, 3)) world.gh.as('cap').comment(repo, 5, `/wl unclaim ${id}`)
      await world.idle()
    })

    it('is none where twelve ready pull requests of one author are labelled at once: all are submitted, and stamped', async () => {
      const repo = world.repository('claim-none-when-ready')
      const ids = await postItems(
        world,
        Array.from({ length: 12 }, () => repo),
      )
      const pulls = ids.map(() => openPull(world, repo, 'vic'))
      await world.idle()
      world.gh.hold()
      for (const [n, id] of ids.entries()) world.gh.as(OWNER).label(repo, pulls[n]!, `wl:${id}`)
      for (const number of pulls) world.gh.as('mia').comment(repo, number, '/wl stamp quality=4')
      world.gh.release()
      await world.idle()
      for (const [n, id] of ids.entries()) {
        expect((await history(world, id)).slice(1)).toEqual([
          `wl claim: ${id} — vic`,
          `wl done: ${id} — vic`,
          `wl accept: ${id} — mia`,
        ])
        expect(world.said(repo, pulls[n]!)).toEqual([expect.stringContaining('**Completed**')])
      }
    })

    it('of three drafts does not keep a finished fourth pull request waiting, and a fifth draft follows by itself', async () => {
      const repo = world.repository('claim-drafts')
      const ids = await postItems(
        world,
        Array.from({ length: 6 }, () => repo),
      )
      const draft = (n: number) => openPull(world, repo, 'dora', { body: `Wanted: ${ids[n]}`, draft: true })
      const drafts = [draft(0), draft(1), draft(2)]
      await world.idle()
      const ready = openPull(world, repo, 'dora', { body: `Wanted: ${ids[3]}` })
      // One after the other: who was seen first is first in line.
      const fifth = draft(4)
      await world.idle()
      const late = [fifth, draft(5)]
      await world.idle()
      expect(world.said(repo, ready)).toEqual([expect.stringContaining('**In review**')])
      for (const number of late) {
        expect(world.said(repo, number)).toEqual([expect.stringContaining('**Not claimed**')])
        expect(world.said(repo, number)[0]).toContain('mark this pull request ready for review')
      }
      world.gh.as('dora').readyForReview(repo, drafts[0]!)
      await world.idle()
      expect(late.map((number) => world.said(repo, number)[0]!.slice(0, 30))).toEqual([
        expect.stringContaining('**Claimed**'),
        expect.stringContaining('**Not claimed**'),
      ])
      // Back to a draft, it would be one too many: it lets its item go.
      world.gh.as('dora').convertToDraft(repo, drafts[0]!)
      await world.idle()
      expect(await recorded(world, ids[0]!)).toMatchObject({ status: 'open', holder: null, completions: [] })
      for (const number of [...drafts, ...late]) world.gh.as('dora').close(repo, number)
      await world.idle()
    })

    it('does not wait behind a capped pull request, and neither does another pull request', async () => {
      const repo = world.repository('claim-capped-line')
      const ids: string[] = []
      for (const title of ['One', 'Two', 'Three', 'Four']) ids.push(await postItem(world, repo, title))
      for (const id of ids.slice(0, 3)) world.gh.as('tina').comment(repo, 4, `/wl claim ${id}`)
      await world.idle()
      const first = openPull(world, repo, 'tina', { body: `Wanted: ${ids[3]}`, draft: true })
      await world.idle()
      const second = openPull(world, repo, 'bob', { body: `Wanted: ${ids[3]}` })
      await world.idle()
      expect(world.said(repo, first)).toEqual([expect.stringContaining('**Not claimed**')])
      expect(world.said(repo, second)).toEqual([expect.stringContaining('**In review**')])
      world.gh.as('bob').close(repo, second)
      await world.idle()
      expect(await recorded(world, ids[3]!)).toMatchObject({ status: 'open' })
      // Room is made by work that is submitted, too.
      const done = openPull(world, repo, 'tina', { body: `Wanted: ${ids[0]}` })
      await world.idle()
      expect(world.said(repo, done)).toEqual([expect.stringContaining('**In review**')])
      expect(world.said(repo, first)).toEqual([expect.stringContaining('**Claimed**')])
      world.gh.as('tina').close(repo, first)
      for (const id of ids.slice(1, 3)) world.gh.as('tina').comment(repo, 4, `/wl unclaim ${id}`)
      await world.idle()
    })

    it('by a suspended rig is refused', async () => {
      const repo = world.repository('claim-suspended')
      const id = await postItem(world, repo)
      world.gh.as('sam').comment(repo, 1, '/wl claim\n/wl unclaim')
      await world.idle()
      await world.sql(`UPDATE rigs SET trust_level = -1 WHERE handle = 'sam'`)
      await vouchForRows(world)
      world.gh.as('sam').comment(repo, 1, '/wl claim')
      const number = openPull(world, repo, 'sam', { body: `Wanted: ${id}` })
      await world.idle()
      expect(world.said(repo, 1).at(-1)).toContain('`sam` is suspended and may claim nothing.')
      expect(world.said(repo, number)[0]).toContain('`sam` is suspended and may claim nothing.')
      expect((await recorded(world, id)).status).toBe('open')
    })
  })

  describe('/wl withdraw', () => {
    it('tells a pull request that its cap keeps waiting', async () => {
      const repo = world.repository('withdraw-told')
      const ids: string[] = []
      for (const title of ['One', 'Two', 'Three', 'Four']) ids.push(await postItem(world, repo, title))
      world.gh.user('tim')
      for (const id of ids.slice(0, 3)) world.gh.as('tim').comment(repo, 1, `/wl claim ${id}`)
      await world.idle()
      const number = openPull(world, repo, 'tim', { body: `Wanted: ${ids[3]}`, draft: true })
      await world.idle()
      world.gh.as('mia').comment(repo, 4, '/wl withdraw confirm')
      await world.idle()
      expect(await message(world, `wl delete: ${ids[3]}`)).toContain('Authority: github maintain')
      expect(world.said(repo, number)).toEqual([expect.stringContaining('**Withdrawn**')])
    })
  })

  describe('/wl post', () => {
    it('of more open items than the trust level allows is refused, until one is withdrawn', async () => {
      const repo = world.repository('posts-cap')
      const items = () => world.sql('SELECT id FROM wanted WHERE description LIKE ?', [`%/${repo}/issues/%`])
      const ann = world.gh.as('ann')
      const issues = Array.from({ length: 6 }, (_, n) => ann.openIssue(repo, { title: `Item ${n}` }))
      for (const issue of issues) ann.comment(repo, issue.number, '/wl post')
      await world.idle()
      const posted = await items()
      expect(posted).toHaveLength(5)
      const refused = issues.find((issue) => world.said(repo, issue.number)[0]!.startsWith('You have'))!
      expect(world.said(repo, refused.number)).toEqual([
        'You have as many open items on the board as trust level 1 allows (5). Take one off with `/wl withdraw w-…`, or ask somebody of a higher level to post this one.',
      ])
      ann.comment(repo, refused.number, `/wl withdraw ${posted[0]!['id']} confirm`)
      await world.idle()
      ann.comment(repo, refused.number, '/wl post')
      await world.idle()
      expect(await items()).toHaveLength(6)
    })
  })

  describe('/wl unclaim', () => {
    it('by a maintainer says by what; by a stranger, and where there is no claim, is refused', async () => {
      const repo = world.repository('unclaim')
      const id = await postItem(world, repo)
      world.gh.as('ann').comment(repo, 1, '/wl unclaim')
      await world.idle()
      expect(world.said(repo, 1)[1]).toBe(`There is no claim on \`${id}\` to release: it is open.`)
      world.gh.as('bob').comment(repo, 1, '/wl claim')
      await world.idle()
      world.gh.as('ann').comment(repo, 1, '/wl unclaim')
      await world.idle()
      expect(world.said(repo, 1)[3]).toMatch(/^Only the claimant, a maintainer of the repository/)
      world.gh.as('mia').comment(repo, 1, '/wl unclaim')
      await world.idle()
      expect((await history(world, id)).at(-1)).toBe(`wl unclaim: ${id} — mia`)
      expect(await message(world, `wl unclaim: ${id}`)).toContain(`Authority: github maintain ${repo}#`)
      expect(world.said(repo, 1)[4]).toBe(`Released: \`${id}\` \`Count the loops\` is open again.`)
    })

    it('gives the item to the pull request that waits for it', async () => {
      const repo = world.repository('unclaim-next')
      const id = await postItem(world, repo)
      world.gh.as('bob').comment(repo, 1, '/wl claim')
      await world.idle()
      const number = openPull(world, repo, 'vic', { body: `Wanted: ${id}` })
      await world.idle()
      expect(world.said(repo, number)).toEqual([expect.stringContaining('**Taken**')])
      world.gh.as('bob').comment(repo, 1, '/wl unclaim')
      await world.idle()
      expect(await recorded(world, id)).toMatchObject({ status: 'in_review', holder: 'vic' })
      world.gh.as('vic').comment(repo, number, '/wl unclaim')
      await world.idle()
      expect(world.said(repo, number)[1]).toContain(
        'Its pull request is closed, or its label taken off, to take the work back; other work a maintainer sends back, `/wl reject`.',
      )
    })

    it('is said of a whole item only: none named, an unknown one, or one over, is refused', async () => {
      const repo = world.repository('unclaim-which')
      const id = await postItem(world, repo)
      const thread = { repo, number: ada.openIssue(repo, { title: 'Talk' }).number }
      await expectRefused(world, thread, 'bob', '/wl unclaim', /This issue is not on the board/)
      await expectRefused(world, thread, 'bob', '/wl unclaim w-00000000ff', /There is no item `w-00000000ff`/)
      ada.comment(repo, 1, '/wl withdraw confirm')
      await world.idle()
      await expectRefused(
        world,
        thread,
        OWNER,
        `/wl unclaim ${id}`,
        /There is no claim .* to release: it is withdrawn\./,
      )
    })

    it('that is told again, and a claim, leave alone what another claimed since', { timeout: 180_000 }, async () => {
      const repo = world.repository('unclaim-again')
      const id = await postItem(world, repo)
      const said = ['/wl claim', '/wl unclaim'].map((line) => world.gh.as('bob').comment(repo, 1, line))
      await world.idle()
      world.gh.clock.advance(60)
      world.gh.as('ann').comment(repo, 1, '/wl claim')
      await world.idle()
      const outcome = async () => [
        await ledgerHead(world),
        await world.ops(`SELECT rig, ends_at FROM claims WHERE wanted_id = '${id}'`),
        world.said(repo, 1),
      ]
      const before = await outcome()
      expect(before[1]).toMatchObject([{ rig: 'ann' }])
      for (const comment of said) await deliverAgain(world, comment)
      expect(await outcome()).toEqual(before)
      world.gh.as('ann').comment(repo, 1, '/wl unclaim')
      await world.idle()
    })

    it('is not what a closed pull request does, whatever is told of it again', async () => {
      const repo = world.repository('claim-after-close')
      const id = await postItem(world, repo)
      const number = openPull(world, repo, 'bob', { body: `Wanted: ${id}`, draft: true })
      world.gh.as('bob').close(repo, number)
      await world.idle()
      const closed = world.gh.deliveries.findLast(({ action }) => action === 'closed')!
      world.gh.as('bob').comment(repo, 1, '/wl claim')
      await world.idle()
      expect(await send(world.gh, world.bridge, { ...closed, guid: randomUUID() })).toBe(202)
      await world.idle()
      expect(await recorded(world, id)).toMatchObject({ status: 'claimed', holder: 'bob' })
    })

    it('of what a pull request holds is refused, and says how', async () => {
      const repo = world.repository('unclaim-held')
      const id = await postItem(world, repo)
      const number = openPull(world, repo, 'bob', { body: `Wanted: ${id}`, draft: true })
      await world.idle()
      world.gh.as('bob').comment(repo, number, '/wl unclaim')
      await world.idle()
      expect(world.said(repo, number)[1]).toContain(
        `is held by the pull request \`${repo}#${number}\` and would be claimed again`,
      )
      expect((await recorded(world, id)).status).toBe('claimed')
    })
  })

  describe('a claim made by a command', () => {
    beforeEach(() => void (ahead = 0))

    it('is announced, then runs out, and the next pull request gets the item', async () => {
      const repo = world.repository('runs-out')
      const id = await postItem(world, repo, 'Count', '/wl post effort=trivial')
      world.gh.as('bob').comment(repo, 1, '/wl claim')
      await world.idle()
      await later(1.9)
      expect(world.said(repo, 1)).toHaveLength(2)
      await later(0.2)
      expect(world.said(repo, 1)).toHaveLength(3)
      expect(world.said(repo, 1)[2]).toMatch(
        new RegExp(`^@bob your claim on \`${id}\` \`Count\` runs out on \\*\\*\\d{4}-`),
      )
      const number = openPull(world, repo, 'vic', { body: `Wanted: ${id}`, draft: true })
      await world.idle()
      expect(await recorded(world, id)).toMatchObject({ status: 'claimed', holder: 'bob' })
      await later(1)
      expect(world.said(repo, 1)).toHaveLength(4)
      expect(world.said(repo, 1)[3]).toContain(`@bob the claim on \`${id}\` \`Count\` ran out`)
      expect((await history(world, id)).slice(1)).toEqual([
        `wl claim: ${id} — bob`,
        `wl unclaim: ${id} — bob`,
        `wl claim: ${id} — vic`,
      ])
      expect(await message(world, `wl unclaim: ${id}`)).toContain('\nReason: ran out')
      expect(world.said(repo, number)).toEqual([expect.stringContaining('**Claimed**')])
      await later(10)
      expect(world.said(repo, 1)).toHaveLength(4)
      expect(await recorded(world, id)).toMatchObject({ status: 'claimed', holder: 'vic' })
    })

    it('does not run out while a pull request of the claimant is open', async () => {
      const repo = world.repository('held')
      const id = await postItem(world, repo, 'Count', '/wl post effort=trivial')
      world.gh.as('bob').comment(repo, 1, '/wl claim')
      await world.idle()
      openPull(world, repo, 'bob', { body: `Wanted: ${id}`, draft: true })
      await world.idle()
      await later(30)
      expect(world.said(repo, 1)).toHaveLength(2)
      expect(await recorded(world, id)).toMatchObject({ status: 'claimed', holder: 'bob' })
    })

    it('is announced late, with the notice that is due, when nobody looked in time; and stays known without Postgres', async () => {
      const repo = world.repository('lost')
      const id = await postItem(world, repo, 'Count', '/wl post effort=medium')
      const thread = ada.openIssue(repo, { title: 'Elsewhere' })
      world.gh.as('vic').comment(repo, thread.number, `/wl claim ${id}`)
      await world.idle()
      await world.restart(async () => {
        ahead += 40 * DAY * 1000
        removeEmbeddedPostgres(join(world.config.dataDir, 'postgres'))
      })
      await later(0)
      expect(await recorded(world, id)).toMatchObject({ status: 'claimed', holder: 'vic' })
      expect(world.said(repo, 1).at(-1)).toMatch(/^@vic your claim on/)
      await later(2)
      expect(await recorded(world, id)).toMatchObject({ status: 'claimed' })
      await later(1)
      expect(await recorded(world, id)).toMatchObject({ status: 'open', holder: null })
      expect(world.said(repo, 1).at(-1)).toContain('@vic the claim on')
      expect((await history(world, id)).at(-1)).toBe(`wl unclaim: ${id} — vic`)
    })

    it('of `wl` is its own program’s: it does not run out here', async () => {
      const repo = world.repository('of-wl')
      const id = await postItem(world, repo)
      await world.sql(
        `UPDATE wanted SET status = 'claimed', claimed_by = 'theirs', updated_at = '2020-01-01' WHERE id = '${id}'`,
      )
      await world.sql(`CALL DOLT_COMMIT('-Am', 'wl claim: ${id}')`)
      await later(100)
      expect(await recorded(world, id)).toMatchObject({ status: 'claimed', holder: 'theirs' })
    })
  })
})
