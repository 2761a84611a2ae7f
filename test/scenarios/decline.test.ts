import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deliverAgain, expectRefused, ledgerHead, say } from './talk.ts'
import {
  history,
  inReview,
  message,
  openPull,
  OWNER,
  postItem,
  readKept,
  recorded,
  startWorld,
  type World,
  vouchForRows,
} from './world.ts'

describe('/wl decline', () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  beforeAll(async () => {
    world = await startWorld()
    ada = world.gh.as(OWNER)
  }, 120_000)
  afterAll(() => world.close())

  it('by its bare word, or another beside it, says what would happen and does nothing', async () => {
    const repo = world.repository('asked')
    const id = await postItem(world, repo)
    const number = openPull(world, repo, 'ola', { body: `Wanted: ${id}`, draft: true })
    await world.idle()
    const at = { repo, number }
    const kept = () => readKept(world, 'opt-outs').catch(() => 'none')
    const before = await kept()
    await expectRefused(
      world,
      at,
      'ola',
      '/wl decline',
      /^Nothing is done yet\. You would take no part any more, in every repository: 1 open claim and 0 submitted works without a stamp would be released[^]*\n```\n\/wl decline confirm\n```\n[^]*`\/wl reject reason="…"`/,
    )
    await expectRefused(world, at, 'ola', '/wl decline confrim', /`confrim` is not read: the word is `confirm`/)
    await expectRefused(world, at, 'ola', '/wl decline yes', /`yes` is not read: to go on, the word is `confirm`/)
    expect(await recorded(world, id)).toMatchObject({ status: 'claimed', holder: 'ola' })
    expect(await kept()).toBe(before)
    expect(await say(world, at, 'ola', '/wl decline confirm')).toContain('You take no part from now on')
    expect((await recorded(world, id)).status).toBe('open')
  })

  it('is taken back by /wl join, once a day, and what is delivered again changes nothing', async () => {
    const repo = world.repository('back')
    const { id, number } = await inReview(world, repo, 'jo')
    const at = { repo, number }
    const jo = world.gh.as('jo')
    expect(await say(world, at, 'jo', '/wl join')).toContain('You take part already: your rig is `jo`.')
    const declined = jo.comment(repo, number, '/wl decline confirm')
    await world.idle()
    expect((await recorded(world, id)).status).toBe('open')
    world.gh.clock.advance(2)
    const joined = jo.comment(repo, number, '/wl join')
    await world.idle()
    expect(world.said(repo, number).at(-1)).toMatch(/^You take part again/)
    expect(world.said(repo, number)[0]).toContain('**In review**')
    expect(await recorded(world, id)).toMatchObject({ status: 'in_review', holder: 'jo' })
    const outcome = async () => ({
      head: await ledgerHead(world),
      said: world.said(repo, number),
      kept: await readKept(world, 'opt-outs'),
    })
    const once = await outcome()
    await deliverAgain(world, declined)
    await deliverAgain(world, joined)
    expect(await outcome()).toEqual(once)

    world.gh.clock.advance(2)
    expect(await say(world, at, 'jo', '/wl decline confirm')).toContain('You take no part from now on')
    expect((await recorded(world, id)).status).toBe('open')
    world.gh.clock.advance(2)
    await expectRefused(world, at, 'jo', '/wl join', /^You came back within the last day already/)
    const out = await outcome()
    await deliverAgain(world, joined)
    expect(await outcome()).toEqual(out)
    await world.restart()
    await expectRefused(world, at, 'jo', `/wl claim ${id}`, /You declined to take part.*`\/wl join` takes that back/)
  })

  it('and /wl join launder no suspension', async () => {
    const repo = world.repository('suspended')
    const thread = { repo, number: ada.openIssue(repo, { title: 'Talk' }).number }
    world.gh.user('sid')
    await say(world, thread, 'sid', '/wl unlink x')
    await postItem(world, repo)
    await world.sql(`UPDATE rigs SET trust_level = 3 WHERE handle = 'ada'`)
    await vouchForRows(world)
    expect(await say(world, thread, OWNER, '/wl suspend @sid reason="Spam"')).toContain('suspended')
    await say(world, thread, 'sid', '/wl decline confirm')
    world.gh.clock.advance(2)
    expect(await say(world, thread, 'sid', '/wl join')).toContain('You take part again')
    const own = world.gh.as('sid').openIssue(repo, { title: 'Mine' })
    expect(await say(world, { repo, number: own.number }, 'sid', '/wl post')).toContain('Your rig is suspended')
    expect(await world.sql(`SELECT trust_level FROM rigs WHERE handle = 'sid'`)).toEqual([{ trust_level: -1 }])
  })

  it('withdraws claims and unstamped work, unregisters, and gives the items to who waits', async () => {
    const repo = world.repository('leave')
    const claimed = await postItem(world, repo)
    const draft = openPull(world, repo, 'dee', { body: `Wanted: ${claimed}`, draft: true })
    const submitted = await inReview(world, repo, 'dee')
    const waiting = openPull(world, repo, 'carol', { body: `Wanted: ${submitted.id}` })
    await world.idle()
    world.gh.as('dee').comment(repo, draft, '/wl decline confirm')
    await world.idle()
    expect(await recorded(world, claimed)).toMatchObject({ status: 'open', holder: null, completions: [] })
    expect(await recorded(world, submitted.id)).toMatchObject({ status: 'in_review', holder: 'carol' })
    expect(await history(world, claimed)).toContain(`wl unclaim: ${claimed} — dee`)
    expect(await world.sql(`SELECT * FROM rigs WHERE handle = 'dee'`)).toEqual([])
    expect(world.said(repo, draft)).toEqual([
      expect.stringContaining('**Declined.**'),
      expect.stringContaining('You take no part from now on'),
    ])
    expect(world.said(repo, submitted.number)).toEqual([expect.stringContaining('**Declined.**')])
    expect(world.said(repo, waiting)).toEqual([expect.stringContaining('**In review**')])
  })

  it('gives to who waits also what was claimed or submitted by a command, in commits of one’s own', async () => {
    const repo = world.repository('leave-claims')
    const [claimed, done] = [await postItem(world, repo), await postItem(world, repo)]
    world.gh.user('ivo')
    for (const line of ['/wl claim', `/wl claim ${done}`, `/wl done ${done} evidence="Asked"`])
      world.gh.as('ivo').comment(repo, 1, line)
    await world.idle()
    const waiting = [claimed, done].map((id) => openPull(world, repo, 'carol', { body: `Wanted: ${id}` }))
    await world.idle()
    for (const number of waiting) expect(world.said(repo, number)).toEqual([expect.stringContaining('**Taken**')])
    expect(await say(world, { repo, number: 1 }, 'ivo', '/wl decline confirm')).toContain(
      'and so does what you posted: a maintainer may take that off the board, `/wl withdraw w-…`.',
    )
    for (const number of waiting) expect(world.said(repo, number)).toEqual([expect.stringContaining('**In review**')])
    for (const id of [claimed, done]) {
      expect(await recorded(world, id)).toMatchObject({ holder: 'carol', completions: [{ completed_by: 'carol' }] })
      expect(await history(world, id)).toContain(`wl unclaim: ${id} — ivo`)
    }
    expect(await message(world, `wl unclaim: ${done}`)).toMatch(
      /^wl unclaim: \S+\n\nDelivery: \S+\nCommand: \S+\/decline\/\S+\nSender: ivo \d+$/,
    )
    expect(await history(world, 'Unregister rig: ivo')).toEqual(['Unregister rig: ivo — ivo'])
  })

  it('stands until /wl join: no pull request, post or stamp registers them again, also under another login', async () => {
    const repo = world.repository('again')
    const id = await postItem(world, repo)
    const number = openPull(world, repo, 'gus')
    world.gh.as('gus').comment(repo, number, '/wl decline confirm')
    await world.idle()
    ada.label(repo, number, `wl:${id}`)
    await world.idle()
    expect(world.said(repo, number)[1]).toContain('takes no part in the Wasteland')
    world.gh.renameUser('gus', 'gustav')
    const issue = world.gh.as('gustav').openIssue(repo, { title: 'Mine' })
    world.gh.as('gustav').comment(repo, issue.number, '/wl post')
    const other = await inReview(world, repo)
    ada.setRole(repo, 'gustav', 'maintain')
    world.gh.as('gustav').comment(repo, other.number, '/wl stamp quality=4')
    await world.idle()
    expect(world.said(repo, issue.number)).toEqual([expect.stringContaining('You declined to take part')])
    expect(world.said(repo, other.number).at(-1)).toContain('You declined to take part')
    expect((await recorded(world, id)).status).toBe('open')
    expect(await world.sql(`SELECT * FROM rigs WHERE handle LIKE 'gus%'`)).toEqual([])
  })

  it('is the answer to all that they say afterwards, also of what they gave before', async () => {
    const repo = world.repository('silenced')
    world.gh.user('val')
    ada.setRole(repo, 'val', 'maintain')
    const issue = world.gh.as('val').openIssue(repo, { title: 'Mine' })
    world.gh.as('val').comment(repo, issue.number, '/wl post')
    const { id, number } = await inReview(world, repo, 'sam')
    world.gh.as('val').comment(repo, number, '/wl stamp quality=4')
    const other = await inReview(world, repo, 'sam')
    await world.sql(`UPDATE rigs SET trust_level = 3 WHERE handle = 'val'`)
    await vouchForRows(world)
    world.gh.as('val').comment(repo, number, '/wl decline confirm')
    await world.idle()
    const [{ stamps }, before] = [await recorded(world, id), await ledgerHead(world)]
    expect(stamps).toMatchObject([{ author: 'val' }])
    for (const [at, line] of [
      [other.number, '/wl stamp quality=4'],
      [other.number, '/wl reject reason="No"'],
      [number, '/wl undo'],
      [number, '/wl correct quality=1 reason="x"'],
      [issue.number, '/wl claim'],
      [issue.number, '/wl update effort=epic'],
      [issue.number, '/wl withdraw'],
      [issue.number, '/wl close'],
      [issue.number, '/wl link sam'],
      [issue.number, '/wl unlink sam'],
      [issue.number, '/wl own @octocat'],
      [issue.number, '/wl disown @octocat'],
      [issue.number, '/wl promote @sam level=2 reason="x"'],
      [issue.number, '/wl suspend @sam reason="x"'],
    ] as const) {
      world.gh.as('val').comment(repo, at, line)
      await world.idle()
      expect(`${line}: ${world.said(repo, at).at(-1)}`).toContain(`${line}: You declined to take part, so nothing is`)
    }
    expect(await ledgerHead(world)).toBe(before)
  })

  it('twice is once, and of a stranger leaves no trace but the HMAC', async () => {
    const repo = world.repository('stranger')
    const issue = ada.openIssue(repo, { title: 'x' })
    world.gh.user('quin')
    const before = (await readKept(world, 'opt-outs')).trim().split('\n').length
    world.gh.as('quin').comment(repo, issue.number, '/wl decline confirm')
    world.gh.as('quin').comment(repo, issue.number, '/wl decline confirm')
    await world.idle()
    const lines = (await readKept(world, 'opt-outs')).trim().split('\n')
    expect(new Set(lines).size).toBe(before + 1)
    expect(lines.every((line) => /^\d{4}-\d\d-\d\dT[\d:.]+Z [0-9a-f]{64}$/.test(line))).toBe(true)
    expect(await world.sql(`SELECT * FROM dolt_log WHERE message LIKE '%quin%'`)).toEqual([])
  })

  it('keeps stamped work and its rig', async () => {
    const repo = world.repository('kept')
    const { id, number } = await inReview(world, repo, 'pat')
    world.gh.as('mia').comment(repo, number, '/wl stamp quality=4')
    await world.idle()
    world.gh.as('pat').comment(repo, number, '/wl decline confirm')
    await world.idle()
    expect(await recorded(world, id)).toMatchObject({ status: 'completed', stamps: [{ subject: 'pat' }] })
    expect(await world.sql(`SELECT handle FROM rigs WHERE handle = 'pat'`)).toHaveLength(1)
    expect(world.said(repo, number)[0]).toContain('**Completed**')
    ada.merge(repo, number)
    await world.idle()
    expect(world.said(repo, number)[0]).not.toContain('nothing is recorded')
  })

  it('outlives the operations store', async () => {
    const repo = world.repository('outlives')
    const id = await postItem(world, repo)
    const number = openPull(world, repo, 'hal')
    world.gh.as('hal').comment(repo, number, '/wl decline confirm')
    await world.idle()
    await world.ops('DELETE FROM opt_outs')
    await world.restart()
    ada.label(repo, number, `wl:${id}`)
    await world.idle()
    expect((await recorded(world, id)).status).toBe('open')
  })
})
