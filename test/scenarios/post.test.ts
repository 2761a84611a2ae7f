import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wantedId } from '../../src/domain/ids.ts'
import { history, message, openPull, OWNER, postItem, recorded, startWorld, vouchForRows, type World } from './world.ts'

describe('/wl post', () => {
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

  it('by the author of the issue, who needs no role: a row, a label, a reply', async () => {
    const repo = world.repository('author')
    const issue = world.gh.as('ann').openIssue(repo, { title: 'Count  the\tloops', body: 'It should\r\ncount.' })
    world.gh.as('ann').comment(repo, issue.number, '/wl post effort=small priority=1 tags=TypeScript,docs type=bug')
    await world.idle()
    const [item] = await items(repo)
    expect(item).toMatchObject({
      title: 'Count the loops',
      description: `${issue.html_url} It should count.`,
      project: repo,
      type: 'bug',
      priority: 1,
      tags: ['typescript', 'docs'],
      posted_by: 'ann',
      claimed_by: null,
      status: 'open',
      effort_level: 'small',
    })
    expect(item!['id']).toMatch(/^w-[0-9a-f]{10}$/)
    expect(await history(world, item!['id'])).toEqual([`wl post: ${item!['id']} — ann`])
    expect(world.gh.issue(repo, issue.number).labels.map((label: { name: string }) => label.name)).toEqual([
      `wl:${item!['id']}`,
    ])
    expect(world.said(repo, issue.number)[0]!.replaceAll(item!['id'], 'w-…')).toMatchInlineSnapshot(`
      "On the board as \`w-…\`, type \`bug\`, effort \`small\`, priority 1, tags \`typescript\`, \`docs\`. As long as it is open, a pull request with the label \`wl:w-…\` or a line \`Wanted: w-…\` in its description takes it; \`/wl status\` says how it stands.

      <sub>Recorded for the rig \`ann\`. To take no part: \`/wl decline\`. All commands: \`/wl help\`.</sub>"
    `)
    expect(
      await world.sql(`SELECT trust_level, rig_type, owner_email, hop_uri FROM rigs WHERE handle = 'ann'`),
    ).toEqual([
      {
        trust_level: 1,
        rig_type: 'human',
        owner_email: '',
        hop_uri: expect.stringMatching(/^entity:\/\/\S+\/ann\/\d+$/),
      },
    ])
  })

  it('by somebody with write access, whose item it is; not by a stranger, who is not registered', async () => {
    const repo = world.repository('writer')
    ada.setRole(repo, 'wes', 'write')
    const issue = world.gh.as('ann').openIssue(repo, { title: 'Theirs', labels: [] })
    world.gh.as('sam').comment(repo, issue.number, '/wl post')
    await world.idle()
    expect(world.said(repo, issue.number)).toEqual([
      expect.stringContaining('Only the author of this issue, or somebody with write'),
    ])
    expect(await items(repo)).toEqual([])
    expect(await world.sql(`SELECT * FROM rigs WHERE handle = 'sam'`)).toEqual([])
    world.gh.as('wes').comment(repo, issue.number, '/wl post')
    await world.idle()
    expect(await items(repo)).toMatchObject([{ title: 'Theirs', posted_by: 'wes' }])
  })

  it('twice is the same item', async () => {
    const repo = world.repository('twice')
    const issue = ada.openIssue(repo, { title: 'Once' })
    ada.comment(repo, issue.number, '/wl post')
    ada.comment(repo, issue.number, '/wl post title="Other"\n/wl post')
    await world.idle()
    const found = await items(repo)
    expect(found).toMatchObject([{ title: 'Once' }])
    expect(await history(world, found[0]!['id'])).toHaveLength(1)
    expect(world.gh.issue(repo, issue.number).labels).toHaveLength(1)
  })

  it('of a hostile issue lies on one line each', async () => {
    const repo = world.repository('hostile')
    const evil = 'a\r\nb\u2028c\u0085d\u202Egnp.exe\u0000\u0007\u061Cz'
    ada.createLabel(repo, 'two\nlines`;\u202E')
    ada.createLabel(repo, 'w-waiting')
    ada.createLabel(repo, 'Documentation')
    const issue = ada.openIssue(repo, {
      title: `${evil} | ${'t'.repeat(300)}`,
      body: `${evil}${'😀'.repeat(20_000)}`,
      labels: ['two\nlines`;\u202E', 'w-waiting', 'Documentation'],
    })
    ada.comment(repo, issue.number, '/wl post')
    await world.idle()
    const [item] = await items(repo)
    const text = JSON.stringify([item!['title'], item!['description'], item!['tags']])
    expect(text).not.toMatch(/\\[nru]|[\u0085\u2028\u202e\u061c]/)
    expect(item).toMatchObject({ type: 'docs', tags: expect.arrayContaining(['documentation', 'two lines`;']) })
    expect(item!['tags']).toHaveLength(2)
    expect(item!['title']).toMatch(/^a b c d gnp\.exe .?z \| t{100,}…$/)
    expect([...item!['title']]).toHaveLength(200)
    expect([...item!['description']]).toHaveLength(4000)
  })

  it('on a pull request is refused', async () => {
    const repo = world.repository('pull')
    const number = openPull(world, repo, 'bob')
    world.gh.as('bob').comment(repo, number, '/wl post')
    await world.idle()
    expect(world.said(repo, number)).toEqual([
      expect.stringContaining('`post` works on issues only. Example, on an issue'),
    ])
    expect(await items(repo)).toEqual([])
  })

  it('without the right to label posts all the same, and says so', async () => {
    const repo = world.repository('no-label')
    const issue = ada.openIssue(repo, { title: 'No label' })
    const end = world.gh.fault({ method: 'POST', path: /\/labels$/, status: 403, times: 5 })
    ada.comment(repo, issue.number, '/wl post')
    await world.idle()
    end()
    expect(await items(repo)).toHaveLength(1)
    expect(world.said(repo, issue.number)).toEqual([expect.stringContaining('GitHub did not let me put the label')])
  })

  it('of an empty title names the issue', async () => {
    const repo = world.repository('empty')
    const issue = ada.openIssue(repo, { title: '\u202E\u200B' })
    ada.comment(repo, issue.number, '/wl post')
    await world.idle()
    expect(await items(repo)).toMatchObject([{ title: `Issue ${issue.number}` }])
  })

  it('with a parent and as an open bounty', async () => {
    const repo = world.repository('bounty')
    const parent = await postItem(world, repo, 'Parent')
    const issue = ada.openIssue(repo, { title: 'Child', body: 'Text' })
    ada.comment(repo, issue.number, `/wl post bounty tags=typescript parent=${parent}`)
    await world.idle()
    const item = (await items(repo)).find(({ title }) => title === 'Child')
    expect(item).toMatchObject({
      tags: ['open-bounty', 'typescript'],
      description: `${issue.html_url} Part of ${parent}. Text`,
    })
    expect(await message(world, `wl post: ${item!['id']}`)).toContain(`\nParent: ${parent}`)
    expect(world.said(repo, issue.number)[0]).toContain('It is an open bounty: nobody claims it')
    expect(world.said(repo, issue.number)[0]).toMatch(/As long as it is open, a pull request with .+ submits for it;/)
  })

  it('with a parent that this board does not have is refused', async () => {
    const repo = world.repository('orphan')
    const issue = ada.openIssue(repo, { title: 'Child' })
    ada.comment(repo, issue.number, '/wl post parent=w-00000000ff')
    await world.idle()
    expect(world.said(repo, issue.number)).toEqual([
      '`w-00000000ff` cannot be its parent: this board has no such item, or it was withdrawn. `/wl board` lists the open ones.',
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

  it('with a parent that was withdrawn, or is the item itself, is refused', async () => {
    const repo = world.repository('no-parent')
    const parent = await postItem(world, repo, 'Parent')
    ada.comment(repo, 1, '/wl withdraw confirm')
    await world.idle()
    const issue = ada.openIssue(repo, { title: 'Child' })
    const own = wantedId(new URL(world.gh.url).host, issue.id)
    for (const id of [parent, own]) ada.comment(repo, issue.number, `/wl post parent=${id}`)
    await world.idle()
    expect(world.said(repo, issue.number)).toEqual(
      [parent, own].map((id) => expect.stringContaining(`\`${id}\` cannot be its parent`)),
    )
  })

  it('of an issue that is gone when we look is refused', async () => {
    const repo = world.repository('posts-gone')
    const issue = ada.openIssue(repo, { title: 'x' })
    world.gh.fault({ method: 'GET', path: /\/posts-gone\/issues\/1$/, status: 410, times: 2 })
    ada.comment(repo, issue.number, '/wl post')
    await world.idle()
    expect(world.said(repo, issue.number)).toEqual(['This issue is gone, so there is nothing to post.'])
  })

  it('of what was posted before says where it stands, to whoever asks', async () => {
    const repo = world.repository('posts-again')
    const id = await postItem(world, repo)
    ada.comment(repo, 1, '/wl post bounty')
    ada.comment(repo, 1, '/wl claim')
    ada.comment(repo, 1, '/wl post')
    await world.idle()
    const said = world.said(repo, 1)
    expect(said[1]).toBe(`\`${id}\` was posted before and is open. To change it: \`/wl update\`.`)
    expect(said[3]).toBe(`\`${id}\` was posted before and is claimed. \`/wl status\` says what comes next.`)
    expect(await items(repo)).toMatchObject([{ tags: [] }])
  })

  it('as an open bounty by its tag or a label says that it is one', async () => {
    const repo = world.repository('bounty-tag')
    ada.createLabel(repo, 'open-bounty')
    ada.openIssue(repo, { title: 'Tag' })
    ada.openIssue(repo, { title: 'Label', labels: ['open-bounty'] })
    ada.comment(repo, 1, '/wl post tags=open-bounty')
    ada.comment(repo, 2, '/wl post')
    await world.idle()
    for (const number of [1, 2]) expect(world.said(repo, number)[0]).toContain('It is an open bounty')
  })

  it('gives the item to a pull request that named it before', async () => {
    const repo = world.repository('posts-named')
    const issue = ada.openIssue(repo, { title: 'Named' })
    const id = wantedId(new URL(world.gh.url).host, issue.id)
    const number = openPull(world, repo, 'bob', { body: `Wanted: ${id}` })
    await world.idle()
    expect(world.said(repo, number)).toEqual([expect.stringContaining('**Unknown item**')])
    ada.comment(repo, issue.number, '/wl post')
    await world.idle()
    expect(world.said(repo, number)).toEqual([expect.stringContaining('**In review**')])
    expect(await recorded(world, id)).toMatchObject({ status: 'in_review', holder: 'bob' })
  })

  it('by a suspended rig is refused', async () => {
    const repo = world.repository('posts-suspended')
    const issue = world.gh.as('sam').openIssue(repo, { title: 'x' })
    world.gh.as('sam').comment(repo, issue.number, '/wl unlink nobody')
    await world.idle()
    await world.sql(`UPDATE rigs SET trust_level = -1 WHERE handle = 'sam'`)
    await vouchForRows(world)
    world.gh.as('sam').comment(repo, issue.number, '/wl post')
    await world.idle()
    expect(world.said(repo, issue.number)[1]).toContain('Your rig is suspended and may post nothing')
    expect(await items(repo)).toEqual([])
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
      expect(world.gh.issue(repo, 1).labels.map((one: { name: string }) => one.name)).toContain(`wl:${item!['id']}`)
      world.gh.as('wes').unlabel(repo, issue.number, 'Wanted')
      const said = world.said(repo, issue.number)
      ada.setRole(repo, 'tess', 'triage')
      world.gh.as('tess').label(repo, issue.number, 'Wanted')
      await world.idle()
      expect(await history(world, item!['id'])).toHaveLength(1)
      expect(world.said(repo, issue.number)).toEqual(said)
      expect(await world.sql(`SELECT handle FROM rigs WHERE handle = 'tess'`)).toEqual([])
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
})
