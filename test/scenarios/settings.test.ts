import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inReview, openPull, OWNER, postItem, recorded, startWorld, type World } from './world.ts'

const FILE = '.github/wasteland.yml'

describe('.github/wasteland.yml', () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  beforeAll(async () => {
    world = await startWorld({ config: { ADMIT: ['ada/kept', 'ada/unset'] } })
    ada = world.gh.as(OWNER)
  }, 120_000)
  afterAll(() => world.close())

  const checks = (repo: string, sha: string) =>
    world.gh
      .checkRuns(repo, sha)
      .map(({ name, conclusion, output }) => ({ name, conclusion, title: output.title, summary: output.summary }))
  const settle = async (repo: string, text: string | null) => {
    const sha = ada.writeFile(repo, FILE, text)
    await world.idle()
    return sha
  }
  const stamped = async (repo: string, login: string, at: { id: string; number: number }) => {
    world.gh.as(login).comment(repo, at.number, '/wl stamp quality=4')
    await world.idle()
    return (await recorded(world, at.id)).stamps.map((stamp) => stamp['author'])
  }

  it('that is broken gets one check run on the commit that changed it; the last good one stays; mended, it succeeds', async () => {
    const repo = world.repository('broken')
    await settle(repo, 'stampers:\n  users: [ada]\n')
    const broken = await settle(repo, 'quiet: true\nstampers:\n  users: [mia]\nstamp: on `@mia`\n')
    ada.writeFile(repo, 'README.md', 'other\n')
    const at = await inReview(world, repo)
    const wrong = {
      name: 'Wasteland settings',
      conclusion: 'failure',
      title: '.github/wasteland.yml is not usable',
      summary: expect.stringMatching(/^Line 4: `Unrecognized key: "stamp"`\n\nThe last good version stays in force/),
    }
    expect(checks(repo, broken)).toEqual([wrong])
    const posts = world.gh.requests.filter(
      ({ method, path, body }) =>
        method === 'POST' && path.endsWith('ada/broken/check-runs') && body.name === 'Wasteland settings',
    )
    expect(posts.map(({ body }) => body.output.annotations)).toEqual([
      [{ path: FILE, start_line: 4, end_line: 4, annotation_level: 'failure', message: 'Unrecognized key: "stamp"' }],
    ])
    expect(world.said(repo, at.number)).toHaveLength(1)
    expect(await stamped(repo, 'mia', at)).toEqual([])
    expect(world.said(repo, at.number)[1]).toContain('allow only some people to stamp, and you are not among them')
    const mended = await settle(repo, 'stampers:\n  users: [mia]\n')
    expect(checks(repo, mended)).toMatchObject([{ name: 'Wasteland settings', conclusion: 'success' }])
    expect(checks(repo, broken)).toEqual([wrong])
    expect(await stamped(repo, 'mia', at)).toEqual(['mia'])
    const later = await settle(repo, 'stampers:\n  users: [mia, ada]\n')
    expect(checks(repo, later)).toEqual([])
  })

  it('that was broken before we came is reported when it is first read, and the defaults hold', async () => {
    world.gh.repository('ada/found', { files: { [FILE]: 'quiet: maybe\n' }, collaborators: { mia: 'maintain' } })
    const at = await inReview(world, 'ada/found')
    const [first] = world.gh.requests.filter(({ path }) => path.includes('ada/found/check-runs'))
    expect(first?.body).toMatchObject({
      conclusion: 'failure',
      output: { summary: expect.stringContaining('The defaults are in force') },
    })
    expect(await stamped('ada/found', 'mia', at)).toEqual(['mia'])
  })

  it('that is broken and then removed is mended by the commit that removed it', async () => {
    const repo = world.repository('removed')
    await settle(repo, 'nonsense\n')
    const removed = await settle(repo, null)
    expect(checks(repo, removed)).toMatchObject([{ conclusion: 'success' }])
    expect(await world.ops(`SELECT * FROM settings WHERE sha IS NULL`)).toEqual([])
  })

  it('under a name like it is not read, and the commit that writes it says so', async () => {
    const repo = world.repository('near')
    const sha = ada.writeFile(repo, '.github/wasteland.yaml', 'gates: {checks: true}\n')
    await world.idle()
    expect(checks(repo, sha)).toEqual([
      {
        name: 'Wasteland settings',
        conclusion: 'neutral',
        title: '.github/wasteland.yaml is not read',
        summary: expect.stringContaining('rename it to that'),
      },
    ])
  })

  it('under a name like it, written before we came, is pointed out once we see the repository, once', async () => {
    const near = ['wasteland.yml', '.github/.wasteland.yml', '.GitHub/Wasteland.yaml']
    const repos = [...near, FILE].map((path, nth) => {
      world.gh.repository(`ada/came-${nth}`, { files: { [path]: 'gates: {checks: true}\n', 'README.md': 'x\n' } })
      return `/repos/ada/came-${nth}/check-runs`
    })
    const said = () =>
      world.gh.requests.filter(({ method, path }) => method === 'POST' && repos.includes(path)).map(({ body }) => body)
    for (let again = 0; again < 2; again++) {
      ada.suspendApp(OWNER)
      ada.unsuspendApp(OWNER)
      await world.idle()
    }
    expect(said()).toHaveLength(near.length)
    for (const path of near)
      expect(said()).toContainEqual(
        expect.objectContaining({
          name: 'Wasteland settings',
          conclusion: 'neutral',
          output: expect.objectContaining({ title: `${path} is not read` }),
        }),
      )
  })

  it('on another branch says nothing', async () => {
    const repo = world.repository('branch')
    const sha = ada.commit(repo, { branch: 'other', files: { [FILE]: 'nonsense\n' } })
    await world.idle()
    expect(checks(repo, sha)).toEqual([])
  })

  it('publishes nothing any more while it is broken', async () => {
    world.gh.repository('ada/kept', { private: true, files: { [FILE]: 'private: publish\n' } })
    const id = await postItem(world, 'ada/kept', 'Was let out')
    expect(id).toMatch(/^w-/)
    await settle('ada/kept', 'private: publish\nprivate: publish\n')
    const issue = ada.openIssue('ada/kept', { title: 'Now kept' })
    ada.comment('ada/kept', issue.number, '/wl post')
    await world.idle()
    expect(await world.sql(`SELECT id FROM wanted WHERE title = 'Now kept'`)).toEqual([])
    expect(world.said('ada/kept', issue.number)).toEqual([expect.stringContaining('it is published once')])
  })

  it('keeps the last good one over a restart', async () => {
    const repo = world.repository('restarted')
    await settle(repo, 'stampers: {users: [ada]}\n')
    await settle(repo, 'stampers: [ada]\n')
    const at = await inReview(world, repo)
    await world.restart()
    expect(await stamped(repo, 'mia', at)).toEqual([])
    expect(await stamped(repo, 'ada', at)).toEqual(['ada'])
  })

  /** What is remembered of a repository is dropped. */
  async function ask(repo: string, guest = `guest-${world.gh.deliveries.length}`) {
    world.gh.user(guest)
    ada.setRole(repo, guest, 'write')
    await world.idle()
  }

  it('that an older version could not read, and this one can, is mended once and is the last good one', async () => {
    const repo = world.repository('older')
    const sha = await settle(repo, 'stamp-on: merge\n')
    const [kept] = await world.ops(`SELECT repository_id FROM settings WHERE good LIKE 'stamp-on%'`)
    const row = () => world.ops('SELECT broken, good FROM settings WHERE repository_id = $1', [kept!['repository_id']])
    await world.ops(`UPDATE settings SET broken = true, good = '' WHERE repository_id = $1`, [kept!['repository_id']])
    for (const _ of ['read anew', 'and again']) {
      await world.restart()
      openPull(world, repo, 'bob', { body: `Wanted: ${await postItem(world, repo)}` })
      await world.idle()
      expect(await row()).toEqual([{ broken: false, good: 'stamp-on: merge\n' }])
    }
    expect(checks(repo, sha)).toMatchObject([{ conclusion: 'success' }])
  })

  it('that GitHub refuses, and that was never read, lets nobody stamp, whatever is said over it', async () => {
    const repo = 'ada/untold'
    world.gh.repository(repo, { files: { [FILE]: 'gates: {checks: true}\n' }, collaborators: { mia: 'maintain' } })
    const end = world.gh.fault({ method: 'GET', path: /^\/repos\/ada\/untold\/contents\//, status: 403, times: 99 })
    const at = await inReview(world, repo)
    expect(world.said(repo, at.number)[0]).toContain('**Settings not read.** GitHub does not let this App read')
    for (const line of ['/wl stamp quality=4', '/wl stamp quality=4 override="It is fine"']) {
      world.gh.as('mia').comment(repo, at.number, line)
      await world.idle()
      expect(world.said(repo, at.number).at(-1)).toMatch(
        /^GitHub does not tell this App now who may stamp in `ada\/untold`/,
      )
    }
    expect((await recorded(world, at.id)).stamps).toEqual([])
    const again = () => world.ops('SELECT number FROM rechecks WHERE repo = $1', ['untold'])
    expect(await again()).toEqual([{ number: at.number }])
    end()
    await settle(repo, 'gates: {checks: false}\n')
    world.gh.as('bob').editTitle(repo, at.number, 'Count again')
    await world.idle()
    expect([await again(), world.said(repo, at.number)[0]]).toEqual([[], expect.not.stringContaining('not read')])
    expect(await stamped(repo, 'mia', at)).toEqual(['mia'])
  })

  it('that GitHub refuses stays in force as it was read last, and is not forgotten', async () => {
    const repo = world.repository('read-before')
    await settle(repo, 'stampers: {users: [ada]}\n')
    const at = await inReview(world, repo)
    const end = world.gh.fault({
      method: 'GET',
      path: /^\/repos\/ada\/read-before\/contents\//,
      status: 403,
      times: 99,
    })
    await ask(repo)
    expect(await stamped(repo, 'mia', at)).toEqual([])
    expect(world.said(repo, at.number)[1]).toContain('allow only some people to stamp, and you are not among them')
    end()
    await ask(repo)
    expect(await stamped(repo, 'ada', at)).toEqual(['ada'])
  })

  it('of the organization that GitHub refuses lets nobody stamp until it is shown', async () => {
    const repo = world.repository('home-refused')
    const at = await inReview(world, repo)
    const end = world.gh.fault({ method: 'GET', path: /^\/repos\/ada\/\.github(\?|$)/, status: 403, times: 99 })
    await ask(repo)
    expect(await stamped(repo, 'mia', at)).toEqual([])
    end()
    await ask(repo)
    expect(await stamped(repo, 'mia', at)).toEqual(['mia'])
  })

  it('is asked for once a minute, not once a delivery', async () => {
    const repo = world.repository('often')
    const { number } = await inReview(world, repo)
    for (const title of ['a', 'b', 'c']) world.gh.as('bob').editTitle(repo, number, title)
    await world.idle()
    expect(world.gh.requests.filter(({ path }) => path.startsWith('/repos/ada/often/contents/'))).toHaveLength(1)
  })

  it('that asks for quiet has no status comment, but hears what is wrong', async () => {
    const repo = world.repository('quiet')
    await settle(repo, 'quiet: true\n')
    const at = await inReview(world, repo)
    expect(world.said(repo, at.number)).toEqual([])
    const unknown = openPull(world, repo, 'bob', { body: 'Wanted: w-00000000ff' })
    await world.idle()
    expect(world.said(repo, unknown)).toEqual([expect.stringContaining('Unknown item')])
    world.gh.as('bob').editBody(repo, unknown, `Wanted: ${await postItem(world, repo, 'Another')}`)
    await world.idle()
    expect(world.said(repo, unknown)).toEqual([expect.stringContaining('In review')])
    expect(await stamped(repo, 'mia', at)).toEqual(['mia'])
    expect(world.said(repo, at.number)).toEqual([])
  })

  it('says whose pull requests are left alone', async () => {
    const repo = world.repository('ignored')
    world.gh.user('chores[bot]', { bot: true })
    await settle(repo, 'ignore: ["Chores[bot]"]\n')
    ada.setRole(repo, 'chores[bot]', 'write')
    const id = await postItem(world, repo)
    const number = openPull(world, repo, 'chores[bot]', { body: `Wanted: ${id}` })
    await world.idle()
    expect(world.said(repo, number)).toEqual([])
    expect((await recorded(world, id)).status).toBe('open')
  })

  it('says how long a claim lasts, and by which label an issue is posted', async () => {
    const repo = world.repository('terms')
    await settle(repo, 'claims: {medium: 2}\nlabels: {wanted: help wanted}\n')
    const issue = ada.openIssue(repo, { title: 'Labelled', labels: ['wanted'] })
    await world.idle()
    expect(await world.sql(`SELECT id FROM wanted WHERE title = 'Labelled'`)).toEqual([])
    ada.label(repo, issue.number, 'help wanted')
    await world.idle()
    const [item] = await world.sql(`SELECT id FROM wanted WHERE title = 'Labelled'`)
    world.gh.user('cleo')
    world.gh.as('cleo').comment(repo, issue.number, '/wl claim')
    await world.idle()
    const [claim] = await world.ops('SELECT claimed_at, ends_at FROM claims WHERE wanted_id = $1', [item!['id']])
    expect(claim!['ends_at'] - claim!['claimed_at']).toBe(2 * 24 * 3_600_000)
    await settle(repo, 'post: command\n')
    const other = ada.openIssue(repo, { title: 'By command', labels: ['wanted'] })
    await world.idle()
    expect(await world.sql(`SELECT id FROM wanted WHERE title = 'By command'`)).toEqual([])
    ada.comment(repo, other.number, '/wl post')
    await world.idle()
    expect(await world.sql(`SELECT id FROM wanted WHERE title = 'By command'`)).toHaveLength(1)
  })

  it('proposes who is an agent, and makes nobody one', async () => {
    const repo = world.repository('agents')
    world.gh.user('robo')
    await settle(repo, 'agents: [Robo]\n')
    const { number } = await inReview(world, repo, 'robo')
    expect(await world.sql(`SELECT rig_type FROM rigs WHERE handle = 'robo'`)).toEqual([{ rig_type: 'human' }])
    expect(world.said(repo, number)[0]).toContain('The settings here call `robo` an agent. That is a proposal')
  })

  it('means the accounts that had its logins when they were listed, by whatever login, and nobody who took one', async () => {
    const repo = world.repository('renamed')
    const bot = (login: string) => world.gh.user(login, { bot: true })
    for (const login of ['kim', 'lou']) world.gh.user(login)
    bot('tidy[bot]')
    for (const login of ['kim', 'tidy[bot]']) ada.setRole(repo, login, 'maintain')
    const text = 'stampers: {users: [Kim, zed]}\nignore: ["tidy[bot]"]\nagents: [lou]\n'
    const first = await settle(repo, text)
    const at = await inReview(world, repo)
    const title = '.github/wasteland.yml lists logins that are not right'
    const unknown = '- `zed`: when it was listed, GitHub knew no such account, so it means nobody.'
    const [check, ...others] = checks(repo, first)
    expect(others).toEqual([])
    expect(check).toMatchObject({ name: 'Wasteland settings', conclusion: 'failure', title })
    expect(check!.summary).toContain(unknown)
    expect(check!.summary).not.toMatch(/kim|tidy|lou/)

    const [kim, tidy, lou] = ['kim', 'tidy[bot]', 'lou'].map((login) => world.gh.user(login).id)
    world.gh.renameUser('kim', 'kim-now')
    world.gh.renameUser('tidy[bot]', 'neat[bot]')
    world.gh.renameUser('lou', 'lou-now')
    for (const login of ['kim', 'lou', 'zed']) world.gh.user(login)
    bot('tidy[bot]')
    for (const login of ['kim', 'zed', 'tidy[bot]', 'neat[bot]']) ada.setRole(repo, login, 'maintain')
    // Who has the login of one that was listed, and whose account came later than the entry.
    for (const login of ['kim', 'zed']) {
      expect(await stamped(repo, login, at)).toEqual([])
      expect(world.said(repo, at.number).at(-1)).toContain(
        'Your login is among them, but it means the account that had',
      )
    }
    expect(await stamped(repo, 'kim-now', at)).toEqual(['kim-now'])
    const said = async (login: string) => {
      const number = openPull(world, repo, login, { body: `Wanted: ${await postItem(world, repo)}` })
      await world.idle()
      return world.said(repo, number)
    }
    expect(await said('neat[bot]')).toEqual([])
    expect(await said('tidy[bot]')).toEqual([expect.stringContaining('In review')])
    expect((await said('lou'))[0]).not.toContain('an agent')
    expect((await said('lou-now'))[0]).toContain('The settings here call `lou-now` an agent')

    // A change elsewhere in the file takes nobody's right and gives none, and says who moved.
    const later = await settle(repo, `${text}quiet: true\n`)
    const other = await inReview(world, repo)
    expect(await stamped(repo, 'kim', other)).toEqual([])
    expect(await stamped(repo, 'kim-now', other)).toEqual(['kim-now'])
    const { summary } = checks(repo, later)[0]!
    expect(summary).toContain(unknown)
    for (const [login, from] of Object.entries({ kim, 'tidy[bot]': tidy, lou }))
      expect(summary).toContain(
        `- \`${login}\`: it means account ${from}, which had this login when it was listed. ` +
          `Account ${world.gh.user(login).id} has it now, and gets nothing by it.`,
      )
    // Taken out and added again it means who has it then.
    await settle(repo, 'stampers: {users: [ada]}\n')
    await inReview(world, repo)
    const last = await settle(repo, 'stampers: {users: [kim, zed]}\n')
    const third = await inReview(world, repo)
    expect(await stamped(repo, 'kim-now', third)).toEqual([])
    expect(await stamped(repo, 'kim', third)).toEqual(['kim'])
    expect(checks(repo, last)).toEqual([])
  })

  it('takes the owner’s default from their .github repository, where its own keys do not say otherwise', async () => {
    world.gh.repository('ada/.github', { files: { [FILE]: 'quiet: true\nprivate: publish\n' } })
    ada.writeFile('ada/.github', FILE, 'quiet: true\nprivate: publish\nstampers: {users: [ada]}\n')
    await world.idle()
    const repo = world.repository('defaulted')
    const at = await inReview(world, repo)
    expect(world.said(repo, at.number)).toEqual([])
    expect(await stamped(repo, 'mia', at)).toEqual([])
    // An empty list of its own does not undo what the owner says of all.
    await settle(repo, 'quiet: false\nstampers: {users: []}\n')
    expect(await stamped(repo, 'mia', at)).toEqual([])
    await settle(repo, 'quiet: false\nstampers: {users: [mia]}\n')
    expect(await stamped(repo, 'mia', at)).toEqual([])
    ada.writeFile('ada/.github', FILE, 'quiet: true\nprivate: publish\n')
    await world.idle()
    expect(await stamped(repo, 'mia', at)).toEqual(['mia'])
    world.gh.repository('ada/unset', { private: true })
    const issue = ada.openIssue('ada/unset', { title: 'Not by default' })
    ada.comment('ada/unset', issue.number, '/wl post')
    await world.idle()
    expect(world.said('ada/unset', issue.number)).toEqual([expect.stringContaining('it is published once')])
    const broken = ada.writeFile('ada/.github', FILE, 'quiet: [\n')
    await world.idle()
    expect(checks('ada/.github', broken)).toMatchObject([{ conclusion: 'failure' }])
    ada.writeFile('ada/.github', FILE, null)
    await world.idle()
  })
})
