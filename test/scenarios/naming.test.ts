import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inReview, openPull, OWNER, postItem, recorded, startWorld, type World } from './world.ts'

describe('how a pull request names an item', () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  beforeAll(async () => {
    world = await startWorld()
    ada = world.gh.as(OWNER)
  }, 120_000)
  afterAll(() => world.close())

  it.each([
    ['in other case', (id: string) => `WL:${id.toUpperCase()}`],
    ['bare', (id: string) => id],
    ['with a space', (id: string) => `wl: ${id}`],
  ])('a label %s', async (name, spell) => {
    const repo = world.repository(`label-${name.replaceAll(' ', '-')}`)
    const id = await postItem(world, repo)
    const number = openPull(world, repo, 'bob')
    ada.label(repo, number, spell(id))
    await world.idle()
    expect((await recorded(world, id)).status).toBe('in_review')
  })

  it('a bare label of the repository’s own, w-waiting, is ignored without a word', async () => {
    const repo = world.repository('foreign')
    const number = openPull(world, repo, 'bob')
    ada.label(repo, number, 'w-waiting', 'wip', 'w-')
    await world.idle()
    ada.unlabel(repo, number, 'w-waiting')
    await world.idle()
    expect(world.said(repo, number)).toEqual([])
    expect(await world.sql('SELECT * FROM wanted WHERE id = ?', ['w-waiting'])).toEqual([])
  })

  it.each(['wl:w-ffffffffff', 'wl:w-0', 'w-ffffffffff'])(
    'the label %s of no item is said, and gone with it',
    async (label) => {
      const repo = world.repository(`unknown-${label.replace(':', '-')}`)
      const number = openPull(world, repo, 'bob')
      ada.label(repo, number, label)
      await world.idle()
      expect(world.said(repo, number)).toEqual([
        expect.stringContaining(`**Unknown item** \`${label.replace('wl:', '')}\``),
      ])
      ada.unlabel(repo, number, label)
      await world.idle()
      expect(world.said(repo, number)).toEqual([expect.not.stringContaining('Unknown')])
    },
  )

  it('a malformed id is said with an example, and corrected in place', async () => {
    const repo = world.repository('malformed')
    const id = await postItem(world, repo)
    const number = openPull(world, repo, 'bob', { body: 'Wanted: w-!!' })
    ada.label(repo, number, 'wl:the `best` one')
    await world.idle()
    expect(world.said(repo, number)).toHaveLength(1)
    expect(world.said(repo, number)[0]).toContain('**Not an id** `` wl:the `best` one ``')
    expect(world.said(repo, number)[0]).toContain('**Not an id** `w-!!`')
    ada.unlabel(repo, number, 'wl:the `best` one')
    world.gh.as('bob').editBody(repo, number, '')
    await world.idle()
    expect(world.said(repo, number)).toEqual([expect.not.stringContaining('Not an id')])
    world.gh.as('bob').editBody(repo, number, `Wanted: ${id}`)
    await world.idle()
    expect(world.said(repo, number)).toEqual([expect.stringContaining('**In review**')])
  })

  it('a line of the body, at opening by a fork contributor, and removed by an edit', async () => {
    const repo = world.repository('body')
    const id = await postItem(world, repo)
    const number = openPull(world, repo, 'carol', {
      body: `Fixes it.\r\n\r\n  wanted:   ${id.toUpperCase()}, at last\r\n`,
    })
    await world.idle()
    expect(await recorded(world, id)).toMatchObject({ status: 'in_review', holder: 'carol' })
    world.gh.as('carol').editBody(repo, number, 'Fixes it.')
    await world.idle()
    expect(await recorded(world, id)).toMatchObject({ status: 'open', holder: null, completions: [] })
    world.gh.as('carol').editBody(repo, number, `Wanted: ${id}`)
    await world.idle()
    expect(await recorded(world, id)).toMatchObject({ status: 'in_review', holder: 'carol' })
    world.gh.as('carol').editTitle(repo, number, 'Another title')
    await world.idle()
    expect(world.said(repo, number)).toHaveLength(1)
  })

  it('an issue of the repository stands for its item, as soon as there is one; what is none is said', async () => {
    const repo = world.repository('by-issue')
    const issue = ada.openIssue(repo, { title: 'Count' })
    const other = ada.openIssue(world.repository('other-issues'), { title: 'Other' })
    const number = openPull(world, repo, 'bob', { body: `**Wanted:** #${issue.number}` })
    await world.idle()
    expect(world.said(repo, number)).toEqual([expect.stringContaining(`**No item** \`#${issue.number}\``)])
    for (const { html_url: url } of [issue, other]) {
      const [place, n] = url.split('/').slice(-4).join('/').split('/issues/')
      ada.comment(place!, Number(n), '/wl post')
    }
    await world.idle()
    world.gh.as('bob').editTitle(repo, number, 'Look again')
    await world.idle()
    expect(world.said(repo, number)).toEqual([expect.stringContaining('**In review**')])
    world.gh.as('bob').editBody(repo, number, `Wanted: ${other.html_url}`)
    await world.idle()
    expect(world.said(repo, number)).toEqual([expect.stringContaining('**Released**')])
    const posted = await world.sql('SELECT status FROM wanted WHERE description LIKE ?', [`%${repo}/%`])
    expect(posted).toEqual([{ status: 'open' }])
  })

  it('what may be no id counts where the board has it', async () => {
    const repo = world.repository('loose')
    const id = await postItem(world, repo)
    const nothing = openPull(world, repo, 'carol', { body: 'Fixes w-full and w-4.' })
    const number = openPull(world, repo, 'bob', { body: `Implements \`${id}\`.` })
    await world.idle()
    expect(world.said(repo, nothing)).toEqual([])
    expect(await recorded(world, id)).toMatchObject({ status: 'in_review', holder: 'bob' })
    world.gh.as('bob').editBody(repo, number, 'Something else.')
    await world.idle()
    expect((await recorded(world, id)).status).toBe('open')
  })

  it('a line in code, a quote or a comment names nothing', async () => {
    const repo = world.repository('quoted')
    const id = await postItem(world, repo)
    const line = `Wanted: ${id}`
    const number = openPull(world, repo, 'bob', {
      body: `\`\`\`\n${line}\n\`\`\`\n\n> ${line}\n\n<!--\n${line}\n-->\n`,
    })
    await world.idle()
    expect((await recorded(world, id)).status).toBe('open')
    expect(world.said(repo, number)).toEqual([])
  })

  it('label and line together are one claim, and one of them is enough to keep it', async () => {
    const repo = world.repository('both')
    const { id, number } = await inReview(world, repo)
    ada.label(repo, number, `wl:${id}`)
    await world.idle()
    world.gh.as('bob').editBody(repo, number, '')
    await world.idle()
    expect((await recorded(world, id)).status).toBe('in_review')
    ada.unlabel(repo, number, `wl:${id}`)
    await world.idle()
    expect((await recorded(world, id)).status).toBe('open')
  })

  it('a label deleted from the repository lets go of the item', async () => {
    const repo = world.repository('deleted')
    const id = await postItem(world, repo)
    const number = openPull(world, repo, 'bob')
    ada.label(repo, number, `wl:${id}`)
    await world.idle()
    ada.deleteLabel(repo, `wl:${id}`)
    await world.idle()
    expect(await recorded(world, id)).toMatchObject({ status: 'open', holder: null, completions: [] })
    expect(world.said(repo, number)).toEqual([expect.stringContaining('**Released**')])
  })

  it('a label renamed names what it says now, in both directions', async () => {
    const repo = world.repository('renamed')
    const first = await postItem(world, repo)
    const second = await postItem(world, repo, 'Another')
    const number = openPull(world, repo, 'bob')
    ada.label(repo, number, 'todo')
    await world.idle()
    ada.renameLabel(repo, 'todo', first)
    await world.idle()
    expect((await recorded(world, first)).status).toBe('in_review')
    ada.renameLabel(repo, first, 'later')
    await world.idle()
    expect((await recorded(world, first)).status).toBe('open')
    ada.renameLabel(repo, 'later', second)
    await world.idle()
    expect((await recorded(world, second)).status).toBe('in_review')
    ada.deleteLabel(repo, second)
    await world.idle()
    expect((await recorded(world, second)).status).toBe('open')
    expect(world.said(repo, number)).toHaveLength(1)
  })

  it('two items on one pull request are two claims and two completions', async () => {
    const repo = world.repository('two')
    const first = await postItem(world, repo)
    const second = await postItem(world, repo, 'Another')
    const number = openPull(world, repo, 'bob', { body: `Wanted: ${first}\nWanted: ${second}` })
    await world.idle()
    const [a, b] = [await recorded(world, first), await recorded(world, second)]
    expect([a.status, b.status]).toEqual(['in_review', 'in_review'])
    expect(a.completions[0]!['id']).not.toBe(b.completions[0]!['id'])
    world.gh.as('mia').comment(repo, number, '/wl stamp quality=4')
    await world.idle()
    expect(world.said(repo, number).at(-1)).toContain('Several items are in review here')
    world.gh.as('mia').comment(repo, number, `/wl stamp ${second} quality=4\n/wl stamp ${first} quality=2`)
    await world.idle()
    expect((await recorded(world, first)).stamps[0]!['valence']).toMatchObject({ quality: 2 })
    expect((await recorded(world, second)).stamps[0]!['valence']).toMatchObject({ quality: 4 })
  })
})
