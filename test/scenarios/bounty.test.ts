import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { installedDolt } from '../ledger/installed-dolt.ts'
import { LEADERBOARD, peerReader, status as peerStatus, VALIDATED } from '../contract/peer-readers.ts'
import { branchesOf, branchHistory, commitOn, compete, entries, postBounty, running } from './entries.ts'
import { expectSound, say } from './sound.ts'
import { history, message, openPull, OWNER, recorded, startWorld, type World } from './world.ts'

describe('an open bounty', () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  beforeAll(async () => {
    world = await startWorld()
    ada = world.gh.as(OWNER)
  }, 120_000)
  afterAll(async () => {
    await expectSound(world)
    await world.close()
  })

  it('takes every ready pull request, each on a branch of its author; main and its readers see none', async () => {
    const repo = world.repository('enter')
    const id = await postBounty(world, repo)
    const before = (await recorded(world, id)).completions
    const [bob, carol] = await compete(world, repo, id, 'bob', 'carol')
    expect(await recorded(world, id)).toMatchObject({ status: 'open', holder: null, completions: before })
    const rows = await entries(world, id)
    expect(rows).toMatchObject([
      { wanted_id: id, completed_by: 'bob', stamp_id: null, parent_completion_id: null },
      { wanted_id: id, completed_by: 'carol', stamp_id: null },
    ])
    expect(rows[0]!['evidence']).toContain(`${repo}/pull/${bob} head=${world.gh.pull(repo, bob!).head.sha} `)
    expect(await branchesOf(world, id)).toEqual(rows.map((row) => `bounty/${id}/${row['id']}`).toSorted())
    expect(await branchHistory(world, id, 'bob')).toEqual([`wl done: ${id} — bob`])
    expect(await branchHistory(world, id, 'carol')).toEqual([`wl done: ${id} — carol`])
    expect(await history(world, id)).toEqual([`wl post: ${id} — ada`])
    for (const number of [bob, carol])
      expect(world.said(repo, number!)).toEqual([expect.stringContaining(`**In the running** \`${id}\``)])
    const reader = peerReader((await installedDolt()).bin, world.config.dataDir)
    expect((await reader.rows(LEADERBOARD)).map((row) => row['completed_by'])).not.toContain('bob')
    expect(await reader.rows(VALIDATED)).toEqual([])
    expect(await peerStatus(reader, id)).toEqual({ item: expect.objectContaining({ status: 'open', claimed_by: '' }) })
  })

  it('is not for drafts; a push moves the evidence, a draft again, a close or a lost label takes the entry back', async () => {
    const repo = world.repository('moves')
    const id = await postBounty(world, repo)
    const number = openPull(world, repo, 'dora', { draft: true, body: `Wanted: ${id}` })
    await world.idle()
    expect(world.said(repo, number)).toEqual([expect.stringMatching(/\*\*Open bounty\*\*.*ready for review/)])
    expect(await branchesOf(world, id)).toEqual([])
    expect(await world.sql(`SELECT * FROM rigs WHERE handle = 'dora'`)).toEqual([])
    world.gh.as('dora').readyForReview(repo, number)
    await world.idle()
    const [first] = await entries(world, id)
    const head = world.gh.as('dora').push(repo, number, { files: { 'src/more.ts': 'more\n' } })
    await world.idle()
    const [second] = await entries(world, id)
    expect(second!['id']).toBe(first!['id'])
    expect(second!['evidence']).toContain(` head=${head} `)
    world.gh.as('dora').convertToDraft(repo, number)
    await world.idle()
    expect(await running(world, id)).toBe('')
    world.gh.as('dora').readyForReview(repo, number)
    await world.idle()
    world.gh.as('dora').close(repo, number)
    await world.idle()
    expect(await running(world, id)).toBe('')
    expect(world.said(repo, number)[0]).toContain('**Released**')
    world.gh.as('dora').reopen(repo, number)
    await world.idle()
    expect((await entries(world, id)).map((row) => row['id'])).toEqual([first!['id']])
    world.gh.as('dora').editBody(repo, number, 'never mind')
    await world.idle()
    expect(await running(world, id)).toBe('')
    const [submitted, taken] = [`wl done: ${id} — dora`, `wl unclaim: ${id} — dora`]
    expect(await branchHistory(world, id, 'dora')).toEqual(
      [submitted, submitted, taken, submitted, taken, submitted, taken].map(String),
    )
    expect((await history(world, id)).length).toBe(1)
    expect((await recorded(world, id)).status).toBe('open')
    expect(world.said(repo, number)).toHaveLength(1)
  })

  it('a stamp adopts one in one merge, freezes what was judged, and the others are told and stay', async () => {
    const repo = world.repository('adopt')
    const id = await postBounty(world, repo)
    const [bob, carol, dave] = await compete(world, repo, id, 'bob', 'carol', 'dave')
    ada.merge(repo, carol!)
    await world.idle()
    const ids = Object.fromEntries((await entries(world, id)).map((row) => [row['completed_by'], row['id']]))
    await say(world, repo, carol!, 'mia', '/wl stamp quality=4')
    const { status, holder, completions, stamps } = await recorded(world, id)
    expect({ status, holder }).toEqual({ status: 'completed', holder: 'carol' })
    expect(completions).toMatchObject([{ id: ids['carol'], stamp_id: stamps[0]!['id'], validated_by: 'mia' }])
    expect(stamps).toMatchObject([{ subject: 'carol', context_id: ids['carol'], author: 'mia' }])
    const [item] = await world.sql('SELECT evidence_url FROM wanted WHERE id = ?', [id])
    expect(item!['evidence_url']).toBe(completions[0]!['evidence'])
    expect((await history(world, id)).toSorted()).toEqual(
      [`wl post: ${id} — ada`, `wl done: ${id} — carol`, `wl done: ${id} — carol`, `wl accept: ${id} — mia`].toSorted(),
    )
    const text = await message(world, `wl accept: ${id}`)
    for (const trailer of ['Authority: github maintain', `Stamp: ${stamps[0]!['id']}`, 'Given: quality', 'Head: '])
      expect(text).toContain(`\n${trailer}`)
    const parents = await world.sql(
      `SELECT a.parent_hash FROM dolt_log l JOIN dolt_commit_ancestors a ON a.commit_hash = l.commit_hash
       WHERE l.message LIKE ?`,
      [`wl accept: ${id}%`],
    )
    expect(parents).toHaveLength(2)
    expect(world.said(repo, carol!)).toEqual([expect.stringContaining(`**Completed** \`${id}\``)])
    for (const number of [bob!, dave!])
      expect(world.said(repo, number)).toEqual([
        expect.stringMatching(
          new RegExp(`\\*\\*Not adopted\\*\\*.*the work of \`carol\` was adopted, \\[${repo}#${carol}\\]\\(`),
        ),
      ])
    expect(await running(world, id)).toBe('bob, carol, dave')
    expect(await say(world, repo, bob!, 'mia', '/wl stamp quality=5')).toContain('other work was adopted')
    expect(await say(world, repo, bob!, 'mia', '/wl reject reason="Late"')).toContain('other work was adopted')
    await say(world, repo, carol!, OWNER, '/wl stamp quality=5')
    expect((await recorded(world, id)).stamps).toMatchObject([{ author: 'mia' }, { author: 'ada' }])
    const frozen = await entries(world, id)
    world.gh.as('bob').push(repo, bob!, { files: { 'src/late.ts': 'late\n' } })
    world.gh.as('dave').close(repo, dave!)
    await world.idle()
    expect(await entries(world, id)).toEqual(frozen)
    const late = openPull(world, repo, 'erin', { body: `Wanted: ${id}` })
    await world.idle()
    expect(world.said(repo, late)).toEqual([expect.stringContaining('**Completed already**')])
    expect(await branchesOf(world, id)).toHaveLength(3)
  })

  it('an undo of its only stamp opens it again; the work competes again, and another may win', async () => {
    const repo = world.repository('undo')
    const id = await postBounty(world, repo)
    const [una, vic] = await compete(world, repo, id, 'una', 'vic')
    const before = await entries(world, id)
    await say(world, repo, una!, 'mia', '/wl stamp quality=4')
    expect(await say(world, repo, una!, 'mia', '/wl undo')).toMatch(/^Taken back\./)
    expect(await recorded(world, id)).toEqual({ status: 'open', holder: null, completions: [], stamps: [] })
    const [item] = await world.sql('SELECT evidence_url FROM wanted WHERE id = ?', [id])
    expect(item!['evidence_url']).toBeNull()
    expect(await entries(world, id)).toEqual(before)
    for (const number of [una!, vic!]) expect(world.said(repo, number)[0]).toContain('**In the running**')
    // Stamped once more although its branch was merged before, and again after a push.
    await say(world, repo, una!, 'mia', '/wl stamp quality=3')
    expect(await recorded(world, id)).toMatchObject({
      status: 'completed',
      holder: 'una',
      completions: [before[0]!].map(({ id: same }) => ({ id: same })),
    })
    await say(world, repo, una!, 'mia', '/wl undo')
    const head = world.gh.as('una').push(repo, una!, { files: { 'src/more.ts': 'more\n' } })
    await world.idle()
    expect((await entries(world, id))[0]!['evidence']).toContain(` head=${head} `)
    await say(world, repo, una!, 'mia', '/wl stamp quality=2')
    expect((await recorded(world, id)).completions).toMatchObject([{ completed_by: 'una' }])
    expect((await recorded(world, id)).completions[0]!['evidence']).toContain(` head=${head} `)
    await say(world, repo, una!, 'mia', '/wl undo')
    await say(world, repo, vic!, 'mia', '/wl stamp quality=5')
    expect(await recorded(world, id)).toMatchObject({
      status: 'completed',
      holder: 'vic',
      stamps: [{ subject: 'vic' }],
    })
    expect(world.said(repo, una!)[0]).toMatch(/\*\*Not adopted\*\*.*`vic`/)
    await expectSound(world)
  })

  it('an undo takes entries back whose pull requests were closed meanwhile', async () => {
    const repo = world.repository('undo-closed')
    const id = await postBounty(world, repo)
    const [una, vic] = await compete(world, repo, id, 'una', 'vic')
    await say(world, repo, una!, 'mia', '/wl stamp quality=4')
    world.gh.as('vic').close(repo, vic!)
    world.gh.as('una').close(repo, una!)
    await world.idle()
    expect(await running(world, id)).toBe('una, vic')
    await say(world, repo, una!, 'mia', '/wl undo')
    expect(await running(world, id)).toBe('')
    expect(await recorded(world, id)).toMatchObject({ status: 'open', completions: [] })
    world.gh.as('una').reopen(repo, una!)
    await world.idle()
    expect(await running(world, id)).toBe('una')
  })

  it('an undo said elsewhere reaches them all', async () => {
    const repo = world.repository('undo-elsewhere')
    const id = await postBounty(world, repo)
    const [una, vic] = await compete(world, repo, id, 'una', 'vic')
    await say(world, repo, una!, 'mia', '/wl stamp quality=4')
    world.gh.as('una').editBody(repo, una!, 'never mind')
    await world.idle()
    const [stamp] = (await recorded(world, id)).stamps
    await say(world, repo, 1, 'mia', `/wl undo ${stamp!['id']}`)
    expect(await recorded(world, id)).toMatchObject({ status: 'open', completions: [] })
    expect(await running(world, id)).toBe('vic')
    expect(world.said(repo, una!)[0]).toContain('**Released**')
    expect(world.said(repo, vic!)[0]).toContain('**In the running**')
  })

  it('of the adopted work, corrections, reverts and stale stamps are as of any other', async () => {
    const repo = world.repository('adopted')
    const id = await postBounty(world, repo)
    const [pia] = await compete(world, repo, id, 'pia')
    await say(world, repo, pia!, 'mia', '/wl stamp quality=4')
    world.gh.as('pia').push(repo, pia!, { files: { 'src/after.ts': 'after\n' } })
    await world.idle()
    expect(world.said(repo, pia!)[0]).toContain('**stale**')
    ada.merge(repo, pia!)
    await world.idle()
    expect((await history(world, id)).at(-1)).toBe(`wl note: ${id} — pia`)
    ada.merge(repo, ada.revertPullRequest(repo, pia!).number)
    await world.idle()
    expect(world.said(repo, pia!)[0]).toMatch(/- Reverted by http/)
    await say(world, repo, pia!, 'mia', '/wl correct quality=2 reason="A test was missing"')
    expect(await recorded(world, id)).toMatchObject({
      status: 'completed',
      stamps: [{ valence: { quality: 4 } }, { valence: { quality: 2 } }],
    })
  })

  it('work reverted before its adoption is flagged too', async () => {
    const repo = world.repository('reverted')
    const id = await postBounty(world, repo)
    const [bob] = await compete(world, repo, id, 'bob')
    ada.merge(repo, bob!)
    ada.merge(repo, ada.revertPullRequest(repo, bob!).number)
    await world.idle()
    expect(world.said(repo, bob!)[0]).toMatch(/\*\*In the running\*\*.*\n- Reverted by http/)
    await say(world, repo, bob!, 'mia', '/wl stamp quality=1')
    expect(world.said(repo, bob!)[0]).toMatch(/\*\*Completed\*\*[^]*- Reverted by http/)
  })

  it('a branch that holds more than its entry, or contradicts main, is not adopted: nothing is half done', async () => {
    const repo = world.repository('strange')
    const id = await postBounty(world, repo)
    const [bob, carol] = await compete(world, repo, id, 'bob', 'carol')
    const [first, second] = (await entries(world, id)).map((row) => `bounty/${id}/${row['id']}`)
    const own = second!.split('/').at(-1)
    await commitOn(world, first!, `INSERT INTO rigs (handle, trust_level) VALUES ('mallory', 3)`)
    await world.sql(`INSERT INTO completions (id, wanted_id, completed_by, evidence) VALUES (?, ?, 'carol', 'mine')`, [
      own,
      id,
    ])
    await world.sql(`CALL DOLT_COMMIT('-Am', 'wl done: ${id}')`)
    const before = await world.sql(`SELECT DOLT_HASHOF('HEAD') AS head`)
    for (const number of [bob!, carol!])
      expect(await say(world, repo, number, 'mia', '/wl stamp quality=4')).toContain('cannot be adopted')
    expect(await world.sql(`SELECT DOLT_HASHOF('HEAD') AS head`)).toEqual(before)
    expect(await world.sql('SELECT * FROM dolt_status')).toEqual([])
    expect(await world.sql(`SELECT * FROM rigs WHERE handle = 'mallory'`)).toEqual([])
    await world.sql('DELETE FROM completions WHERE id = ?', [own])
    await world.sql(`CALL DOLT_COMMIT('-Am', 'wl unclaim: ${id}')`)
  })

  it('a co-author’s share waits for the adoption, and then holds it', async () => {
    const repo = world.repository('shares')
    const id = await postBounty(world, repo)
    world.gh.user('pia')
    world.gh.user('quinn')
    const commits = ['pia', 'quinn'].map((author) => ({ files: { [`src/${author}.ts`]: 'x\n' }, author }))
    const { number } = world.gh
      .as('pia')
      .openPullRequest({ repo, title: 'x', head: 'x', body: `Wanted: ${id}`, commits })
    await world.idle()
    expect(await say(world, repo, number, 'mia', '/wl stamp @quinn quality=4')).toContain('not adopted yet')
    expect(await world.sql(`SELECT * FROM rigs WHERE handle = 'quinn'`)).toEqual([])
    await say(world, repo, number, 'mia', '/wl stamp quality=4')
    await say(world, repo, number, 'mia', '/wl stamp @quinn quality=3')
    const { completions } = await recorded(world, id)
    expect(new Set(completions.map((row) => row['completed_by']))).toEqual(new Set(['pia', 'quinn']))
    const stamp = (await recorded(world, id)).stamps.find((row) => row['subject'] === 'pia')!
    expect(await say(world, repo, number, 'mia', `/wl undo ${stamp['id']}`)).toContain('shares of its co-authors')
    const share = (await recorded(world, id)).stamps.find((row) => row['subject'] === 'quinn')!
    await say(world, repo, number, 'mia', `/wl undo ${share['id']}`)
    await say(world, repo, number, 'mia', `/wl undo ${stamp['id']}`)
    expect(await recorded(world, id)).toMatchObject({ status: 'open', completions: [] })
  })

  it('a rejection takes one entry back with its reason, and leaves the item and the others', async () => {
    const repo = world.repository('reject')
    const id = await postBounty(world, repo)
    const [rex, sue] = await compete(world, repo, id, 'rex', 'sue')
    const [entry] = await entries(world, id)
    const head = world.gh.pull(repo, rex!).head.sha
    expect(await say(world, repo, rex!, 'mia', '/wl reject reason="No tests"')).toMatch(/^Rejected/)
    expect(await running(world, id)).toBe('sue')
    expect(await recorded(world, id)).toMatchObject({ status: 'open', holder: null })
    const text = await message(world, `wl reject: ${id} — No tests`)
    for (const trailer of [`Rejected: ${entry!['id']}`, `Head: ${head}`, 'Reason: No tests', 'Authority: '])
      expect(text).toContain(`\n${trailer}`)
    expect(world.said(repo, rex!)[0]).toMatch(/\*\*Rejected\*\*.*`No tests`/)
    expect(world.said(repo, sue!)[0]).toContain('**In the running**')
    expect(await say(world, repo, rex!, 'mia', '/wl stamp quality=4')).toContain('this head was rejected')
    world.gh.as('rex').push(repo, rex!, { files: { 'src/test.ts': 'ok\n' } })
    await world.idle()
    expect((await entries(world, id)).map((row) => row['id'])).toContain(entry!['id'])
    await say(world, repo, rex!, 'mia', '/wl stamp quality=4')
    expect(await recorded(world, id)).toMatchObject({ status: 'completed', holder: 'rex' })
    const refused = await compete(world, repo, await postBounty(world, repo), 'bob')
    expect(await say(world, repo, refused[0]!, 'bob', '/wl reject reason=No')).toContain(
      'may reject. Your role here is `read`. Ask one of them.',
    )
  })

  it('merged with a rejected head it can bring nothing new', async () => {
    const repo = world.repository('spent')
    const id = await postBounty(world, repo)
    const [bob] = await compete(world, repo, id, 'bob')
    ada.merge(repo, bob!)
    await world.idle()
    await say(world, repo, bob!, 'mia', '/wl reject reason="No tests"')
    expect(await running(world, id)).toBe('')
    expect(world.said(repo, bob!)[0]).toMatch(/This pull request is merged.*in its description\.\n/)
  })

  it('several pull requests of one author compete too', async () => {
    const repo = world.repository('twice')
    const id = await postBounty(world, repo)
    const [first, second] = await compete(world, repo, id, 'tom', 'tom')
    expect(await running(world, id)).toBe('tom, tom')
    await say(world, repo, second!, 'mia', '/wl stamp quality=4')
    expect((await recorded(world, id)).completions).toHaveLength(1)
    expect(world.said(repo, first!)[0]).toContain('**Not adopted**')
  })

  it('who declines leaves every bounty, but what was adopted stays', async () => {
    const repo = world.repository('decline')
    const [won, lost, runs] = [
      await postBounty(world, repo),
      await postBounty(world, repo),
      await postBounty(world, repo),
    ]
    const [winner] = await compete(world, repo, won, 'zoe')
    await say(world, repo, winner!, 'mia', '/wl stamp quality=4')
    await compete(world, repo, lost, 'zoe')
    const [rival] = await compete(world, repo, lost, 'bob')
    await say(world, repo, rival!, 'mia', '/wl stamp quality=4')
    const [open] = await compete(world, repo, runs, 'zoe')
    await say(world, repo, open!, 'zoe', '/wl decline confirm')
    expect([await running(world, lost), await running(world, runs)]).toEqual(['bob', ''])
    expect(await recorded(world, won)).toMatchObject({ status: 'completed', completions: [{ completed_by: 'zoe' }] })
    expect(world.said(repo, open!)[0]).toContain('**Declined.**')
  })

  it('that a peer claims is in other hands; opened again, the entries compete', async () => {
    const repo = world.repository('peer')
    const id = await postBounty(world, repo)
    const [bob, carol] = await compete(world, repo, id, 'bob', 'carol')
    const peer = async (change: string, word: string) => {
      await world.sql(`UPDATE wanted SET ${change} WHERE id = '${id}'`)
      await world.sql(`CALL DOLT_COMMIT('-Am', 'wl ${word}: ${id}')`)
    }
    await peer(`status = 'claimed', claimed_by = 'eva'`, 'claim')
    expect(await say(world, repo, bob!, 'mia', '/wl stamp quality=4')).toContain('somebody else holds it')
    for (const number of [bob!, carol!]) expect(world.said(repo, number)[0]).toMatch(/\*\*Taken\*\*.*`eva` holds it/)
    expect(await running(world, id)).toBe('bob, carol')
    await peer(`status = 'open', claimed_by = NULL`, 'unclaim')
    await say(world, repo, bob!, 'mia', '/wl stamp quality=4')
    expect(await recorded(world, id)).toMatchObject({ status: 'completed', holder: 'bob' })
    expect(world.said(repo, carol!)[0]).toContain('**Not adopted**')
  })

  it('that loses its tag goes to the oldest, and one that gets it opens to all', async () => {
    const repo = world.repository('tag')
    const id = await postBounty(world, repo)
    const [bob, carol] = await compete(world, repo, id, 'bob', 'carol')
    await world.sql(`UPDATE wanted SET tags = '[]' WHERE id = '${id}'`)
    await world.sql(`CALL DOLT_COMMIT('-Am', 'wl update: ${id}')`)
    world.gh.as('carol').editTitle(repo, carol!, 'Look')
    await world.idle()
    expect(await recorded(world, id)).toMatchObject({ status: 'in_review', holder: 'bob', completions: [{}] })
    expect(world.said(repo, bob!)[0]).toContain('**In review**')
    await say(world, repo, carol!, 'carol', '/wl status')
    expect(world.said(repo, carol!)[0]).toMatch(/\*\*Taken\*\*.*`bob` holds it/)
    expect(await running(world, id)).toBe('')
    // The tag comes while the item is held: it stays so, and is a bounty when it opens.
    await world.sql(`UPDATE wanted SET tags = '["open-bounty"]' WHERE id = '${id}'`)
    await world.sql(`CALL DOLT_COMMIT('-Am', 'wl update: ${id}')`)
    await say(world, repo, bob!, 'bob', '/wl status')
    expect(await recorded(world, id)).toMatchObject({ status: 'in_review', holder: 'bob' })
    world.gh.as('bob').convertToDraft(repo, bob!)
    await world.idle()
    expect(await running(world, id)).toBe('carol')
    expect(await recorded(world, id)).toMatchObject({ status: 'open', completions: [] })
    world.gh.as('bob').readyForReview(repo, bob!)
    await world.idle()
    expect(await running(world, id)).toBe('bob, carol')
  })

  it('shows on its issue, the board and /wl status who is in the running', async () => {
    const repo = world.repository('shown')
    const id = await postBounty(world, repo)
    expect(await say(world, repo, 1, 'bob', '/wl status')).toContain('which nobody claims. Next')
    const [bob] = await compete(world, repo, id, 'bob', 'carol')
    const shown = await say(world, repo, 1, 'bob', '/wl status')
    expect(shown).toContain('which nobody claims; 2 pull requests in the running. Next')
    expect(shown).toContain(`- \`bob\`: [${repo}#${bob}](`)
    expect(await say(world, repo, bob!, 'bob', '/wl status')).toContain(
      `\`${id}\` is an open bounty with 2 pull requests in the running.`,
    )
    expect(await say(world, repo, 1, 'mia', '/wl stamp quality=4')).toContain(
      'judged on the pull request that is to win',
    )
    expect(await say(world, repo, 1, 'bob', '/wl board tag=open-bounty')).toMatch(
      new RegExp(`- \`${id}\` .* · 2 pull requests in the running · `),
    )
  })
})
