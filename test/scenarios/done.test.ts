import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectSound, say } from './sound.ts'
import { history, inReview, message, openPull, OWNER, recorded, startWorld, type World } from './world.ts'

describe('work that is no pull request', () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  beforeAll(async () => {
    world = await startWorld()
    ada = world.gh.as(OWNER)
  }, 120_000)
  afterAll(() => world.close())

  /** An issue of ada's on the board, held by `login`. */
  async function held(repo: string, login = 'bob') {
    const issue = ada.openIssue(repo, { title: 'Ask the users', body: 'Twelve of them.' })
    ada.comment(repo, issue.number, '/wl post type=research')
    await world.idle()
    const [row] = await world.sql('SELECT id FROM wanted WHERE description LIKE ?', [`${issue.html_url} %`])
    world.gh.user(login)
    world.gh.as(login).comment(repo, issue.number, '/wl claim')
    await world.idle()
    return { id: String(row!['id']), number: issue.number }
  }
  const evidenceOf = async (id: string) => (await recorded(world, id)).completions.map((row) => row['evidence'])

  it.each([
    ['a link, which nobody fetches', 'https://example.org/report?x=1#end', 'https://example.org/report?x=1#end'],
    ['a text', '"Asked twelve\u2028users, all said `yes`"', undefined],
    ['a text of one line', '"Asked twelve users,  notes in #42"', 'Asked twelve users, notes in #42'],
  ])('is submitted with %s, stamped on the issue and linked both ways', async (name, given, kept) => {
    const repo = world.repository(`done-${name.length}`)
    const { id, number } = await held(repo)
    const said = await say(world, repo, number, 'bob', `/wl done evidence=${given}`)
    if (kept === undefined) {
      expect(said).toContain('code, links and HTML are not read in a command')
      return
    }
    const before = await recorded(world, id)
    expect(before).toMatchObject({
      status: 'in_review',
      holder: 'bob',
      completions: [{ evidence: kept, completed_by: 'bob' }],
    })
    expect(before.completions[0]!['hop_uri']).toBe(
      `entity://${new URL(world.gh.url).host}/bob/${world.gh.as('bob').id}`,
    )
    expect(await world.sql('SELECT evidence_url FROM wanted WHERE id = ?', [id])).toEqual([{ evidence_url: kept }])
    expect(said).toContain(`Submitted as \`${before.completions[0]!['id']}\``)
    const stamped = await say(world, repo, number, 'mia', '/wl accept quality=4 skills=research')
    expect(stamped).toMatch(/^Stamped: quality \d/)
    const { status, completions, stamps } = await recorded(world, id)
    expect(status).toBe('completed')
    expect(stamps).toMatchObject([
      { author: 'mia', subject: 'bob', context_id: completions[0]!['id'], context_type: 'completion' },
    ])
    expect(completions[0]).toMatchObject({ stamp_id: stamps[0]!['id'], validated_by: 'mia', evidence: kept })
    expect(await history(world, id)).toEqual([
      `wl post: ${id} — ada`,
      `wl claim: ${id} — bob`,
      `wl done: ${id} — bob`,
      `wl accept: ${id} — mia`,
    ])
    await expectSound(world)
  })

  it('of a commit is kept as its page, from a short SHA too; its author may not stamp it', async () => {
    const repo = world.repository('sha')
    const { id, number } = await held(repo)
    const sha = world.gh.as('mia').commit(repo, { files: { 'docs/a.md': 'a\n' } })
    await say(world, repo, number, 'bob', `/wl done evidence=${sha.slice(0, 9).toUpperCase()}`)
    expect(await evidenceOf(id)).toEqual([`${world.gh.url}/${repo}/commit/${sha}`])
    expect(await say(world, repo, number, 'mia', '/wl stamp quality=4')).toContain(
      `commit \`${sha.slice(0, 10)}\` is yours`,
    )
    await say(world, repo, number, OWNER, '/wl stamp quality=4')
    expect((await recorded(world, id)).status).toBe('completed')
  })

  it.each([
    ['password', 'https://bob:hunter2@example.org/x', 'user name or password'],
    ['user', '"see ftp://bob@example.org"', 'user name or password'],
    ['plain', 'http://example.org/x', 'is no https link'],
    ['scheme', 'javascript://example.org/%0aalert(1)', 'is no https link'],
    ['sha', 'deadbeefdeadbeef', 'GitHub knows no commit `deadbeefdeadbeef`'],
    ['link', 'https://HOST/ada/bad-link/pull/7', 'is submitted by itself'],
    ['pull', `"https://github.com/a/b/pull/1 head=${'a'.repeat(40)} commits=1"`, 'is submitted by itself'],
    ['empty', '""', 'expected some text'],
    ['none', '', '`evidence'],
  ])('with evidence that is not to be had or kept is refused: %s', async (name, given, words) => {
    const repo = world.repository(`bad-${name}`)
    const { id, number } = await held(repo)
    const evidence = given.replace('HOST', new URL(world.gh.url).host)
    const said = await say(world, repo, number, 'bob', name === 'none' ? '/wl done' : `/wl done evidence=${evidence}`)
    expect(said).toContain(words)
    expect(await recorded(world, id)).toMatchObject({ status: 'claimed', completions: [] })
    expect(JSON.stringify(await world.sql('SELECT message FROM dolt_log'))).not.toContain('hunter2')
  })

  it('is refused of an item that is open, another’s, in review, completed, withdrawn, unknown, or not named', async () => {
    const repo = world.repository('states')
    const { id, number } = await held(repo)
    const line = '/wl done evidence="It is done"'
    expect(await say(world, repo, number, 'carol', line)).toContain('`bob` holds')
    world.gh.as('bob').comment(repo, number, '/wl unclaim')
    await world.idle()
    expect(await say(world, repo, number, 'bob', line)).toMatch(/Nobody holds .*`\/wl claim w-/)
    await say(world, repo, number, 'bob', '/wl claim')
    await say(world, repo, number, 'bob', line)
    expect(await say(world, repo, number, 'bob', line)).toContain('is in review already')
    await say(world, repo, number, 'mia', '/wl stamp quality=3')
    expect(await say(world, repo, number, 'bob', line)).toContain('is completed')
    expect(await say(world, repo, number, 'bob', `/wl done w-00000000aa evidence=x`)).toContain(
      'There is no item `w-00000000aa`',
    )
    const bare = ada.openIssue(repo, { title: 'x' })
    expect(await say(world, repo, bare.number, 'bob', line)).toContain('not on the board')
    const other = await held(repo)
    await world.sql(`UPDATE wanted SET status = 'withdrawn' WHERE id = '${other.id}'`)
    await world.sql(`CALL DOLT_COMMIT('-Am', 'wl delete')`)
    expect(await say(world, repo, other.number, 'bob', line)).toContain('taken off the board')
    expect((await recorded(world, id)).completions).toHaveLength(1)
  })

  it('is refused of an open bounty; and who asks in vain is not registered', async () => {
    const repo = world.repository('not-registered')
    const issue = ada.openIssue(repo, { title: 'Bounty' })
    await say(world, repo, issue.number, OWNER, '/wl post bounty')
    const line = '/wl done evidence="It is done"'
    expect(await say(world, repo, issue.number, 'zed', line)).toMatch(
      /is an open bounty: its work is a pull request with a line `Wanted: w-/,
    )
    const { number } = await held(repo)
    expect(await say(world, repo, number, 'zed', line)).toMatch(/^`bob` holds .*, and only who holds it may submit/)
    expect(await say(world, repo, number, 'zed', '/wl claim')).toContain('is claimed by `bob`')
    expect(await world.sql(`SELECT handle FROM rigs WHERE handle = 'zed'`)).toEqual([])
  })

  it('is submitted by id from anywhere admitted, and judged where its item was posted', async () => {
    const repo = world.repository('home')
    const { id, number } = await held(repo)
    world.gh.user('olga')
    const away = world.repository('away')
    ada.setRole(away, 'olga', 'maintain')
    const elsewhere = ada.openIssue(away, { title: 'Elsewhere' })
    expect(await say(world, away, elsewhere.number, 'bob', `/wl done ${id} evidence="Done it"`)).toContain(
      'Submitted as',
    )
    const [{ id: completion } = { id: '' }] = (await recorded(world, id)).completions
    for (const target of [id, completion])
      expect(await say(world, away, elsewhere.number, 'olga', `/wl stamp ${target} quality=5`)).toMatch(
        /Only people with .* may stamp/,
      )
    expect(await say(world, away, elsewhere.number, 'mia', '/wl stamp c-0123456789abcdef quality=5')).toContain(
      'There is no completion',
    )
    expect(await say(world, repo, number, 'bob', '/wl stamp quality=5')).toContain('Nobody stamps their own work')
    expect(await say(world, repo, number, 'mia', '/wl stamp @ada quality=5')).toContain(
      'is the work of `bob` and not of `@ada`',
    )
    await say(world, repo, number, 'mia', `/wl stamp @BOB ${completion} quality=5`)
    expect(await recorded(world, id)).toMatchObject({
      status: 'completed',
      stamps: [{ author: 'mia', subject: 'bob' }],
    })
  })

  it('is not taken while a pull request of one’s own has the item, nor is a pull request stamped on its issue', async () => {
    const repo = world.repository('both')
    const issue = ada.openIssue(repo, { title: 'Both', body: 'Of them.' })
    ada.comment(repo, issue.number, '/wl post')
    await world.idle()
    const [row] = await world.sql('SELECT id FROM wanted WHERE description LIKE ?', [`${issue.html_url} %`])
    const pull = openPull(world, repo, 'bob', { draft: true, body: `Wanted: ${row!['id']}` })
    await world.idle()
    expect(await say(world, repo, issue.number, 'bob', '/wl done evidence=x')).toContain(`\`${repo}#${pull}\` names`)
    expect(await say(world, repo, pull, 'bob', '/wl done evidence=x')).toContain('marking it ready for review')
    world.gh.as('bob').readyForReview(repo, pull)
    await world.idle()
    const said = await say(world, repo, issue.number, 'mia', '/wl stamp quality=4')
    expect(said).toContain(`is a pull request. Say it there: \`${world.gh.url}/${repo}/pull/${pull}\``)
    expect(await recorded(world, row!['id'])).toMatchObject({ status: 'in_review', stamps: [] })
  })

  it('is rejected and submitted again by another comment', async () => {
    const repo = world.repository('again')
    const { id, number } = await held(repo)
    await say(world, repo, number, 'bob', '/wl done evidence="First"')
    const [first] = (await recorded(world, id)).completions
    const said = await say(world, repo, number, 'mia', '/wl reject reason="Ask more users"')
    expect(said).toMatch(/Rejected.*`Ask more users`.*says `\/wl done` again/)
    expect(await recorded(world, id)).toMatchObject({ status: 'claimed', holder: 'bob', completions: [] })
    expect(await say(world, repo, number, 'mia', '/wl stamp quality=4')).toContain('the work is not submitted yet')
    expect(await message(world, `wl reject: ${id} — Ask more users`)).toContain(`Rejected: ${first!['id']}\n`)
    await say(world, repo, number, 'bob', '/wl done evidence="Second"')
    const again = await recorded(world, id)
    expect(again).toMatchObject({ status: 'in_review', completions: [{ evidence: 'Second' }] })
    expect(again.completions[0]!['id']).not.toBe(first!['id'])
    await say(world, repo, number, 'mia', '/wl stamp quality=4')
    expect(await say(world, repo, number, 'mia', '/wl reject reason="No"')).toContain(
      'This work is stamped, and that stays',
    )
    expect(await say(world, repo, number, 'mia', '/wl undo')).toContain('Taken back')
    expect(await recorded(world, id)).toMatchObject({ status: 'in_review', stamps: [] })
    await expectSound(world)
  })

  it('is told apart when nothing was submitted at all', async () => {
    const repo = world.repository('nothing')
    const issue = ada.openIssue(repo, { title: 'Not posted' })
    expect(await say(world, repo, issue.number, 'mia', '/wl stamp quality=4')).toContain('not on the board')
    ada.comment(repo, issue.number, '/wl post')
    await world.idle()
    expect(await say(world, repo, issue.number, 'mia', '/wl stamp quality=4')).toContain(
      'nobody has handed in work on it',
    )
    const { id } = await inReview(world, repo)
    expect(await say(world, repo, issue.number, 'mia', `/wl reject ${id} reason=No`)).toContain('is a pull request')
  })
})
