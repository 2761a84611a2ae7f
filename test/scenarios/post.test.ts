import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { history, openPull, OWNER, startWorld, type World } from './world.ts'

describe('/wl post', () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  beforeAll(async () => {
    world = await startWorld()
    ada = world.gh.as(OWNER)
    for (const login of ['ann', 'wes', 'sam']) world.gh.user(login)
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
      "On the board as \`w-…\`. To take it, open a pull request with the label \`wl:w-…\` or a line \`Wanted: w-…\` in its description.

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
})
