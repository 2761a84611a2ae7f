import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inReview, OWNER, startWorld, vouchForRows, type World } from './world.ts'

describe('a sheet', () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  beforeAll(async () => {
    world = await startWorld()
    ada = world.gh.as(OWNER)
  }, 120_000)
  afterAll(() => world.close())

  /** What the bridge answers to a comment on a new issue. */
  async function answer(repo: string, login: string, line: string): Promise<{ text: string; reaction: string }> {
    world.gh.user(login)
    const { number } = ada.openIssue(repo, { title: 'A thread' })
    const { id } = world.gh.as(login).comment(repo, number, line)
    await world.idle()
    return { text: world.said(repo, number)[0]!, reaction: world.gh.reactions(id)[0]!.content }
  }

  async function stamped(repo: string, login: string, title: string, line: string) {
    const { number } = await inReview(world, repo, login, title)
    world.gh.as('mia').comment(repo, number, line)
    await world.idle()
    return number
  }

  it('counts work and stamps over what was given, and fits a phone', { timeout: 180_000 }, async () => {
    const repo = world.repository('counted')
    const first = await stamped(repo, 'bob', 'Count the loops', '/wl stamp quality=4 creativity=5 skills=dolt,go')
    ada.comment(repo, first, '/wl stamp reliability=2 skills=go')
    await stamped(repo, 'bob', 'Draw the loops', '/wl stamp quality=5')
    world.gh.clock.advance(60) // the ledger's times are whole seconds, and the sheet shows the latest work
    await inReview(world, repo, 'bob', 'Sing the loops')
    const before = await world.sql("SELECT DOLT_HASHOF('HEAD') AS head")
    const { text, reaction } = await answer(repo, 'bob', '/wl sheet')
    expect(text.replaceAll(/\d{4}-\d\d-\d\d/g, '<day>')).toMatchInlineSnapshot(`
      "**\`bob\`**: registered (trust level 1), since <day>

      - Work: 2 validated, 1 in review
      - Stamps: 3, by 2 validators
      - Quality: 4.5 of 5, from 2 stamps
      - Reliability: 2.0 of 5, from 1 stamp
      - Creativity: 5.0 of 5, from 1 stamp
      - Skills: \`go\` 2, \`dolt\` 1, \`typescript\` 1
      - Last work: \`Sing the loops\`, <day>"
    `)
    for (const line of text.split('\n')) expect(line.length).toBeLessThan(80)
    expect(reaction).toBe('+1')
    expect(await world.sql("SELECT DOLT_HASHOF('HEAD') AS head")).toEqual(before)
    expect((await answer(repo, 'stranger', '/wl sheet @bob')).text).toBe(text)
    expect((await answer(repo, 'stranger', '/wl sheet bob')).text).toBe(text)
    expect(await world.sql(`SELECT handle FROM rigs WHERE handle = 'stranger'`)).toEqual([])
  })

  it('has a page of what was earned, and the bridge one for every other address', async () => {
    const repo = world.repository('shown')
    const number = await stamped(repo, 'zoe', 'Paint the <loops>', '/wl stamp quality=4')
    world.gh.as('mia').comment(repo, number, '/wl correct quality=3 reason="one test is missing"')
    await world.idle()
    const read = async (path: string) => {
      const answer = await fetch(world.bridge.url + path, { headers: { accept: 'text/html' } })
      return { status: answer.status, text: (await answer.text()).replaceAll(/\s+/g, ' ') }
    }
    const { status, text } = await read('/rigs/zoe')
    expect(status).toBe(200)
    expect(text).toContain('1 stamp on work for wanted items')
    const picture = `src="${world.gh.url}/avatars/u/${world.gh.people.byLogin('zoe')!.id}?s=160"`
    expect(text).toContain(picture)
    expect(text).toMatch(/<bdi>Paint the &lt;loops&gt;<\/bdi>.+<strong>quality 3 of 5<\/strong>, by <bdi>mia<\/bdi>/)
    expect(text).toContain(`href="${world.gh.url}/${repo}/pull/${number}"`)
    expect(text).not.toContain('There is no such sheet')
    expect((await read('/rigs/Zoe/')).text).toContain('1 stamp on work')
    expect((await read('/rigs/nobody-at-all')).status).toBe(404)
    expect((await read('/')).text).toContain('A Wasteland on GitHub')
    expect((await read('/leaderboard')).text).toContain('There is no such page')
    expect((await read('/import/')).text).toContain('Import a character sheet')
    expect((await read('/favicon.ico')).status).toBe(200)
    await answer(repo, 'zoe', '/wl forget confirm')
    const forgotten = (await read('/rigs/zoe')).text
    expect([forgotten.includes('1 stamp on work'), forgotten.includes('<img')]).toEqual([true, false])
  })

  it('keeps the stamps of a validator who was suspended since', async () => {
    const repo = world.repository('suspended')
    world.gh.user('max')
    ada.setRole(repo, 'max', 'maintain')
    const { number } = await inReview(world, repo, 'kim')
    world.gh.as('max').comment(repo, number, '/wl stamp quality=3')
    await world.idle()
    await world.sql(`UPDATE rigs SET trust_level = -1 WHERE handle = 'max'`)
    await vouchForRows(world)
    expect((await answer(repo, 'kim', '/wl sheet')).text).toContain('Stamps: 1, by 1 validator')
    expect((await answer(repo, 'kim', '/wl sheet @max')).text).toContain('suspended (trust level -1)')
  })

  it('tells work that its poster closed without a stamp, and a correction from a second opinion', async () => {
    const repo = world.repository('closed')
    const { id } = await inReview(world, repo, 'lou')
    await stamped(repo, 'lou', 'Corrected', '/wl stamp quality=1')
    const [stamp] = await world.sql(`SELECT * FROM stamps WHERE subject = 'lou'`)
    await world.sql(
      `INSERT INTO stamps (id, author, subject, valence, context_id, context_type, stamp_index, created_at)
       VALUES ('s-ffffffffffffffff', 'mia', 'lou', '{"quality": 5, "reliability": 5}', ?, 'completion', 1, '2031-01-01')`,
      [stamp!['context_id']],
    )
    await world.sql(`UPDATE wanted SET status = 'completed' WHERE id = ?`, [id])
    await world.sql(`CALL DOLT_COMMIT('-am', 'wl close: ${id}', '--author', 'root <root@localhost>')`)
    const { text } = await answer(repo, 'lou', '/wl sheet')
    expect(text).toContain('Work: 1 validated, 1 closed without a stamp')
    expect(text).toContain('Quality: 5.0 of 5, from 1 stamp\n')
  })

  it('follows a person through a rename, and knows nothing of who took the old login', async () => {
    const repo = world.repository('renamed')
    await stamped(repo, 'old-name', 'Kept', '/wl stamp quality=4')
    world.gh.renameUser('old-name', 'new-name')
    expect((await answer(repo, 'new-name', '/wl sheet')).text).toContain('**`old-name`**: registered')
    expect(await answer(repo, 'old-name', '/wl sheet @old-name')).toMatchObject({
      text: expect.stringContaining('has no rig in this wasteland yet'),
      reaction: 'confused',
    })
  })

  it('of nobody says what to do', async () => {
    const repo = world.repository('nobody')
    expect(await answer(repo, 'nia', '/wl sheet')).toMatchObject({
      text: expect.stringMatching(/not registered here yet.*To begin.*`Wanted: w-…`.*`\/wl post`/),
      reaction: 'confused',
    })
    expect((await answer(repo, 'nia', '/wl sheet @no-such-person')).text).toContain('GitHub knows no')
    world.gh.organization('acme', {})
    expect((await answer(repo, 'nia', '/wl sheet @acme')).text).toBe(
      '`@acme` is an organization, and only people and agents have a rig.',
    )
    await answer(repo, 'nia', '/wl decline confirm')
    expect((await answer(repo, 'nia', '/wl sheet')).text).toContain('You declined to take part')
    expect(await world.sql(`SELECT handle FROM rigs WHERE handle = 'nia'`)).toEqual([])
  })

  it.each(['/wl sheet', '/wl import'])('%s does nothing in a repository that is not admitted', async (line) => {
    const owner = `eve-${line.slice('/wl '.length)}`
    world.gh.user(owner)
    world.gh.repository(`${owner}/own`, {})
    world.gh.as(owner).installApp({ account: owner })
    const { number } = world.gh.as(owner).openIssue(`${owner}/own`, { title: 'x' })
    world.gh.as(owner).comment(`${owner}/own`, number, line)
    await world.idle()
    expect(world.said(`${owner}/own`, number)).toEqual([expect.stringContaining('**Not admitted.**')])
  })

  it.each([
    ['/wl forget @mia', ['`forget` is for oneself']],
    ['/wl import @mia', ['`import` is for oneself']],
  ])('%s does nothing and says so', async (line, words) => {
    const repo = world.repository(line.replaceAll(/\W+/g, '-').slice(1))
    const before = await world.sql("SELECT DOLT_HASHOF('HEAD') AS head")
    const { text, reaction } = await answer(repo, 'ivy', line)
    for (const word of words) expect(text).toContain(word)
    expect(reaction).toBe('confused')
    expect(await world.sql("SELECT DOLT_HASHOF('HEAD') AS head")).toEqual(before)
  })
})
