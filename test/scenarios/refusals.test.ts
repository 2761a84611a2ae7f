import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  history,
  inReview,
  openPull,
  OWNER,
  postItem,
  recorded,
  startWorld,
  type World,
  vouchForRows,
} from './world.ts'

describe('a stamp is refused', () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  beforeAll(async () => {
    world = await startWorld()
    ada = world.gh.as(OWNER)
  }, 120_000)
  afterAll(() => world.close())

  /** Says `body` as `login` and expects a reply of these words, no stamp, and the confused reaction. */
  async function refused(
    repo: string,
    at: { id: string; number: number },
    login: string,
    words: RegExp,
    body = '/wl stamp quality=4',
  ) {
    const before = await recorded(world, at.id)
    const comment = world.gh.as(login).comment(repo, at.number, body)
    await world.idle()
    expect(world.said(repo, at.number)).toHaveLength(2)
    expect(world.said(repo, at.number)[1]).toMatch(words)
    expect(world.gh.reactions(comment.id)).toEqual([{ content: 'confused', user: `${world.gh.app.slug}[bot]` }])
    expect(await recorded(world, at.id)).toEqual(before)
  }

  it.each(['none', 'read', 'triage', 'write'] as const)(
    'from somebody whose role is %s, who is not registered for it',
    async (role) => {
      const repo = world.repository(`role-${role}`)
      const login = `with-${role}`
      world.gh.user(login)
      if (role !== 'none') ada.setRole(repo, login, role)
      const at = await inReview(world, repo)
      const shown = role === 'none' ? '\\w+' : role
      await refused(
        repo,
        at,
        login,
        new RegExp(`admin or maintain in \`${repo}\`, or of trust level 3.*Your role here is \`${shown}\``),
      )
      expect(await world.sql('SELECT handle FROM rigs WHERE handle = ?', [login])).toEqual([])
    },
  )

  it('for oneself, also by a maintainer', async () => {
    const repo = world.repository('self')
    const id = await postItem(world, repo)
    const number = openPull(world, repo, 'mia', { body: `Wanted: ${id}` })
    await world.idle()
    await refused(repo, { id, number }, 'mia', /Nobody stamps their own work/)
  })

  it('for a rig of the same owner: a completed link, a chain of them, a parent', async () => {
    const repo = world.repository('owner')
    const at = await inReview(world, repo, 'alt')
    const write = async (...statements: string[]) => {
      for (const statement of statements) await world.sql(statement)
      await vouchForRows(world)
    }
    const link = (id: string, a: string, b: string, status: string) =>
      `INSERT INTO rig_links (id, rig_a, rig_b, link_type, status) VALUES ('${id}', '${a}', '${b}', 'same_owner', '${status}')`
    await write(link('l-1', 'alt', 'other', 'completed'), link('l-2', 'mia', 'other', 'completed'))
    await refused(repo, at, 'mia', /same owner \(the yearbook rule\), and `alt` is one of yours/)
    const asked = await inReview(world, repo, 'asked')
    await write(`DELETE FROM rig_links`, link('l-3', 'asked', 'mia', 'pending'))
    // What stood when the work was done bars for ever; what was only asked for does not.
    world.gh.as('mia').comment(repo, at.number, '/wl stamp quality=4')
    world.gh.as('mia').comment(repo, asked.number, '/wl stamp quality=4')
    await world.idle()
    expect((await recorded(world, asked.id)).status).toBe('completed')
    expect(world.said(repo, at.number)[2]).toMatch(/`alt` is one of yours/)
    expect((await recorded(world, at.id)).stamps).toEqual([])
    const child = await inReview(world, repo, 'child')
    await write(`UPDATE rigs SET parent_rig = 'mia' WHERE handle = 'child'`)
    await refused(repo, child, 'mia', /`child` is one of yours/)
  })

  const lines = (count: number, word: string) => Array.from({ length: count }, (_, n) => `${word} ${n}\n`).join('')

  it('from an author of a tenth of the lines, naming the commit; of less it is taken', async () => {
    const repo = world.repository('author')
    const build = async (mine: number) => {
      const id = await postItem(world, repo)
      world.gh.user('bob')
      const { number, head } = world.gh.as('bob').openPullRequest({
        repo,
        title: 'Together',
        head: `together-${mine}`,
        body: `Wanted: ${id}`,
        commits: [
          { files: { [`bob-${mine}`]: lines(100 - mine, 'bob') } },
          { files: { [`mia-${mine}`]: lines(mine, 'mia') }, author: 'mia' },
        ],
      })
      await world.idle()
      return { id, number, sha: head.sha }
    }
    const barred = await build(10)
    await refused(
      repo,
      barred,
      'mia',
      new RegExp(`commit \`${barred.sha.slice(0, 10)}\` is yours, and your commits are at least 10 %`),
    )
    ada.comment(repo, barred.number, '/wl stamp quality=3')
    const free = await build(9)
    world.gh.as('mia').comment(repo, free.number, '/wl stamp quality=3')
    await world.idle()
    expect((await recorded(world, barred.id)).stamps).toMatchObject([{ author: 'ada' }])
    expect((await recorded(world, free.id)).stamps).toMatchObject([{ author: 'mia' }])
  })

  it('while the work is a draft, closed, or names nothing', async () => {
    const repo = world.repository('not-yet')
    const id = await postItem(world, repo)
    const number = openPull(world, repo, 'bob', { body: `Wanted: ${id}`, draft: true })
    await world.idle()
    await refused(repo, { id, number }, 'mia', /is not submitted yet. Mark the pull request ready for review/)
    world.gh.as('bob').close(repo, number)
    world.gh.as('mia').comment(repo, number, '/wl stamp quality=4')
    await world.idle()
    expect(world.said(repo, number).at(-1)).toContain('closed or names it no longer')
    const bare = openPull(world, repo, 'bob')
    world.gh.as('mia').comment(repo, bare, '/wl stamp quality=4')
    await world.idle()
    expect(world.said(repo, bare)).toEqual([expect.stringContaining('names no wanted item')])
    expect((await recorded(world, id)).stamps).toEqual([])
  })

  it('of an item that the pull request does not name, and never of another instead', async () => {
    const repo = world.repository('other')
    const at = await inReview(world, repo)
    await refused(
      repo,
      at,
      'mia',
      /`w-00000000aa` is not an item of this pull request. It names `w-/,
      '/wl stamp w-00000000aa quality=4',
    )
    for (const [target, words] of [
      ['@carol-who', 'GitHub knows no `@carol-who`'],
      ['c-0123456789abcdef', '`c-0123456789abcdef` is not an item of this pull request'],
      ['c-012345', '`c-012345` is not possible; expected a whole id'],
      ['@-carol', 'GitHub knows no `@-carol`'],
    ] as const) {
      world.gh.as('mia').comment(repo, at.number, `/wl stamp ${target} quality=4`)
      await world.idle()
      expect(world.said(repo, at.number).at(-1)).toContain(words)
    }
    expect((await recorded(world, at.id)).status).toBe('in_review')
  })

  it('with any other line that cannot be read, for what a right one would be refused for too', async () => {
    const repo = world.repository('anyway')
    world.gh.user('wes')
    const issue = ada.openIssue(repo, { title: 'Count the loops' })
    ada.comment(repo, issue.number, '/wl post')
    await world.idle()
    const say = async (login: string, body: string, number = issue.number) => {
      world.gh.as(login).comment(repo, number, body)
      await world.idle()
      return world.said(repo, number).at(-1)!
    }
    for (const [login, line, words] of [
      ['wes', '/wl close because nobody wants it', 'Only the poster of the item, `ada`, may close it'],
      [OWNER, '/wl close because nobody wants it', 'Only work in review can be closed'],
      ['wes', '/wl withdraw no longer needed', 'Only the poster of the item, a maintainer'],
      ['wes', '/wl update effort=huge', 'Only the poster of the item, a maintainer'],
      ['wes', '/wl unclaim bob', 'There is no claim on `w-'],
      ['wes', '/wl done all of it', 'Nobody holds `w-'],
      [OWNER, '/wl post effort=huge', 'was posted before and is open'],
      ['mia', '/wl correct quality should be 4', 'There is no stamp of yours on the work here'],
      ['mia', '/wl undo bob', 'There is no stamp of yours on the work here'],
      ['mia', '/wl withdraw no longer needed', 'is not read: a text stands in quotes'],
      ['mia', '/wl claim bob', '`bob` is not read'],
      ['wes', '/wl agent no', 'That is a person already'],
    ] as const)
      expect([line, await say(login, line)]).toEqual([line, expect.stringContaining(words)])
    ada.comment(repo, issue.number, '/wl withdraw confirm')
    await world.idle()
    for (const [login, line, words] of [
      ['mia', '/wl claim bob', 'cannot be claimed: it is withdrawn'],
      ['mia', '/wl withdraw it was done elsewhere', 'Only an open item can be withdrawn'],
      [OWNER, '/wl update effort=huge', 'Only an open item can be updated'],
    ] as const)
      expect([line, await say(login, line)]).toEqual([line, expect.stringContaining(words)])
    const pull = openPull(world, repo, 'wes')
    await world.idle()
    expect(await say('wes', '/wl post effort=huge', pull)).toContain('`post` works on issues only')
    expect(await say('wes', '/wl done all of it', pull)).toContain('submitted by marking it ready for review')
    expect(await world.sql(`SELECT handle FROM rigs WHERE handle = 'wes'`)).toEqual([])
  })

  it('when a maintainer edits it into somebody’s comment, or edits a comment for somebody', async () => {
    const repo = world.repository('edited')
    const { id, number } = await inReview(world, repo)
    world.gh.user('wes')
    ada.setRole(repo, 'wes', 'write')
    const innocent = world.gh.as('mia').comment(repo, number, 'Nice.')
    world.gh.as('wes').editComment(repo, innocent.id, '/wl stamp quality=5')
    const other = world.gh.as('wes').comment(repo, number, 'Nice.')
    world.gh.as('mia').editComment(repo, other.id, '/wl stamp quality=5')
    await world.idle()
    expect((await recorded(world, id)).status).toBe('in_review')
    expect(world.said(repo, number)).toHaveLength(1)
  })

  it('on an issue that is not on the board', async () => {
    const repo = world.repository('issue')
    const issue = ada.openIssue(repo, { title: 'x' })
    world.gh.as('mia').comment(repo, issue.number, '/wl stamp quality=4')
    await world.idle()
    expect(world.said(repo, issue.number)).toEqual([expect.stringContaining('This issue is not on the board')])
  })

  it('after the role was taken away, and given as soon as it is granted', async () => {
    const repo = world.repository('revoked')
    const { id, number } = await inReview(world, repo)
    ada.setRole(repo, 'mia', 'write')
    world.gh.as('mia').comment(repo, number, '/wl stamp quality=4')
    await world.idle()
    expect((await recorded(world, id)).status).toBe('in_review')
    ada.setRole(repo, 'mia', 'maintain')
    world.gh.as('mia').comment(repo, number, '/wl stamp quality=4')
    await world.idle()
    expect(await history(world, id)).toContain(`wl accept: ${id} — mia`)
  })

  it('merges from the base that a maintainer made in the branch do not bar them', async () => {
    const repo = world.repository('merge-base')
    world.gh.user('wes')
    ada.setRole(repo, 'wes', 'write')
    const id = await postItem(world, repo)
    const commits = [{ files: { small: 'small\n' } }]
    const { number } = world.gh
      .as('wes')
      .openPullRequest({ repo, title: 'x', body: `Wanted: ${id}`, head: 'work', commits })
    ada.commit(repo, { files: { big: lines(200, 'base') } })
    const update = world.gh.as('mia').openPullRequest({ repo, title: 'Update', head: 'main', base: 'work' })
    world.gh.as('mia').merge(repo, update.number)
    await world.idle()
    expect((await recorded(world, id)).completions[0]!['evidence']).toContain(' by=wes ')
    world.gh.as('mia').comment(repo, number, '/wl stamp quality=4')
    await world.idle()
    expect((await recorded(world, id)).status).toBe('completed')
  })
})
