import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectSound, say } from './sound.ts'
import { history, inReview, message, OWNER, recorded, startWorld, type World } from './world.ts'

describe('an undo', () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  beforeAll(async () => {
    world = await startWorld()
    ada = world.gh.as(OWNER)
  }, 120_000)
  afterAll(() => world.close())

  it('takes the only stamp and both links back, and the item is in review', async () => {
    const repo = world.repository('only')
    const { id, number } = await inReview(world, repo, 'una')
    await say(world, repo, number, 'mia', '/wl stamp quality=4')
    const [stamp] = (await recorded(world, id)).stamps
    expect(await say(world, repo, number, 'mia', '/wl undo reason="Wrong number"')).toMatch(
      /^Taken back\. The stamp had quality 4, reliability 4 \(as quality\), no creativity; .*\. No stamp stands on this work now/,
    )
    const { status, holder, completions, stamps } = await recorded(world, id)
    expect({ status, holder, stamps }).toEqual({ status: 'in_review', holder: 'una', stamps: [] })
    expect(completions).toMatchObject([{ stamp_id: null, validated_by: null, validated_at: null }])
    expect(world.said(repo, number)[0]).toContain('**In review**')
    expect(await message(world, `wl undo: ${id}`)).toContain(`Stamp-Undone: ${stamp!['id']}\nReason: Wrong number`)
    expect((await history(world, id)).at(-1)).toBe(`wl undo: ${id} — mia`)
    await expectSound(world)
  })

  it('is said on the issue of the item, where it was said that its work is completed', async () => {
    const repo = world.repository('issue')
    const { id, number } = await inReview(world, repo, 'ida')
    expect(world.said(repo, 1)).toHaveLength(1)
    await say(world, repo, number, 'mia', '/wl stamp quality=4')
    const told = world.said(repo, 1)[1]!
    expect(told).toContain(`**Completed** \`${id}\` \`Count the loops\` by \`ida\`, in [a pull request](`)
    expect(told).toContain('\n- Stamped by `mia`: quality 4, reliability 4 (as quality), no creativity')
    world.gh.as('ida').push(repo, number, { files: { 'src/more.ts': 'more\n' } })
    await world.idle()
    expect(world.said(repo, 1).slice(1)).toEqual([told])
    await say(world, repo, number, 'mia', '/wl undo')
    expect(world.said(repo, 1).slice(1)).toEqual([
      expect.stringContaining(`\`${id}\` was completed here, and is not any more: it is **in review**.`),
    ])
  })

  it('says on the issue nothing of work that was completed before this version started', async () => {
    const repo = world.repository('before')
    const { id, number } = await inReview(world, repo, 'pat')
    await world.ops('UPDATE text_forms SET since = $1', [new Date(Date.now() + 60_000)])
    await world.restart()
    await say(world, repo, number, 'mia', '/wl stamp quality=4')
    await world.ops(`UPDATE text_forms SET since = 'epoch'`)
    expect((await recorded(world, id)).status).toBe('completed')
    expect(world.said(repo, 1)).toHaveLength(1)
    await world.restart()
    world.gh.as('pat').editTitle(repo, number, 'Count them all')
    await world.idle()
    expect(world.said(repo, 1)).toHaveLength(2)
  })

  it('is for good: the command that gave the stamp never runs again, a new one does', async () => {
    const repo = world.repository('good')
    const { id, number } = await inReview(world, repo, 'greta')
    const { id: comment } = world.gh.as('mia').comment(repo, number, '/wl stamp quality=4')
    await world.idle()
    await say(world, repo, number, 'mia', '/wl undo')
    await world.ops('DELETE FROM commands_run')
    await world.ops('DELETE FROM stamps_given')
    await world.ops('DELETE FROM indexed_heads')
    world.gh.as('mia').editComment(repo, comment, 'Nice.')
    world.gh.as('mia').editComment(repo, comment, 'Nice.\n/wl stamp quality=4')
    await world.idle()
    expect((await recorded(world, id)).stamps).toEqual([])
    world.gh.as('mia').editComment(repo, comment, '/wl stamp creativity=2 quality=3')
    await world.idle()
    expect((await recorded(world, id)).stamps).toMatchObject([
      { stamp_index: 0, valence: { quality: 3, creativity: 2 } },
    ])
    expect(world.said(repo, number)[0]).toContain(
      'Stamped by `mia`: quality 3, reliability 3 (as quality), creativity 2',
    )
    expect(
      await say(world, repo, number, 'mia', '/wl undo\n/wl stamp quality=5\n/wl undo\n/wl stamp quality=2'),
    ).toContain('Taken back')
    expect((await recorded(world, id)).stamps).toMatchObject([{ valence: { quality: 2 } }])
    await expectSound(world)
  })

  it('leaves another’s stamp, which takes the link', async () => {
    const repo = world.repository('other')
    const { id, number } = await inReview(world, repo, 'otto')
    await say(world, repo, number, 'mia', '/wl stamp quality=4')
    await say(world, repo, number, OWNER, '/wl stamp quality=2')
    expect(await say(world, repo, number, 'mia', '/wl undo')).toMatch(
      /is not the last stamp that `otto` got.*\/wl correct/,
    )
    await say(world, repo, number, OWNER, '/wl undo')
    const first = await recorded(world, id)
    expect(first).toMatchObject({
      status: 'completed',
      stamps: [{ author: 'mia' }],
      completions: [{ validated_by: 'mia' }],
    })
    await say(world, repo, number, OWNER, '/wl stamp quality=3')
    await world.sql(
      `UPDATE completions SET stamp_id = (SELECT id FROM stamps WHERE context_id = completions.id AND author = 'ada'), validated_by = 'ada' WHERE wanted_id = '${id}'`,
    )
    await world.sql(`CALL DOLT_COMMIT('-Am', 'A peer links the later stamp')`)
    await say(world, repo, number, OWNER, '/wl undo')
    const { status, completions, stamps } = await recorded(world, id)
    expect({ status, stamps: stamps.length }).toEqual({ status: 'completed', stamps: 1 })
    expect(completions[0]).toMatchObject({
      stamp_id: stamps[0]!['id'],
      validated_by: 'mia',
      validated_at: stamps[0]!['created_at'],
    })
    await expectSound(world)
  })

  it('keeps the passbook’s chain whole among several stampers, their corrections and other work', async () => {
    const repo = world.repository('chain')
    world.gh.user('max')
    ada.setRole(repo, 'max', 'maintain')
    const [first, second] = [await inReview(world, repo, 'paz'), await inReview(world, repo, 'paz')]
    const chain = async () => {
      await expectSound(world)
      const rows = await world.sql(`SELECT author, valence FROM stamps WHERE subject = 'paz' ORDER BY stamp_index`)
      return rows.map((row) => `${row['author']} ${row['valence'].quality}`).join(', ')
    }
    await say(world, repo, first.number, 'mia', '/wl stamp quality=4')
    await say(world, repo, first.number, 'max', '/wl stamp quality=3')
    await say(world, repo, first.number, OWNER, '/wl stamp quality=5')
    await say(world, repo, first.number, 'max', '/wl correct quality=2 reason="Slow"')
    await say(world, repo, second.number, 'mia', '/wl stamp quality=1')
    expect(await chain()).toBe('mia 4, max 3, ada 5, max 2, mia 1')
    expect(await say(world, repo, first.number, 'max', '/wl undo')).toContain('later ones are chained to it')
    await say(world, repo, second.number, 'mia', '/wl undo')
    await say(world, repo, first.number, 'max', '/wl undo')
    await say(world, repo, first.number, OWNER, '/wl undo')
    expect(await chain()).toBe('mia 4, max 3')
    await say(world, repo, first.number, 'max', '/wl correct quality=1 reason="Broken"')
    await say(world, repo, second.number, OWNER, '/wl stamp quality=5')
    expect(await chain()).toBe('mia 4, max 3, max 1, ada 5')
    expect((await recorded(world, first.id)).completions).toMatchObject([{ validated_by: 'mia' }])
  })

  it('after a close of the pull request opens the item again', async () => {
    const repo = world.repository('closed')
    const { id, number } = await inReview(world, repo, 'clara')
    await say(world, repo, number, 'mia', '/wl stamp quality=4')
    world.gh.as('clara').close(repo, number)
    await world.idle()
    await say(world, repo, number, 'mia', '/wl undo')
    expect(await recorded(world, id)).toMatchObject({ status: 'open', completions: [], stamps: [] })
    expect((await history(world, id)).slice(-2)).toEqual([`wl undo: ${id} — mia`, `wl unclaim: ${id} — clara`])
  })

  it('of a stamp of another, of none, of an unknown or shortened one, after a day is refused', async () => {
    const repo = world.repository('refused')
    const { id, number } = await inReview(world, repo, 'rita')
    expect(await say(world, repo, number, 'mia', '/wl undo')).toContain('There is no stamp of yours on the work here')
    await say(world, repo, number, 'mia', '/wl stamp quality=4')
    const [stamp] = (await recorded(world, id)).stamps
    expect(await say(world, repo, number, OWNER, '/wl undo')).toContain('There is no stamp of yours')
    expect(await say(world, repo, number, OWNER, `/wl undo ${stamp!['id']}`)).toContain(
      'is a stamp of `mia`, and only its author may undo it',
    )
    expect(await say(world, repo, number, 'eve', `/wl undo ${stamp!['id']}`)).toContain('only its author may undo it')
    expect(await say(world, repo, number, 'mia', '/wl undo s-0123456789abcdef')).toContain(
      'There is no stamp `s-0123456789abcdef` now',
    )
    expect(await say(world, repo, number, 'mia', `/wl undo ${String(stamp!['id']).slice(0, 10)}`)).toContain(
      'expected a whole stamp id',
    )
    expect(await say(world, repo, number, 'mia', '/wl undo w-0123456789')).toContain('expected a whole stamp id')
    expect((await recorded(world, id)).stamps).toEqual([stamp])
    expect(await world.sql(`SELECT handle FROM rigs WHERE handle = 'eve'`)).toEqual([])
  })

  it('is said from elsewhere by the stamp’s id, and the status comment follows', async () => {
    const repo = world.repository('afar')
    const { id, number } = await inReview(world, repo, 'faye')
    await say(world, repo, number, 'mia', '/wl stamp quality=4')
    const [stamp] = (await recorded(world, id)).stamps
    const issue = ada.openIssue(repo, { title: 'Oops' })
    expect(await say(world, repo, issue.number, 'mia', `/wl undo ${stamp!['id']}`)).toContain('Taken back')
    expect(world.said(repo, number)[0]).toContain('**In review**')
    expect((await recorded(world, id)).status).toBe('in_review')
  })

  it('after a day is refused', async () => {
    const repo = world.repository('day')
    const { id, number } = await inReview(world, repo, 'dayo')
    await say(world, repo, number, 'mia', '/wl stamp quality=4')
    await world.sql(`UPDATE stamps SET created_at = created_at - INTERVAL 86460 SECOND WHERE subject = 'dayo'`)
    await world.sql(`CALL DOLT_COMMIT('-Am', 'A day goes by')`)
    expect(await say(world, repo, number, 'mia', '/wl undo')).toMatch(/is older than a day and stays\. .*\/wl correct/)
    expect((await recorded(world, id)).stamps).toHaveLength(1)
  })
})

