import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  history,
  inReview,
  openPull,
  OWNER,
  postItem,
  recorded,
  startWorld,
  vouchForRows,
  type World,
} from './world.ts'

describe('people', () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  beforeAll(async () => {
    world = await startWorld()
    ada = world.gh.as(OWNER)
  }, 120_000)
  afterAll(() => world.close())

  const rigs = () => world.sql('SELECT handle, display_name, hop_uri FROM rigs ORDER BY handle')

  it('who rename themselves stay the same rig', async () => {
    const repo = world.repository('renamed')
    const first = await inReview(world, repo, 'Nina')
    world.gh.renameUser('Nina', 'Ninette')
    const second = await inReview(world, repo, 'Ninette')
    world.gh.as('mia').comment(repo, first.number, '/wl stamp quality=4')
    await world.idle()
    expect(await recorded(world, first.id)).toMatchObject({ status: 'completed', stamps: [{ subject: 'nina' }] })
    expect(await recorded(world, second.id)).toMatchObject({ status: 'in_review', holder: 'nina' })
    expect((await rigs()).filter(({ handle }) => handle.startsWith('nin'))).toMatchObject([
      { handle: 'nina', display_name: 'Nina' },
    ])
    expect(await history(world, second.id)).toContain(`wl done: ${second.id} — Ninette`)
  })

  it('that are none have no rig: an organization is left alone, and hears why', async () => {
    const repo = world.repository('no-person')
    const id = await postItem(world, repo)
    world.gh.user('factory')
    const number = openPull(world, repo, 'factory')
    await world.idle()
    world.gh.organization('factory')
    ada.editBody(repo, number, `Wanted: ${id}`)
    await world.idle()
    expect((await recorded(world, id)).status).toBe('open')
    expect(world.said(repo, number)).toEqual([expect.stringContaining('**No person.**')])
    expect((await rigs()).map(({ handle }) => handle)).not.toContain('factory')
  })

  it('who take a freed login are others, with a numbered handle and none of its rights', async () => {
    const repo = world.repository('reused')
    await inReview(world, repo, 'rex')
    await world.sql(`UPDATE rigs SET trust_level = 3 WHERE handle = 'rex'`)
    await vouchForRows(world)
    world.gh.renameUser('rex', 'rexford')
    const usurper = world.gh.user('rex')
    const other = await inReview(world, repo, 'bob')
    world.gh.as('rex').comment(repo, other.number, '/wl stamp quality=5')
    const { id } = await inReview(world, repo, 'rex')
    world.gh.as('rex').comment(repo, other.number, '/wl stamp quality=5')
    await world.idle()
    expect(await recorded(world, id)).toMatchObject({ holder: `rex-${usurper.id}` })
    expect((await recorded(world, other.id)).stamps).toEqual([])
    world.gh.as('rexford').comment(repo, other.number, '/wl stamp quality=5')
    await world.idle()
    expect((await recorded(world, other.id)).stamps).toMatchObject([{ author: 'rex' }])
  })

  it('whose login a rig of wl has already get the numbered handle', async () => {
    const repo = world.repository('peer')
    await world.sql(
      `INSERT INTO rigs (handle, display_name, hop_uri) VALUES ('peer', 'Peer', 'hop://peer@example.org/peer/')`,
    )
    await world.sql(`CALL DOLT_COMMIT('-Am', 'Register rig: peer')`)
    const account = world.gh.user('Peer')
    const { id } = await inReview(world, repo, 'Peer')
    expect((await recorded(world, id)).holder).toBe(`peer-${account.id}`)
  })

  it('whose login is no handle get one that is', async () => {
    const repo = world.repository('odd')
    const account = world.gh.user('_odd.one')
    const { id } = await inReview(world, repo, '_odd.one')
    expect((await recorded(world, id)).holder).toBe(`odd-one-${account.id}`)
    const upper = await inReview(world, repo, 'UPPER')
    expect((await recorded(world, upper.id)).holder).toBe('upper')
  })

  it('who deleted their fork keep their claim, their evidence and can be stamped', async () => {
    const repo = world.repository('no-fork')
    const { id, number } = await inReview(world, repo)
    const before = await recorded(world, id)
    world.gh.as('bob').deleteFork(repo)
    world.gh.as('bob').editTitle(repo, number, 'Still here')
    await world.idle()
    expect(await recorded(world, id)).toEqual(before)
    world.gh.as('mia').comment(repo, number, '/wl stamp quality=4')
    await world.idle()
    expect((await recorded(world, id)).status).toBe('completed')
  })

  it('who deleted their account hold an item until their pull request is closed', async () => {
    const repo = world.repository('ghost')
    const { id, number } = await inReview(world, repo, 'gil')
    const after = openPull(world, repo, 'bob', { body: `Wanted: ${id}` })
    await world.idle()
    world.gh.deleteUser('gil')
    world.gh.as('mia').comment(repo, number, '/wl stamp quality=4')
    await world.idle()
    expect((await recorded(world, id)).status).toBe('in_review')
    expect(world.said(repo, number).at(-1)).toContain('The account that opened this pull request is gone')
    ada.close(repo, number)
    await world.idle()
    expect(await recorded(world, id)).toMatchObject({ status: 'in_review', holder: 'bob' })
    expect(world.said(repo, after)).toEqual([expect.stringContaining('In review')])
  })

  it('who were gone before anything was recorded are said to be', async () => {
    const repo = world.repository('gone')
    const id = await postItem(world, repo)
    const number = openPull(world, repo, 'ghislaine')
    world.gh.deleteUser('ghislaine')
    ada.label(repo, number, `wl:${id}`)
    await world.idle()
    expect(world.said(repo, number)).toEqual([expect.stringContaining('**No author.**')])
    expect((await recorded(world, id)).status).toBe('open')
  })

  it('whose stamped work is done may go: nothing changes', async () => {
    const repo = world.repository('gone-after')
    const { id, number } = await inReview(world, repo, 'lou')
    world.gh.as('mia').comment(repo, number, '/wl stamp quality=4')
    await world.idle()
    const before = await recorded(world, id)
    world.gh.deleteUser('lou')
    ada.merge(repo, number)
    await world.idle()
    expect(await recorded(world, id)).toEqual(before)
    expect(world.said(repo, number)).toEqual([expect.stringContaining('**Completed**')])
  })

  it('who commented and are gone are not obeyed', async () => {
    const repo = world.repository('gone-comment')
    world.gh.user('max')
    ada.setRole(repo, 'max', 'maintain')
    const { id, number } = await inReview(world, repo)
    world.gh.hold()
    world.gh.as('max').comment(repo, number, '/wl stamp quality=4')
    ada.setRole(repo, 'max', 'none')
    world.gh.deleteUser('max')
    world.gh.release()
    await world.idle()
    expect((await recorded(world, id)).status).toBe('in_review')
  })

  it.each(['dependabot[bot]', 'renovate[bot]'])('who update dependencies are left alone: %s', async (login) => {
    const repo = world.repository(login.replace('[bot]', ''))
    const id = await postItem(world, repo)
    world.gh.user(login, { bot: true })
    ada.setRole(repo, login, 'write')
    const number = openPull(world, repo, login, { body: `Wanted: ${id}` })
    await world.idle()
    world.gh.as(login).push(repo, number, { files: { more: 'x\n' } })
    await world.idle()
    expect(world.said(repo, number)).toEqual([])
    expect((await recorded(world, id)).status).toBe('open')
    expect(await world.sql(`SELECT * FROM rigs WHERE rig_type = 'agent'`)).toEqual([])
  })
})
