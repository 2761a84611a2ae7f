import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runBeside } from './cli.ts'
import { say } from './talk.ts'
import { history, inReview, openPull, OWNER, postItem, recorded, startWorld, type World } from './world.ts'

const HOUR = 3_600_000
const EVENTS = [
  'issue_comment',
  'issues',
  'label',
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
  'push',
  'repository',
]

describe('a repository', { timeout: 240_000 }, () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  let ahead = 0
  let looks = 0
  const clock = {
    now: () => new Date(Date.now() + ahead),
    pollIntervalMs: 16 * HOUR,
    jobEnded: (name: string) => void (looks += name === 'repositories' ? 1 : 0),
  }
  beforeAll(async () => {
    world = await startWorld({ clock, github: { app: { owner: OWNER, events: EVENTS } }, config: { ADMIT: ['acme'] } })
    ada = world.gh.as(OWNER)
    world.gh.organization('acme', { members: { ada: 'admin' } })
    world.gh.organization('other', { members: { ada: 'admin' } })
    ada.installApp({ account: 'acme' })
    // The look at the start would otherwise see a move before its event does.
    while (looks === 0) await sleep(20)
    await world.idle()
  }, 120_000)
  afterAll(() => world.close())

  async function look() {
    let seen = 0
    ahead += HOUR
    await world.restart(async () => {
      // One that was ended counts too.
      seen = looks
    })
    while (looks === seen) await sleep(20)
    await world.idle()
  }
  const rowsOf = (id: string) =>
    world.ops(`SELECT owner, repo, linked FROM pull_request_items WHERE wanted_id = $1 ORDER BY pull_request_id`, [id])
  const itemRow = async (id: string) => (await world.sql('SELECT * FROM wanted WHERE id = ?', [id]))[0]!
  const stamp = (repo: string, number: number) => say(world, { repo, number }, 'mia', '/wl stamp quality=4')
  const commentsOfOurs = () => world.gh.deliveries.filter(({ event }) => event === 'issue_comment').length

  it.each([
    ['renamed', (repo: string) => ada.renameRepository(repo, 'new-name')],
    ['transferred', (repo: string) => ada.transferRepository(repo, 'acme')],
  ])('that is %s keeps its work: links, evidence and commands follow', async (how, move) => {
    const old = world.repository(`was-${how}`)
    const { id, number } = await inReview(world, old)
    const other = await postItem(world, old, 'Other')
    const repo = move(old)
    await world.idle()
    expect(await rowsOf(id)).toEqual([{ owner: repo.split('/')[0], repo: repo.split('/')[1], linked: true }])
    expect((await recorded(world, id)).completions).toMatchObject([
      { evidence: expect.stringContaining(`/${repo}/pull/${number} head=`) },
    ])
    expect((await itemRow(other))['description']).toMatch(new RegExp(`^http\\S+/${repo}/issues/\\d+ It should count`))
    expect((await history(world, other)).at(-1)).toBe(`wl update: ${other} — ada`)
    await stamp(repo, number)
    expect(await recorded(world, id)).toMatchObject({ status: 'completed', stamps: [{ author: 'mia' }] })
    expect(world.said(repo, number)).toEqual([expect.stringContaining('**Completed**')])
    const issue = Number(/issues\/(\d+)/.exec((await itemRow(other))['description'])![1])
    await say(world, { repo, number: issue }, 'mia', '/wl withdraw confirm')
    expect((await itemRow(other))['status']).toBe('withdrawn')
  })

  it('that is renamed takes a claim along, whose end is announced under the new name', async () => {
    const old = world.repository('claimed-then')
    const id = await postItem(world, old)
    world.gh.user('cleo')
    await say(world, { repo: old, number: 1 }, 'cleo', '/wl claim')
    const repo = ada.renameRepository(old, 'claimed-now')
    await world.idle()
    const [claim] = await world.ops('SELECT owner, repo, number FROM claims WHERE wanted_id = $1', [id])
    expect(claim).toEqual({ owner: 'ada', repo: 'claimed-now', number: 1 })
    expect(await recorded(world, id)).toMatchObject({ status: 'claimed', holder: 'cleo' })
    await say(world, { repo, number: 1 }, 'cleo', '/wl unclaim')
    expect((await recorded(world, id)).status).toBe('open')
  })

  it('that was renamed unheard follows at the next look', async () => {
    const old = world.repository('quietly')
    const { id, number } = await inReview(world, old)
    world.gh.setHookActive(false)
    const repo = ada.renameRepository(old, 'loudly')
    world.gh.setHookActive(true)
    await look()
    expect(await rowsOf(id)).toEqual([{ owner: 'ada', repo: 'loudly', linked: true }])
    expect((await recorded(world, id)).completions[0]!['evidence']).toContain(`/${repo}/pull/${number} head=`)
    expect((await itemRow(id))['description']).toContain(`/${repo}/issues/`)
  })

  /** An item held by bob elsewhere; ann waits for it here, since before cleo, who waits at home. */
  async function waiting(repo: string) {
    const home = world.repository(`home-of-${repo.split('/')[1]}`)
    const id = await postItem(world, home)
    const held = openPull(world, home, 'bob', { draft: true, body: `Wanted: ${id}` })
    await world.idle()
    const number = openPull(world, repo, 'ann', { body: `Wanted: ${id}` })
    await world.idle()
    openPull(world, home, 'cleo', { body: `Wanted: ${id}` })
    await world.idle()
    return { id, number, release: () => world.gh.as('bob').close(home, held) }
  }

  it.each<[string, string, (repo: string) => void, ((repo: string) => void) | undefined]>([
    ['that is made private', 'hidden', (repo) => ada.privatize(repo), (repo) => ada.publicize(repo)],
    ['that is deleted', 'deleted', (repo) => ada.deleteRepository(repo), undefined],
    [
      'that is transferred to where we do not serve',
      'given-away',
      (repo) => void ada.transferRepository(repo, 'other'),
      undefined,
    ],
    [
      'of an owner who uninstalls us',
      'uninstalled',
      () => ada.uninstallApp('acme'),
      () => void ada.installApp({ account: 'acme' }),
    ],
    ['of an owner who suspends us', 'suspended', () => ada.suspendApp('acme'), () => ada.unsuspendApp('acme')],
    [
      'that we are taken off',
      'taken-off',
      (repo) => ada.removeFromInstallation('acme', repo),
      (repo) => ada.addToInstallation('acme', repo),
    ],
  ])('%s is left: nothing is said or written, and who waits elsewhere gets the item', async (_, name, leave, back) => {
    const inAcme = ['uninstalled', 'suspended', 'taken-off'].includes(name)
    const repo = inAcme ? `acme/${name}` : world.repository(name)
    if (inAcme) world.gh.repository(repo, { files: { 'src/a.ts': 'one\n' }, collaborators: { mia: 'maintain' } })
    const own = await inReview(world, repo, 'dora', `Own of ${name}`)
    const { id, number, release } = await waiting(repo)
    const [said, commits] = [commentsOfOurs(), await world.sql('SELECT commit_hash FROM dolt_log')]
    leave(repo)
    await world.idle()
    if (name === 'given-away') await look()
    expect(commentsOfOurs()).toBe(said)
    expect(await world.sql('SELECT commit_hash FROM dolt_log')).toHaveLength(commits.length)
    expect((await rowsOf(id)).filter((row) => `${row['owner']}/${row['repo']}` === repo)).toMatchObject([
      { linked: false },
    ])
    expect(await recorded(world, own.id)).toMatchObject({ status: 'in_review', holder: 'dora' })
    release()
    await world.idle()
    expect(await recorded(world, id)).toMatchObject({ status: 'in_review', holder: 'cleo' })
    if (back === undefined) return
    world.gh.setHookActive(false)
    if (name !== 'hidden') world.gh.as('dora').close(repo, own.number)
    world.gh.setHookActive(true)
    back(repo)
    await world.idle()
    expect(world.said(repo, number).at(-1)).toContain('Taken')
    expect((await rowsOf(id)).every((row) => row['linked'] || row['repo'].startsWith('home'))).toBe(true)
    if (name !== 'hidden') expect(await recorded(world, own.id)).toMatchObject({ status: 'open', completions: [] })
  })

  it('that we cannot see any more, unheard, is left at the next look', async () => {
    const repo = world.repository('vanished')
    const { id, release } = await waiting(repo)
    world.gh.setHookActive(false)
    ada.deleteRepository(repo)
    world.gh.setHookActive(true)
    await look()
    expect((await rowsOf(id)).filter((row) => row['repo'] === 'vanished')).toMatchObject([{ linked: false }])
    release()
    await world.idle()
    expect(await recorded(world, id)).toMatchObject({ status: 'in_review', holder: 'cleo' })
  })

  it('is compared by its new name only', async () => {
    const old = world.repository('compared')
    const repo = ada.renameRepository(old, 'compared-now')
    await world.idle()
    expect((await runBeside(world, 'reconcile', '--repo', repo)).said).toBe('Nothing is missing.\n')
  })
})