describe('a correction', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  }, 120_000)
  afterAll(() => world.close())

  it('adds a counter-stamp that keeps what it leaves out, and the latest is shown', async () => {
    const repo = world.repository('counter')
    const { id, number } = await inReview(world, repo, 'cora')
    await say(world, repo, number, 'mia', '/wl stamp quality=5 creativity=4 skills=go severity=branch confidence=0.9')
    const before = await recorded(world, id)
    // The one correction is not used up by one that changes nothing.
    expect(await say(world, repo, number, 'mia', '/wl correct quality=5 skills=go reason="Again"')).toMatch(
      /^`s-\w+` says that already: nothing to correct\.$/,
    )
    expect(await recorded(world, id)).toEqual(before)
    expect(await say(world, repo, number, 'mia', '/wl correct quality=2 reason="A test was missing"')).toMatch(
      /^Corrected, from quality 5, .*creativity 4; confidence 0\.9, severity branch to quality 2, .*creativity 4; confidence 0\.9, severity branch: the new stamp counts/,
    )
    const { status, completions, stamps } = await recorded(world, id)
    expect(status).toBe('completed')
    expect(completions).toEqual(before.completions)
    const [first, second] = stamps
    expect(first).toEqual(before.stamps[0])
    expect(second).toMatchObject({
      author: 'mia',
      subject: 'cora',
      context_id: completions[0]!['id'],
      valence: { quality: 2, reliability: 2, creativity: 4 },
      severity: 'branch',
      skill_tags: ['go'],
      message: `Corrects ${first!['id']}: A test was missing`,
      stamp_index: 1,
    })
    expect(second!['confidence']).toBeCloseTo(0.9)
    expect(world.said(repo, number)[0]!.match(/Stamped by/g)).toHaveLength(1)
    expect(world.said(repo, number)[0]).toContain(
      'Stamped by `mia`: quality 2, reliability 2 (as quality), creativity 4; ',
    )
    const text = await message(world, `wl correct: ${id}`)
    for (const trailer of [
      `Stamp: ${second!['id']}`,
      `Corrects: ${first!['id']}`,
      'Given: quality, creativity',
      'Reason: A test was missing',
    ])
      expect(text).toContain(`\n${trailer}`)
    expect((await history(world, id)).at(-1)).toBe(`wl correct: ${id} — mia`)
    expect(await say(world, repo, number, 'mia', '/wl correct quality=3 reason=Again')).toMatch(
      /was corrected already, and a stamp is corrected once/,
    )
    expect(await say(world, repo, number, 'mia', `/wl correct ${first!['id']} quality=3 reason=Again`)).toContain(
      'was corrected already',
    )
    expect(await say(world, repo, number, 'mia', '/wl stamp quality=1')).toContain('You have stamped this work already')
    expect((await recorded(world, id)).stamps).toHaveLength(2)
    await expectSound(world)
    await say(world, repo, number, 'mia', '/wl undo')
    expect(await recorded(world, id)).toMatchObject({
      status: 'completed',
      stamps: [first],
      completions: before.completions,
    })
    await expectSound(world)
  })

  it('and the stamp in one comment are two stamps', async () => {
    const repo = world.repository('at-once')
    const { id, number } = await inReview(world, repo, 'ona')
    await say(world, repo, number, 'mia', '/wl stamp quality=5\n/wl correct reliability=1 reason="Slow"')
    expect((await recorded(world, id)).stamps.map((stamp) => stamp['valence'])).toEqual([
      { quality: 5, reliability: 5 },
      { quality: 5, reliability: 1 },
    ])
  })

  it('of a stamp whose scores are no scores asks for the quality too', async () => {
    const repo = world.repository('scoreless')
    const { id, number } = await inReview(world, repo, 'sol')
    await say(world, repo, number, 'mia', '/wl stamp quality=4')
    await world.sql(`UPDATE stamps SET valence = '{"quality": "high"}' WHERE subject = 'sol'`)
    await world.sql(`CALL DOLT_COMMIT('-Am', 'By a peer')`)
    const line = '/wl correct creativity=3 reason="Was text"'
    expect(await say(world, repo, number, 'mia', line)).toMatch(/^`s-\w+` has no quality to keep: give `quality=` too/)
    expect(await say(world, repo, number, 'mia', line.replace('creativity', 'quality=2 creativity'))).toContain(
      'Corrected',
    )
    expect((await recorded(world, id)).stamps[1]!['valence']).toEqual({ quality: 2, reliability: 2, creativity: 3 })
  })

  it('is what an edit of the stamp’s line is answered with', async () => {
    const repo = world.repository('edited')
    const { id, number } = await inReview(world, repo, 'eda')
    const { id: comment } = world.gh.as('mia').comment(repo, number, '/wl stamp quality=4')
    await world.idle()
    world.gh.as('mia').editComment(repo, comment, '/wl stamp quality=2')
    await world.idle()
    expect(world.said(repo, number).at(-1)).toMatch(
      /a stamp is final: editing its comment changes nothing.*`\/wl correct quality=… reason="…"`, once/,
    )
    expect((await recorded(world, id)).stamps).toMatchObject([{ valence: { quality: 4 } }])
  })

  it('without a reason or a score, by another, by who may stamp no more, of none is refused', async () => {
    const repo = world.repository('refused')
    const { id, number } = await inReview(world, repo, 'rob')
    expect(await say(world, repo, number, 'mia', '/wl correct quality=3 reason=x')).toContain(
      'There is no stamp of yours on the work here',
    )
    await say(world, repo, number, 'mia', '/wl stamp quality=4')
    const before = await recorded(world, id)
    const [stamp] = before.stamps
    expect(await say(world, repo, number, 'mia', '/wl correct quality=3')).toContain('`reason` is missing')
    expect(await say(world, repo, number, 'mia', '/wl correct reason=x')).toContain('`quality` is missing')
    expect(await say(world, repo, number, OWNER, `/wl correct ${stamp!['id']} quality=3 reason=x`)).toContain(
      'only its author may correct it',
    )
    world.gh.as(OWNER).setRole(repo, 'mia', 'write')
    expect(await say(world, repo, number, 'mia', '/wl correct quality=3 reason=x')).toMatch(
      /Only people with .* may correct/,
    )
    expect(await recorded(world, id)).toEqual(before)
    const away = world.repository('away')
    const issue = world.gh.as(OWNER).openIssue(away, { title: 'x' })
    expect(await say(world, away, issue.number, 'mia', `/wl correct ${stamp!['id']} quality=1 reason=x`)).toMatch(
      /Only people with .* may correct/,
    )
    expect(await recorded(world, id)).toEqual(before)
  })
})
