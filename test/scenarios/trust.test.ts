import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as talk from './talk.ts'
import type { Thread } from './talk.ts'
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
import { forgetJobs } from '../queue-rows.ts'

describe('trust', () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  beforeAll(async () => {
    world = await startWorld()
    ada = world.gh.as(OWNER)
    const repo = world.repository('home')
    await postItem(world, repo)
    await setTrust('ada', 3)
  }, 120_000)
  afterAll(() => world.close())

  const refused = (at: Thread, login: string, line: string, words: RegExp) =>
    talk.expectRefused(world, at, login, line, words)
  const head = () => talk.ledgerHead(world)

  /** As the operator's or a peer's hand would. */
  async function setTrust(handle: string, level: number) {
    await world.sql('UPDATE rigs SET trust_level = ? WHERE handle = ?', [level, handle])
    await vouchForRows(world)
  }
  const trustOf = async (handle: string) =>
    (await world.sql('SELECT trust_level FROM rigs WHERE handle = ?', [handle]))[0]?.['trust_level']

  /** A thread on which people have rigs: each has posted an issue of their own. */
  async function thread(name: string, ...logins: string[]): Promise<{ repo: string; number: number }> {
    const repo = world.repository(name)
    const { number } = ada.openIssue(repo, { title: 'Talk' })
    for (const login of logins) {
      world.gh.user(login)
      const own = world.gh.as(login).openIssue(repo, { title: `By ${login}` })
      world.gh.as(login).comment(repo, own.number, '/wl post')
    }
    await world.idle()
    return { repo, number }
  }

  it('is raised by a rig of level 3, in a Dolt commit with reason and authority', async () => {
    const at = await thread('promote', 'bob')
    ada.comment(at.repo, at.number, '/wl promote @Bob level=2 reason="Ten good stamps"')
    await world.idle()
    expect(await trustOf('bob')).toBe(2)
    expect(await history(world, 'Promote rig: bob')).toEqual(['Promote rig: bob to trust 2 — ada'])
    const text = await message(world, 'Promote rig: bob to trust 2')
    expect(text).toContain('Authority: trust 3\n')
    expect(text).toContain('Reason: Ten good stamps')
    expect(world.said(at.repo, at.number)).toEqual([expect.stringContaining('`bob` has trust level 2 from now on')])
  })

  it('of level 3 lets one stamp without a role, until it is taken: stamps given stay', async () => {
    const at = await thread('raised', 'trudy')
    const first = await inReview(world, at.repo, 'carl')
    const second = await inReview(world, at.repo, 'carl')
    ada.comment(at.repo, at.number, '/wl promote @trudy level=3 reason="Reviews well"')
    await world.idle()
    world.gh.as('trudy').comment(at.repo, first.number, '/wl stamp quality=4')
    await world.idle()
    expect((await recorded(world, first.id)).stamps).toMatchObject([{ author: 'trudy' }])
    ada.comment(at.repo, at.number, '/wl suspend @trudy reason="Stamps for a friend"')
    await world.idle()
    expect(await trustOf('trudy')).toBe(-1)
    expect(await history(world, 'Suspend rig: trudy')).toEqual(['Suspend rig: trudy — ada'])
    expect(await message(world, 'Suspend rig: trudy')).toMatch(/Authority: trust 3\nReason: Stamps for a friend/)
    world.gh.as('trudy').comment(at.repo, second.number, '/wl stamp quality=4')
    await world.idle()
    expect(world.said(at.repo, second.number).at(-1)).toContain('You are suspended, so you cannot stamp')
    expect((await recorded(world, second.id)).stamps).toEqual([])
    expect((await recorded(world, first.id)).stamps).toMatchObject([{ author: 'trudy' }])
  })

  it('of level 3 is not taken from all others by one person and whom they promoted; a second person may', async () => {
    const at = await thread('takeover', 'eve', 'puppet', 'x1', 'x2', 'x3')
    for (const handle of ['eve', 'x1', 'x2', 'x3']) await setTrust(handle, 3)
    const say = async (login: string, line: string) => {
      world.gh.as(login).comment(at.repo, at.number, line)
      await world.idle()
    }
    await say('eve', '/wl promote @puppet level=3 reason="A friend"')
    await say('eve', '/wl suspend @x1 reason="Mine"')
    expect(await trustOf('x1')).toBe(-1)
    await refused(at, 'eve', '/wl suspend @x2 reason="Mine"', /One person lowers or suspends one rig of level 3 a day/)
    await refused(at, 'eve', '/wl promote @x2 level=2 reason="Mine"', /`x2` has trust level 3, and you/)
    await refused(at, 'puppet', '/wl suspend @x3 reason="Mine"', /who did not get it from you within 7 days/)
    expect([await trustOf('x2'), await trustOf('x3')]).toEqual([3, 3])
    await say('x3', '/wl suspend @x2 reason="I think so, too"')
    expect(await trustOf('x2')).toBe(-1)
  })

  it('that is taken bars a maintainer too, whatever their role', async () => {
    const at = await thread('maintainer', 'mia')
    const work = await inReview(world, at.repo, 'carl')
    ada.comment(at.repo, at.number, '/wl suspend @mia reason="Away"')
    await world.idle()
    world.gh.as('mia').comment(at.repo, work.number, '/wl stamp quality=4')
    await world.idle()
    expect((await recorded(world, work.id)).stamps).toEqual([])
    ada.comment(at.repo, at.number, '/wl promote @mia level=1 reason="Back"')
    await world.idle()
    expect(await trustOf('mia')).toBe(1)
    world.gh.as('mia').comment(at.repo, work.number, '/wl stamp quality=4')
    await world.idle()
    expect((await recorded(world, work.id)).stamps).toMatchObject([{ author: 'mia' }])
  })

  it('of a suspended person: what they hold stays and can be stamped, nothing new is claimed until it is lifted', async () => {
    const at = await thread('held', 'sue')
    const held = await inReview(world, at.repo, 'sue')
    ada.comment(at.repo, at.number, '/wl suspend @sue reason="Spam"')
    await world.idle()
    const fresh = await postItem(world, at.repo, 'Another')
    const number = openPull(world, at.repo, 'sue', { body: `Wanted: ${fresh}` })
    await world.idle()
    expect(await recorded(world, fresh)).toMatchObject({ status: 'open', holder: null })
    ada.comment(at.repo, held.number, '/wl stamp quality=3')
    await world.idle()
    expect((await recorded(world, held.id)).status).toBe('completed')
    ada.comment(at.repo, at.number, '/wl promote @sue level=1 reason="Explained"')
    await world.idle()
    expect(await recorded(world, fresh)).toMatchObject({ status: 'in_review', holder: 'sue' })
    expect(world.said(at.repo, number)).toEqual([expect.stringContaining('In review')])
  })

  it('is not changed by a lower level, and who asks is not registered for it', async () => {
    const at = await thread('lower', 'bob', 'carol')
    await setTrust('carol', 2)
    await refused(
      at,
      'carol',
      '/wl promote @bob level=2 reason="x"',
      /Only a rig of trust level 3 changes trust. Yours is 2/,
    )
    await refused(at, 'carol', '/wl suspend @bob reason="x"', /Only a rig of trust level 3.*or the operator/)
    await refused(at, 'newcomer', '/wl promote @bob level=2 reason="x"', /Only a rig of trust level 3 changes trust/)
    await refused(at, 'mia', '/wl promote @bob level=2 reason="x"', /Only a rig of trust level 3/)
    expect(await trustOf('newcomer')).toBeUndefined()
  })

  it('is not changed by who is suspended, whatever it was', async () => {
    const at = await thread('barred', 'kit', 'leo')
    await setTrust('kit', -1)
    await refused(
      at,
      'kit',
      '/wl promote @leo level=2 reason="x"',
      /^Only a rig of trust level 3 changes trust\. You are suspended\. Somebody else of trust level 3 may, or the operator/,
    )
    await refused(at, 'kit', '/wl promote @kit level=1 reason="x"', /You are suspended/)
  })

  it('is not changed for oneself, nor for a rig of one’s own', async () => {
    const at = await thread('self', 'tara', 'tara2')
    await setTrust('tara', 3)
    await refused(at, 'tara', '/wl suspend @tara reason="x"', /Nobody changes their own trust, and `tara` is yours/)
    await world.sql(
      `INSERT INTO rig_links (id, rig_a, rig_b, link_type, status) VALUES ('l-t', 'tara', 'tara2', 'same_owner', 'completed')`,
    )
    await vouchForRows(world)
    await refused(at, 'tara', '/wl promote @tara2 level=3 reason="x"', /`tara2` is yours/)
  })

  it('above one’s own level is out of reach', async () => {
    const at = await thread('above', 'tess', 'vera')
    await setTrust('tess', 3)
    await setTrust('vera', 5)
    await refused(at, 'tess', '/wl suspend @vera reason="x"', /`vera` and trust level 5: that is above your own level/)
  })

  it('is not changed by an agent', async () => {
    const at = await thread('agent', 'robo', 'bob')
    await world.sql(`UPDATE rigs SET rig_type = 'agent' WHERE handle = 'robo'`)
    await setTrust('robo', 3)
    await refused(at, 'robo', '/wl promote @bob level=1 reason="x"', /An agent changes nobody's trust/)
  })

  it('that is so already is said to be', async () => {
    const at = await thread('already', 'al')
    await refused(at, OWNER, '/wl promote @al level=1 reason="x"', /`al` has trust level 1 already/)
    await setTrust('al', -1)
    await refused(at, OWNER, '/wl suspend @al reason="x"', /`al` is suspended already/)
  })

  it('of whom GitHub does not know, an organization, or somebody without a rig cannot be changed', async () => {
    const at = await thread('nobody')
    world.gh.user('stranger')
    world.gh.organization('acme', { members: { [OWNER]: 'admin' } })
    await refused(at, OWNER, '/wl promote @nobody-at-all level=2 reason="x"', /GitHub knows no `@nobody-at-all`/)
    await refused(at, OWNER, '/wl promote @acme level=2 reason="x"', /`@acme` is an organization/)
    await refused(at, OWNER, '/wl suspend @stranger reason="x"', /`@stranger` has no rig in this wasteland yet/)
  })

  it('follows the person and not the name', async () => {
    const at = await thread('name', 'rex')
    world.gh.renameUser('rex', 'rexford')
    world.gh.user('rex')
    await refused(at, OWNER, '/wl promote @rex level=2 reason="x"', /`@rex` has no rig/)
    ada.comment(at.repo, at.number, '/wl promote @rexford level=2 reason="x"')
    await world.idle()
    expect(await trustOf('rex')).toBe(2)
  })

  it.each([
    ['/wl promote bob level=2 reason="x"', /`bob` is not read: did you mean `@bob`\?/],
    ['/wl promote @bob level=4 reason="x"', /`level=4` is not possible; expected one of 1, 2, 3/],
    ['/wl promote @bob reason="x"', /`level` is missing; expected one of 1, 2, 3/],
    ['/wl promote @bob level=2', /`reason` is missing; expected a sentence in quotes/],
    ['/wl suspend @bob reason=spam and more', /put it in quotes/],
  ])('%s is not understood', async (line, words) => {
    const at = await thread(`not-${line.length}`)
    await refused(at, OWNER, line, words)
  })

  it('is not changed in a repository that is not admitted', async () => {
    world.gh.user('zed')
    world.gh.repository('zed/own')
    world.gh.as('zed').installApp({ account: 'zed' })
    const { number } = world.gh.as('zed').openIssue('zed/own', { title: 'Talk' })
    await refused({ repo: 'zed/own', number }, OWNER, '/wl promote @bob level=3 reason="x"', /\*\*Not admitted.\*\*/)
  })

  it('is changed once by a comment that is delivered twice', async () => {
    const at = await thread('twice', 'dora')
    ada.comment(at.repo, at.number, '/wl promote @dora level=2 reason="x"')
    await world.idle()
    const before = await head()
    const delivery = world.gh.deliveries.findLast((one) => one.event === 'issue_comment')!
    await forgetJobs(world.ops)
    await world.gh.redeliver(delivery.guid)
    await world.idle()
    expect(await head()).toBe(before)
    expect(world.said(at.repo, at.number)).toHaveLength(1)
  })
})
