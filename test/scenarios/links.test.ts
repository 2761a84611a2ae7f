import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as talk from './talk.ts'
import type { Thread } from './talk.ts'
import { history, inReview, message, OWNER, recorded, type Row, startWorld, vouchForRows, type World } from './world.ts'

describe('a link', () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  beforeAll(async () => {
    world = await startWorld()
    ada = world.gh.as(OWNER)
  }, 120_000)
  afterAll(() => world.close())

  const say = (at: Thread, login: string, line: string) => talk.say(world, at, login, line)
  const refused = (at: Thread, login: string, line: string, words: RegExp) =>
    talk.expectRefused(world, at, login, line, words)
  const foreign = (handle: string) => talk.foreignRig(world, handle)

  const linkOf = async (a: string, b: string): Promise<Row | undefined> =>
    (await world.sql('SELECT * FROM rig_links WHERE rig_a = ? AND rig_b = ?', [a, b]))[0]

  function thread(name: string, ...logins: string[]): { repo: string; number: number } {
    const repo = world.repository(name)
    for (const login of logins) world.gh.user(login)
    return { repo, number: ada.openIssue(repo, { title: 'Talk' }).number }
  }

  /** Both rigs are there, and not linked: each has asked once for what there is not. */
  async function registered(at: { repo: string; number: number }, ...logins: string[]) {
    for (const login of logins) await say(at, login, '/wl unlink nobody-there')
  }

  it('holds when both sides have said so, and bars either from stamping the other', async () => {
    const at = thread('both', 'ann', 'ann2')
    await registered(at, 'ann', 'ann2')
    expect(await say(at, 'ann2', '/wl link Ann')).toContain('the person of `ann` comments `/wl link ann2` here')
    expect(await linkOf('ann', 'ann2')).toMatchObject({ status: 'pending', link_type: 'same_owner', assertion_a: null })
    expect(await say(at, 'ann', '/wl link ann2')).toContain("are one person's from now on")
    const row = await linkOf('ann', 'ann2')
    expect(row).toMatchObject({ status: 'completed', revoked_at: null })
    expect(row?.['assertion_a']).toMatch(
      /^entity:\/\/\S+\/ann\/\d+ says at 20\d\d-\S+ \S+ UTC: the rig ann2 is mine too$/,
    )
    expect(row?.['completed_at']).toMatch(/^20/)
    expect(await history(world, 'Link rig: ann')).toEqual([
      'Link rig: ann2 to ann — ann2',
      'Link rig: ann to ann2 — ann',
    ])
    const work = await inReview(world, at.repo, 'ann2')
    ada.setRole(at.repo, 'ann', 'maintain')
    world.gh.as('ann').comment(at.repo, work.number, '/wl stamp quality=5')
    await world.idle()
    expect(world.said(at.repo, work.number).at(-1)).toMatch(
      /same owner \(the yearbook rule\), and `ann2` is one of yours/,
    )
    expect((await recorded(world, work.id)).stamps).toEqual([])
  })

  it('of a and b, and of b and c, bars a from stamping c', async () => {
    const at = thread('chain', 'cho', 'cho2', 'cho3')
    await registered(at, 'cho', 'cho2', 'cho3')
    for (const [login, other] of [
      ['cho', 'cho2'],
      ['cho2', 'cho'],
      ['cho2', 'cho3'],
      ['cho3', 'cho2'],
    ])
      await say(at, login!, `/wl link ${other}`)
    const work = await inReview(world, at.repo, 'cho3')
    ada.setRole(at.repo, 'cho', 'maintain')
    world.gh.as('cho').comment(at.repo, work.number, '/wl stamp quality=5')
    await world.idle()
    expect(world.said(at.repo, work.number).at(-1)).toContain('`cho3` is one of yours')
  })

  it('of one side bars nobody', async () => {
    const at = thread('one-side', 'rival')
    await registered(at, 'rival', 'mia')
    await say(at, 'rival', '/wl link mia')
    const work = await inReview(world, at.repo, 'rival')
    world.gh.as('mia').comment(at.repo, work.number, '/wl stamp quality=4')
    await world.idle()
    expect((await recorded(world, work.id)).stamps).toMatchObject([{ author: 'mia' }])
  })

  it('is taken back by either side, and begins anew when both say so again', async () => {
    const at = thread('unlink', 'eva', 'eva2')
    await registered(at, 'eva', 'eva2')
    await say(at, 'eva', '/wl link eva2')
    await say(at, 'eva2', '/wl link eva')
    expect(await say(at, 'eva2', '/wl unlink eva')).toContain('are linked no more')
    expect(await linkOf('eva', 'eva2')).toMatchObject({ status: 'revoked', revoked_by: 'eva2' })
    expect(await history(world, 'Unlink rig: eva2')).toEqual(['Unlink rig: eva2 from eva — eva2'])
    await refused(at, 'eva', '/wl unlink eva2', /was taken back already/)
    await say(at, 'eva2', '/wl link eva')
    expect(await linkOf('eva', 'eva2')).toMatchObject({ status: 'pending', assertion_a: null, revoked_by: null })
    await say(at, 'eva', '/wl link eva2')
    expect(await linkOf('eva', 'eva2')).toMatchObject({ status: 'completed' })
  })

  it('flags the stamps that it would have forbidden, once, and changes none', async () => {
    const at = thread('flags', 'fay', 'fay2')
    ada.setRole(at.repo, 'fay', 'maintain')
    const first = await inReview(world, at.repo, 'fay2')
    const second = await inReview(world, at.repo, 'fay2')
    for (const { number } of [first, second]) world.gh.as('fay').comment(at.repo, number, '/wl stamp quality=5')
    await world.idle()
    const given = [...(await recorded(world, first.id)).stamps, ...(await recorded(world, second.id)).stamps]
    expect(given).toHaveLength(2)
    await say(at, 'fay2', '/wl link fay')
    expect(await say(at, 'fay', '/wl link fay2')).toContain('2 earlier stamps between rigs of one owner are flagged')
    const ids = given.map((stamp) => String(stamp['id']))
    const text = await message(world, 'wl note: fay')
    expect(
      text
        .match(/^Flagged: (.*)$/m)?.[1]
        ?.split(',')
        .toSorted(),
    ).toEqual(ids.toSorted())
    const after = [...(await recorded(world, first.id)).stamps, ...(await recorded(world, second.id)).stamps]
    expect(after).toEqual(given)
    const flags = () => world.ops(`SELECT stamp, reason FROM flags ORDER BY stamp`)
    const kept = await flags()
    expect(kept.map((flag) => flag['stamp'])).toEqual(ids.toSorted())
    await refused(at, 'fay', '/wl link fay2', /are linked already\. 2 earlier stamps/)
    await say(at, 'fay', '/wl unlink fay2')
    await say(at, 'fay', '/wl link fay2')
    expect(await say(at, 'fay2', '/wl link fay')).toContain('2 earlier stamps')
    expect((await history(world, 'wl note: fay')).length).toBe(1)
    await world.ops('DELETE FROM flags')
    await world.ops('DELETE FROM indexed_heads')
    await refused(at, 'fay', '/wl link fay2', /are linked already\. 2 earlier stamps/)
    expect(await flags()).toEqual(kept)
  })

  it('with a rig of wl waits for what its owner writes in the commons, in any case of the name', async () => {
    const at = thread('wl', 'pete')
    await registered(at, 'pete')
    await foreign('Peer')
    const told = await say(at, 'pete', '/wl link PEER')
    const statement = /UPDATE rig_links SET assertion_a = 'mine too' WHERE id = 'l-[0-9a-f]{16}'/.exec(told)?.[0]
    expect(statement).toBeDefined()
    expect(await linkOf('Peer', 'pete')).toMatchObject({ status: 'pending', assertion_a: null })
    await refused(at, 'pete', '/wl link peer', /Your side of the link of `pete` and `Peer` is recorded/)
    await world.sql(statement!)
    await world.sql(`CALL DOLT_COMMIT('-Am', 'Link')`)
    expect(await say(at, 'pete', '/wl link Peer ')).toContain("are one person's from now on")
    expect(await linkOf('Peer', 'pete')).toMatchObject({ status: 'completed', assertion_a: 'mine too' })
  })

  it('that a rig of wl began, in its own order, is completed by the person', async () => {
    const at = thread('wl-first', 'zoe')
    await registered(at, 'zoe')
    await foreign('zz-peer')
    await world.sql(
      `INSERT INTO rig_links (id, rig_a, rig_b, assertion_a) VALUES ('l-foreign', 'zz-peer', 'zoe', 'mine')`,
    )
    await world.sql(`CALL DOLT_COMMIT('-Am', 'Link')`)
    expect(await say(at, 'zoe', '/wl link zz-peer')).toContain("are one person's from now on")
    expect(
      await world.sql(`SELECT id, status, assertion_a FROM rig_links WHERE rig_b = 'zoe' OR rig_a = 'zoe'`),
    ).toEqual([{ id: 'l-foreign', status: 'completed', assertion_a: 'mine' }])
  })

  it('to nobody, to oneself, to several, or to an account is refused', async () => {
    const at = thread('refusals', 'ned')
    await registered(at, 'ned')
    await foreign('TWIN')
    await foreign('Twin')
    await refused(at, 'ned', '/wl link nobody-here', /This wasteland has no rig `nobody-here`/)
    await refused(at, 'ned', '/wl link NED', /`ned` is your rig here already/)
    await refused(at, 'ned', '/wl link twin', /Several rigs are called so: `TWIN`, `Twin`/)
    await refused(at, 'ned', '/wl link @mia', /expected the handle of a rig without `@`/)
    await refused(at, 'ned', '/wl link', /`handle` is missing; expected the handle of a rig/)
    await refused(at, 'ned', '/wl unlink TWIN', /`ned` and `TWIN` are not linked/)
    await refused(at, 'ned', '/wl unlink nobody-here', /has no rig `nobody-here`/)
  })

  it('to an agent is refused: that is owned', async () => {
    const at = thread('agent', 'hal', 'robo')
    await registered(at, 'hal', 'robo')
    await world.sql(`UPDATE rigs SET rig_type = 'agent' WHERE handle = 'robo'`)
    await vouchForRows(world)
    await refused(at, 'hal', '/wl link robo', /An agent is not linked but owned/)
  })

  it('of a human and their agent is neither made nor taken back as a link', async () => {
    const at = thread('owned', 'hope')
    await registered(at, 'hope')
    await world.sql(`INSERT INTO rigs (handle, display_name, rig_type) VALUES ('bot-of-hope', 'Bot', 'agent')`)
    await world.sql(
      `INSERT INTO rig_links (id, rig_a, rig_b, link_type, status) VALUES ('l-hope', 'hope', 'bot-of-hope', 'agent_owner', 'pending')`,
    )
    await vouchForRows(world)
    await refused(
      at,
      'hope',
      '/wl link bot-of-hope',
      /`bot-of-hope` is an agent of `hope`: that is said with `\/wl own`/,
    )
    await refused(at, 'hope', '/wl unlink bot-of-hope', /`bot-of-hope` is an agent: `\/wl disown @agent` gives it up/)
  })

  it('is refused in a commons without the table, and everything else goes on', async () => {
    const at = thread('gt', 'gus')
    await registered(at, 'gus', 'mia')
    // One that we made gets the table at the next start.
    const [made] = await world.sql(`SELECT value FROM _meta WHERE \`key\` = 'created_by'`)
    await world.sql(`DELETE FROM _meta WHERE \`key\` = 'created_by'`)
    await world.sql('RENAME TABLE rig_links TO links_away')
    await world.sql(`CALL DOLT_COMMIT('-Am', 'As gt has it')`)
    await world.restart()
    await refused(at, 'gus', '/wl link mia', /This commons has no table `rig_links`/)
    await refused(at, 'gus', '/wl unlink mia', /This commons has no table `rig_links`/)
    await world.sql('RENAME TABLE links_away TO rig_links')
    await world.sql(`INSERT INTO _meta (\`key\`, value) VALUES ('created_by', ?)`, [made!['value']])
    await world.sql(`CALL DOLT_COMMIT('-Am', 'As it was')`)
    await world.restart()
  })
})