describe('an issue whose item is on the board', { timeout: 240_000 }, () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  beforeAll(async () => {
    world = await startWorld()
    ada = world.gh.as(OWNER)
  }, 120_000)
  afterAll(() => world.close())

  const describeItem = async (id: string) =>
    String((await world.sql('SELECT * FROM wanted WHERE id = ?', [id]))[0]!['description'])

  it('takes it along when it is transferred: its link, its commands, and the roles that count', async () => {
    const from = world.repository('from')
    world.gh.repository('ada/to', { files: { 'src/a.ts': 'one\n' }, collaborators: { max: 'maintain' } })
    const id = await postItem(world, from)
    const before = await world.sql('SELECT updated_at FROM wanted WHERE id = ?', [id])
    const issue = ada.transferIssue(from, 1, 'ada/to')
    await world.idle()
    expect(await describeItem(id)).toBe(`${issue.html_url} It should count.`)
    expect(await world.sql('SELECT updated_at FROM wanted WHERE id = ?', [id])).toEqual(before)
    expect((await history(world, id)).at(-1)).toBe(`wl update: ${id} — ada`)
    const at = { repo: 'ada/to', number: issue.number }
    expect(await say(world, at, 'max', '/wl update effort=large')).toContain('Updated')
    expect(
      await say(world, { repo: from, number: openPull(world, from, 'bob') }, 'mia', `/wl update ${id} effort=small`),
    ).toContain('so a role here does not count')
    expect(await say(world, at, OWNER, '/wl post')).toContain('was posted before')
    const number = openPull(world, 'ada/to', 'bob', { body: `Closes #${issue.number}` })
    await world.idle()
    expect(await recorded(world, id)).toMatchObject({ status: 'in_review', holder: 'bob' })
    expect(world.said('ada/to', number)[0]).toContain('In review')
    expect(await world.sql('SELECT id FROM wanted')).toHaveLength(1)
  })

  it('leaves the link as it is when it goes where we do not serve', async () => {
    const from = world.repository('from-here')
    world.gh.repository('ada/secret', { private: true })
    const id = await postItem(world, from, 'Secret')
    const before = await describeItem(id)
    ada.transferIssue(from, 1, 'ada/secret')
    await world.idle()
    expect(await describeItem(id)).toBe(before)
  })

  it('may be deleted: work on the item goes on', async () => {
    const repo = world.repository('deleting')
    const { id, number } = await inReview(world, repo)
    ada.deleteIssue(repo, 1)
    await world.idle()
    await say(world, { repo, number }, 'mia', '/wl stamp quality=4 override="Its issue was deleted"')
    expect(await recorded(world, id)).toMatchObject({ status: 'completed', stamps: [{ author: 'mia' }] })
    expect((await world.sql('SELECT 1 FROM wanted WHERE id = ?', [id])).length).toBe(1)
  })
})
