import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { history, message, openPull, OWNER, postItem, recorded, startWorld, type World } from './world.ts'

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
  const issueOf = (repo: string, id: string) =>
    world.gh.issue(repo, 1).labels.some((label: { name: string }) => label.name === `wl:${id}`) ? 1 : 0

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

    it('shows items of `wl`, whose text may be anything', async () => {
      const repo = world.repository('foreign')
      await world.sql(
        `INSERT INTO wanted (id, title, description, status, tags, created_at) VALUES ('w-theirs', 'a \`b\` <img>', 'https://evil.example/a/b', 'open', NULL, '2030-01-01')`,
      )
      await world.sql(`CALL DOLT_COMMIT('-Am', 'wl post: w-theirs')`)
      const issue = ada.openIssue(repo, { title: 'x' })
      ada.comment(repo, issue.number, '/wl board')
      await world.idle()
      expect(world.said(repo, issue.number)[0]).toContain('- `w-theirs` `` a `b` <img> `` · medium\n')
      await world.sql(`DELETE FROM wanted WHERE id = 'w-theirs'`)
      await world.sql(`CALL DOLT_COMMIT('-Am', 'cleared')`)
    })
  })

  describe('/wl post', () => {
    it('with a parent and as an open bounty', async () => {
      const repo = world.repository('bounty')
      const parent = await postItem(world, repo, 'Parent')
      const issue = ada.openIssue(repo, { title: 'Child', body: 'Text' })
      ada.comment(repo, issue.number, `/wl post bounty tags=typescript parent=${parent}`)
      await world.idle()
      const [, item] = await items(repo)
      expect(item).toMatchObject({
        tags: ['open-bounty', 'typescript'],
        description: `${issue.html_url} Part of ${parent}. Text`,
      })
      expect(await message(world, `wl post: ${item!['id']}`)).toContain(`\nParent: ${parent}`)
      expect(world.said(repo, issue.number)[0]).toContain('It is an open bounty: nobody claims it')
    })

    it('with a parent that this board does not have is refused', async () => {
      const repo = world.repository('orphan')
      const issue = ada.openIssue(repo, { title: 'Child' })
      ada.comment(repo, issue.number, '/wl post parent=w-00000000ff')
      await world.idle()
      expect(world.said(repo, issue.number)).toEqual([
        '`w-00000000ff` cannot be its parent: this board has no such item, or it was withdrawn.',
      ])
      expect(await items(repo)).toEqual([])
    })

    it('of a closed issue is refused', async () => {
      const repo = world.repository('closed')
      const issue = ada.openIssue(repo, { title: 'Over' })
      ada.close(repo, issue.number)
      ada.comment(repo, issue.number, '/wl post')
      await world.idle()
      expect(world.said(repo, issue.number)).toEqual(['This issue is closed. Reopen it, then post it.'])
      expect(await items(repo)).toEqual([])
    })

    it('by a suspended rig is refused', async () => {
      const repo = world.repository('posts-suspended')
      const issue = world.gh.as('sam').openIssue(repo, { title: 'x' })
      world.gh.as('sam').comment(repo, issue.number, '/wl claim w-00000000ff')
      await world.idle()
      await world.sql(`UPDATE rigs SET trust_level = -1 WHERE handle = 'sam'`)
      await world.sql(`CALL DOLT_COMMIT('-Am', 'Suspend rig: sam')`)
      world.gh.as('sam').comment(repo, issue.number, '/wl post')
      await world.idle()
      expect(world.said(repo, issue.number)[1]).toContain('Your rig is suspended and may post nothing')
      expect(await items(repo)).toEqual([])
    })
  })

  describe('the label wanted', () => {
    it('posts the issue for who put it, in any case, once', async () => {
      const repo = world.repository('label')
      ada.setRole(repo, 'wes', 'write')
      ada.createLabel(repo, 'Wanted')
      const issue = world.gh.as('ann').openIssue(repo, { title: 'Labelled', body: 'Text' })
      world.gh.as('wes').label(repo, issue.number, 'Wanted', 'bug')
      await world.idle()
      const [item] = await items(repo)
      expect(item).toMatchObject({ title: 'Labelled', posted_by: 'wes', type: 'bug', tags: ['bug'], status: 'open' })
      expect(await history(world, item!['id'])).toEqual([`wl post: ${item!['id']} — wes`])
      expect(world.said(repo, issue.number)).toEqual([expect.stringContaining(`On the board as \`${item!['id']}\``)])
      expect(issueOf(repo, item!['id'])).toBe(1)
      world.gh.as('wes').unlabel(repo, issue.number, 'Wanted')
      world.gh.as('wes').label(repo, issue.number, 'Wanted')
      await world.idle()
      expect(await history(world, item!['id'])).toHaveLength(1)
      expect(world.said(repo, issue.number)).toHaveLength(1)
    })

    it('given when the issue is opened', async () => {
      const repo = world.repository('label-opened')
      ada.openIssue(repo, { title: 'Opened with it', labels: ['wanted'] })
      await world.idle()
      expect(await items(repo)).toMatchObject([{ posted_by: OWNER, tags: [] }])
    })

    it('put by somebody with triage alone is refused and said; on their own issue it posts', async () => {
      const repo = world.repository('label-triage')
      ada.setRole(repo, 'tess', 'triage')
      ada.createLabel(repo, 'wanted')
      const issue = world.gh.as('ann').openIssue(repo, { title: 'Theirs' })
      const own = world.gh.as('tess').openIssue(repo, { title: 'Own' })
      world.gh.as('tess').label(repo, issue.number, 'wanted')
      world.gh.as('tess').label(repo, own.number, 'wanted')
      await world.idle()
      expect(world.said(repo, issue.number)).toEqual([
        'Only the author of this issue, or somebody with write access to the repository, may post it. Ask one of them.',
      ])
      expect(await items(repo)).toMatchObject([{ title: 'Own', posted_by: 'tess' }])
    })

    it('put by a bot, and another label, do nothing', async () => {
      const repo = world.repository('label-bot')
      world.gh.user('ci[bot]', { bot: true })
      ada.setRole(repo, 'ci[bot]', 'admin')
      const issue = ada.openIssue(repo, { title: 'x', labels: ['help wanted'] })
      ada.createLabel(repo, 'wanted')
      world.gh.as('ci[bot]').label(repo, issue.number, 'wanted')
      await world.idle()
      expect(await items(repo)).toEqual([])
      expect(world.said(repo, issue.number)).toEqual([])
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
      expect(world.said(repo, 1)[1]).toBe(`Updated \`${id}\`.`)
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
      world.gh.as('tom').comment(repo, 1, '/wl claim w-00000000ff')
      await world.idle()
      await world.sql(`UPDATE rigs SET trust_level = 3 WHERE handle = 'tom'`)
      await world.sql(`CALL DOLT_COMMIT('-Am', 'Promote rig: tom')`)
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
        expect.stringContaining('say what to change: `title`, `type`, `effort`, `priority` or `tags`'),
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
      ada.comment(repo, 1, '/wl withdraw reason="Done elsewhere"')
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

    it('by a stranger is refused', async () => {
      const repo = world.repository('withdraw-stranger')
      const id = await postItem(world, repo, 'Theirs')
      world.gh.as('ann').comment(repo, 1, '/wl withdraw')
      await world.idle()
      expect(world.said(repo, 1)[1]).toMatch(/^Only the poster of the item/)
      expect((await recorded(world, id)).status).toBe('open')
    })
  })

  describe('/wl close', () => {
    it('by the poster completes submitted work without a stamp, and the pull request shows it', async () => {
      const repo = world.repository('close')
      const id = await postItem(world, repo, 'Alone')
      const number = openPull(world, repo, OWNER, { body: `Wanted: ${id}` })
      await world.idle()
      ada.comment(repo, number, '/wl close reason="Nobody else here"')
      await world.idle()
      const { status, holder, completions, stamps } = await recorded(world, id)
      expect({ status, holder, stamps }).toEqual({ status: 'completed', holder: OWNER, stamps: [] })
      expect(completions).toMatchObject([{ stamp_id: null, validated_by: null }])
      expect((await history(world, id)).at(-1)).toBe(`wl close: ${id} — ${OWNER}`)
      expect(await message(world, `wl close: ${id}`)).toContain('\nReason: Nobody else here')
      expect(world.said(repo, number)[0]).toContain('**Closed**')
      expect(world.said(repo, number)[1]).toContain('gives no reputation and is shown as unvalidated')
    })

    it('by a maintainer who did not post it, and of work that is not in review, is refused', async () => {
      const repo = world.repository('close-refused')
      const id = await postItem(world, repo, 'Theirs')
      ada.comment(repo, 1, '/wl close')
      await world.idle()
      expect(world.said(repo, 1)[1]).toBe(
        `Only work in review can be closed, and \`${id}\` is open: nobody has worked on it. To take it off the board: \`/wl withdraw\`.`,
      )
      const number = openPull(world, repo, 'bob', { body: `Wanted: ${id}` })
      await world.idle()
      world.gh.as('mia').comment(repo, number, '/wl close')
      await world.idle()
      expect(world.said(repo, number)[1]).toBe('Only the poster of the item may.')
      expect((await recorded(world, id)).status).toBe('in_review')
    })
  })
})
