import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectRefused, say } from './talk.ts'
import {
  history,
  inReview,
  message,
  openPull,
  OWNER,
  postItem,
  recorded,
  startWorld,
  vouchForRows,
  type World,
} from './world.ts'

describe('the board', () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  beforeAll(async () => {
    world = await startWorld()
    ada = world.gh.as(OWNER)
    for (const login of ['ann', 'wes', 'sam', 'tess']) world.gh.user(login)
  }, 120_000)
  afterAll(() => world.close())

  const items = (repo: string) =>
    world.sql('SELECT * FROM wanted WHERE description LIKE ? ORDER BY created_at', [`%/${repo}/issues/%`])

  describe('/wl board', () => {
    it('is empty at first, and says how to offer work', async () => {
      const repo = world.repository('nothing')
      const issue = ada.openIssue(repo, { title: 'x' })
      ada.comment(repo, issue.number, '/wl board tag=nothing-of-this')
      await world.idle()
      expect(world.said(repo, issue.number)).toEqual([
        '**The board** has no open item with the tag `nothing-of-this`. To offer work: open an issue and comment `/wl post` there.',
      ])
    })

    it('lists the ten newest with effort, tags and issue, and how many more; of a tag those alone; on pull requests too', async () => {
      const repo = world.repository('listed')
      for (let n = 1; n <= 12; n++) {
        const issue = ada.openIssue(repo, { title: `Item @wes ${n} ${'long '.repeat(30)}` })
        world.gh.clock.advance(60)
        ada.comment(repo, issue.number, `/wl post effort=small tags=listed${n % 2 === 0 ? ',even' : ''}`)
      }
      await world.idle()
      const number = openPull(world, repo, 'bob')
      world.gh.as('bob').comment(repo, number, '/wl board tag=Listed')
      world.gh.as('bob').comment(repo, number, '/wl board tag=even')
      await world.idle()
      const [all, even] = world.said(repo, number)
      expect(all).toMatch(/^\*\*The board\*\*: 12 open items with the tag `listed`, newest first\.\n\n- `w-/)
      const lines = all!.split('\n').filter((line) => line.startsWith('- '))
      expect(lines).toHaveLength(10)
      expect(lines[0]).toMatch(
        /^- `w-[0-9a-f]{10}` `Item @wes 12 [^`]{1,60}` · small · `listed` `even` · \[ada\/listed#12\]\(http\S+\/ada\/listed\/issues\/12\)$/,
      )
      expect(all).toContain('And 2 more')
      expect(all).toMatch(/To take one: `\/wl claim w-[0-9a-f]{10}`/)
      expect(all!.length).toBeLessThan(2500)
      expect(even).toMatch(/6 open items/)
      expect(await world.sql(`SELECT handle FROM rigs WHERE handle = 'bob'`)).toEqual([])
      await world.sql(`UPDATE wanted SET status = 'withdrawn' WHERE tags LIKE '%"listed"%'`)
      await world.sql(`CALL DOLT_COMMIT('-Am', 'cleared')`)
    })

    it('shows items of `wl`, whose text may be anything, and its example can be claimed', async () => {
      const repo = world.repository('foreign')
      await world.sql(
        `INSERT INTO wanted (id, title, description, status, tags, created_at) VALUES
         ('w-theirs', 'a \`b\` <img>', 'https://evil.example/a/b', 'open', NULL, '2030-01-01'),
         ('\`@mia\`', 'x', '', 'open', NULL, '2030-01-03'), ('w-bounty', 'y', '', 'open', '["open-bounty"]', '2030-01-02')`,
      )
      await world.sql(`CALL DOLT_COMMIT('-Am', 'wl post: w-theirs')`)
      const issue = ada.openIssue(repo, { title: 'x' })
      ada.comment(repo, issue.number, '/wl board')
      await world.idle()
      const said = world.said(repo, issue.number)[0]
      expect(said).toContain('- `` `@mia` `` `x` · medium\n- `w-bounty` `y` · medium · `open-bounty`\n')
      expect(said).toContain('- `w-theirs` `` a `b` <img> `` · medium\n')
      expect(said).toContain('To take one: `/wl claim w-theirs`, or a pull request with a line `Wanted: w-theirs`.')
      ada.comment(repo, issue.number, '/wl board tag=open-bounty')
      await world.idle()
      expect(world.said(repo, issue.number)[1]).toContain(
        '\n\nTo take one: a pull request with a line `Wanted: w-bounty`.',
      )
      await world.sql(`DELETE FROM wanted WHERE created_at >= '2030-01-01'`)
      await world.sql(`CALL DOLT_COMMIT('-Am', 'cleared')`)
    })

    it('and help answer where the bridge does not serve, and say so', async () => {
      world.gh.user('eve')
      world.gh.repository('eve/own', {})
      world.gh.as('eve').installApp({ account: 'eve' })
      const issue = world.gh.as('eve').openIssue('eve/own', { title: 'x' })
      for (const line of ['/wl board', '/wl help', '/wl withdraw', '/wl claim', '/wl unclaim', '/wl done evidence=x'])
        world.gh.as('eve').comment('eve/own', issue.number, line)
      await world.idle()
      const said = world.said('eve/own', issue.number)
      expect(said).toHaveLength(6)
      for (const text of said) expect(text).toContain('**Not admitted.**')
      expect(said[0]).toContain('**The board**')
      expect(said[1]).toContain('**Wasteland commands**')
    })
  })

  describe('/wl update', () => {
    it('by the poster changes what is given and nothing else', async () => {
      const repo = world.repository('update')
      const id = await postItem(world, repo, 'Before', '/wl post bounty effort=small')
      ada.comment(repo, 1, '/wl update title="After \u202Eall" type=bug effort=large priority=0 tags=docs')
      await world.idle()
      expect((await items(repo))[0]).toMatchObject({
        title: 'After all',
        type: 'bug',
        effort_level: 'large',
        priority: 0,
        tags: ['open-bounty', 'docs'],
        status: 'open',
        posted_by: OWNER,
      })
      expect(await history(world, id)).toEqual([`wl post: ${id} — ${OWNER}`, `wl update: ${id} — ${OWNER}`])
      expect(await message(world, `wl update: ${id}`)).not.toContain('Authority')
      expect(world.said(repo, 1)[1]).toBe(
        `Updated \`${id}\`: title \`After all\`, type \`bug\`, effort \`large\`, priority 0, tags \`docs\`.`,
      )
    })

    it('that changes nothing writes nothing', async () => {
      const repo = world.repository('update-same')
      const id = await postItem(world, repo, 'Same')
      ada.comment(repo, 1, '/wl update effort=medium\n/wl update effort=small\n/wl update effort=small tags=a')
      await world.idle()
      expect(await history(world, id)).toHaveLength(3)
      expect(world.said(repo, 1)[1]).toMatch(/is so already: nothing to change\.\n\n---\n\nUpdated[\s\S]*Updated/)
    })

    it('by a maintainer says by what; from a thread elsewhere it takes the id, and a role there does not count', async () => {
      const repo = world.repository('update-role')
      const other = world.repository('update-other')
      ada.setRole(other, 'wes', 'admin')
      const id = await postItem(world, repo, 'Theirs')
      world.gh.as('mia').comment(repo, 1, '/wl update effort=epic')
      await world.idle()
      expect(await message(world, `wl update: ${id}`)).toMatch(new RegExp(`Authority: github maintain ${repo}#\\d+`))
      const thread = ada.openIssue(other, { title: 'x' })
      world.gh.as('wes').comment(other, thread.number, `/wl update ${id} effort=trivial`)
      await world.idle()
      expect(world.said(other, thread.number)).toEqual([
        `Only the poster of the item, a maintainer of the repository where it was posted, or a rig of trust level 3 may. \`${id}\` was not posted in this repository, so a role here does not count.`,
      ])
      ada.comment(other, thread.number, `/wl update ${id} effort=trivial`)
      await world.idle()
      expect((await items(repo))[0]).toMatchObject({ effort_level: 'trivial' })
    })

    it('by a stranger is refused, and they are not registered', async () => {
      const repo = world.repository('update-stranger')
      await postItem(world, repo, 'Theirs')
      world.gh.user('eve')
      world.gh.as('eve').comment(repo, 1, '/wl update effort=epic')
      await world.idle()
      expect(world.said(repo, 1)[1]).toMatch(/^Only the poster of the item, a maintainer/)
      expect(await world.sql(`SELECT * FROM rigs WHERE handle = 'eve'`)).toEqual([])
    })

    it('of trust level 3 needs no role', async () => {
      const repo = world.repository('update-trust')
      const id = await postItem(world, repo, 'Theirs')
      world.gh.user('tom')
      world.gh.as('tom').comment(repo, 1, '/wl unlink nobody')
      await world.idle()
      await world.sql(`UPDATE rigs SET trust_level = 3 WHERE handle = 'tom'`)
      await vouchForRows(world)
      world.gh.as('tom').comment(repo, 1, '/wl update effort=epic')
      await world.idle()
      expect(await message(world, `wl update: ${id}`)).toContain('Authority: trust 3')
    })

    it('of a claimed item, of nothing, of no item, and without a change is refused', async () => {
      const repo = world.repository('update-refused')
      const id = await postItem(world, repo, 'Held')
      const empty = ada.openIssue(repo, { title: 'No item' })
      openPull(world, repo, 'bob', { body: `Wanted: ${id}`, draft: true })
      await world.idle()
      for (const line of ['/wl update effort=epic', '/wl update', '/wl update w-00000000ff effort=epic'])
        ada.comment(repo, 1, line)
      ada.comment(repo, empty.number, '/wl update effort=epic')
      await world.idle()
      expect(world.said(repo, 1).slice(1)).toEqual([
        expect.stringMatching(/^Only an open item can be updated, and `w-\w+` is claimed by `bob`\./),
        expect.stringContaining('say what to change: `title`, `type`, `effort`, `priority`, `tags` or `judged`'),
        'There is no item `w-00000000ff` on this board. `/wl board` lists the open ones.',
      ])
      expect(world.said(repo, empty.number)).toEqual([expect.stringContaining('This issue is not on the board')])
    })
  })

  describe('/wl withdraw', () => {
    it('by the poster takes the item off the board, and pull requests that wait for it are told', async () => {
      const repo = world.repository('withdraw')
      const id = await postItem(world, repo, 'Not any more')
      const number = openPull(world, repo, 'bob', { body: `Wanted: ${id}`, draft: true })
      await world.idle()
      ada.comment(repo, 1, '/wl withdraw')
      await world.idle()
      expect(world.said(repo, 1)[1]).toMatch(
        /^Only an open item can be withdrawn, and `w-\w+` is claimed by `bob`\. Let the claim go first/,
      )
      world.gh.as('bob').editBody(repo, number, 'No item')
      await world.idle()
      world.gh.as('bob').comment(repo, number, 'Nothing')
      ada.comment(repo, 1, '/wl withdraw confirm reason="Done elsewhere"')
      await world.idle()
      expect(await recorded(world, id)).toMatchObject({ status: 'withdrawn', holder: null })
      expect((await history(world, id)).at(-1)).toBe(`wl delete: ${id} — ${OWNER}`)
      expect(await message(world, `wl delete: ${id}`)).toContain('\nReason: Done elsewhere')
      expect(world.said(repo, 1)[2]).toContain('is off the board for good')
      ada.comment(repo, 1, '/wl withdraw')
      ada.comment(repo, 1, '/wl post')
      await world.idle()
      expect(world.said(repo, 1).slice(3)).toEqual([
        expect.stringContaining('is withdrawn.'),
        expect.stringContaining('was withdrawn, and does not come back. Open a new issue'),
      ])
    })

    it('and an update of what is in review, completed or withdrawn is refused, and says what may be done', async () => {
      const repo = world.repository('not-open')
      const { number } = await inReview(world, repo)
      const at = { repo, number }
      const REFUSED = [
        ['/wl update effort=epic', 'updated', 'Its work is judged by what it says: `/wl stamp`, `/wl reject`'],
        ['/wl withdraw', 'withdrawn', 'Its work is judged first: `/wl stamp`, `/wl reject` or `/wl close`.'],
      ] as const
      for (const [line, act, next] of REFUSED)
        expect(await say(world, at, OWNER, line)).toMatch(
          `Only an open item can be ${act}, and \`${(await items(repo))[0]!['id']}\` is in review by \`bob\`. ${next}`,
        )
      await say(world, at, 'mia', '/wl stamp quality=4')
      for (const [line] of REFUSED)
        expect(await say(world, at, OWNER, line)).toContain(
          'is completed by `bob`. That is final: to offer more work, post a new issue.',
        )
      const issue = ada.openIssue(repo, { title: 'Gone' })
      ada.comment(repo, issue.number, '/wl post\n/wl withdraw confirm')
      expect(await say(world, { repo, number: issue.number }, OWNER, '/wl update effort=epic')).toContain(
        'is withdrawn. That is final',
      )
    })

    it('by a maintainer says by what; from elsewhere, of an unknown item, or of none, is refused', async () => {
      const repo = world.repository('withdraw-role')
      const other = world.repository('withdraw-other')
      ada.setRole(other, 'wes', 'admin')
      const id = await postItem(world, repo, 'Theirs')
      const thread = { repo: other, number: ada.openIssue(other, { title: 'x' }).number }
      await expectRefused(
        world,
        thread,
        'wes',
        `/wl withdraw ${id}`,
        /was not posted in this repository, so a role here/,
      )
      await expectRefused(world, thread, 'wes', '/wl withdraw', /This issue is not on the board/)
      await expectRefused(world, thread, 'wes', '/wl withdraw w-00000000ff', /There is no item `w-00000000ff`/)
      const asked = new RegExp(
        `^Nothing is done yet\\. \`${id}\` \`Theirs\` would be off the board for good[^]*\\n\`\`\`\\n/wl withdraw ${id} confirm reason="Old"\\n\`\`\``,
      )
      await expectRefused(world, { repo, number: 1 }, 'mia', '/wl withdraw reason="Old"', asked)
      await expectRefused(world, { repo, number: 1 }, 'mia', '/wl withdraw yes', /to go on, the word is `confirm`/)
      expect((await recorded(world, id)).status).toBe('open')
      await say(world, { repo, number: 1 }, 'mia', `/wl withdraw ${id} confirm`)
      expect(await message(world, `wl delete: ${id}`)).toMatch(/\nAuthority: github maintain ada\/withdraw-role#\d+$/)
    })

    it('by a stranger is refused', async () => {
      const repo = world.repository('withdraw-stranger')
      const id = await postItem(world, repo, 'Theirs')
      world.gh.as('ann').comment(repo, 1, '/wl withdraw')
      await world.idle()
      expect(world.said(repo, 1)[1]).toMatch(/^Only the poster of the item/)
      expect((await recorded(world, id)).status).toBe('open')
    })
  })
})
