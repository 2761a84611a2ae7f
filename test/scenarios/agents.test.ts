import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectSound } from './sound.ts'
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

describe('an agent', () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  beforeAll(async () => {
    world = await startWorld()
    ada = world.gh.as(OWNER)
    const repo = world.repository('home')
    const { number } = ada.openIssue(repo, { title: 'Talk' })
    for (const login of ['bob', 'carol', 'wes', 'mia', 'dan']) {
      world.gh.user(login)
      await say({ repo, number }, login, '/wl unlink nobody-there')
    }
  }, 120_000)
  afterAll(() => world.close())

  const say = (at: Thread, login: string, line: string) => talk.say(world, at, login, line)
  const refused = (at: Thread, login: string, line: string, words: RegExp) =>
    talk.expectRefused(world, at, login, line, words)

  const rigOf = async (handle: string) => (await world.sql('SELECT * FROM rigs WHERE handle = ?', [handle]))[0]
  const linkOf = async (human: string, agent: string) =>
    (await world.sql('SELECT * FROM rig_links WHERE rig_a = ? AND rig_b = ?', [human, agent]))[0]

  /** A pull request of an agent's, in review, in a repository of its own. */
  async function agentAtWork(name: string) {
    const repo = world.repository(name)
    const login = `${name}[bot]`
    const account = world.gh.user(login, { bot: true })
    ada.setRole(repo, login, 'write')
    const id = await postItem(world, repo)
    const number = openPull(world, repo, login, { body: `Wanted: ${id}` })
    await world.idle()
    return { repo, login, id, number, handle: `${name}-bot--${account.id}` }
  }

  it('is recorded, shown, and takes no stamp before it has a human', async () => {
    const at = await agentAtWork('alpha')
    expect(await recorded(world, at.id)).toMatchObject({ status: 'in_review', holder: at.handle })
    expect(await rigOf(at.handle)).toMatchObject({
      rig_type: 'agent',
      parent_rig: null,
      display_name: at.login,
      trust_level: 1,
    })
    expect(await history(world, at.id)).toContain(`wl done: ${at.id} — ${at.login}`)
    expect(world.said(at.repo, at.number)).toEqual([
      expect.stringMatching(/\*\*An agent without a human\.\*\* .*its human comments `\/wl own @alpha\[bot\]`/),
    ])
    await refused(
      at,
      'mia',
      '/wl stamp quality=4',
      /is an agent without a human, so its work cannot be stamped.*`\/wl own @agent`/,
    )
    expect((await recorded(world, at.id)).stamps).toEqual([])
  })

  it('has a human once they asked and a validator agreed; then all but they may stamp it', async () => {
    const at = await agentAtWork('beta')
    ada.setRole(at.repo, 'bob', 'maintain')
    expect(await say(at, 'bob', '/wl own @beta')).toContain('agrees with `/wl own @beta[bot] by=@bob`')
    expect(await linkOf('bob', at.handle)).toMatchObject({
      link_type: 'agent_owner',
      status: 'pending',
      assertion_b: null,
    })
    expect(world.said(at.repo, at.number)[0]).toMatch(/`bob` asked to be its human;.*`\/wl own @beta\[bot\] by=@bob`/)
    await refused(at, 'mia', '/wl stamp quality=4', /is an agent without a human/)
    expect(await say(at, 'mia', '/wl own @beta[bot] by=@bob')).toContain('`bob` is the human of')
    expect(await rigOf(at.handle)).toMatchObject({ parent_rig: 'bob' })
    const link = await linkOf('bob', at.handle)
    expect(link).toMatchObject({ status: 'completed' })
    expect(link!['assertion_a']).toMatch(/\/bob\/\d+ says at .* UTC: the agent beta-bot--\d+ is mine$/)
    expect(link!['assertion_b']).toMatch(/\/mia\/\d+ \(github maintain .*\) agrees at/)
    expect(await history(world, `own rig: ${at.handle}`)).toEqual([`Ask to own rig: ${at.handle} — bob`])
    expect(await history(world, `Own rig: ${at.handle}`)).toEqual([`Own rig: ${at.handle} by bob — mia`])
    expect(await message(world, `Own rig: ${at.handle}`)).toContain(`Authority: github maintain ${at.repo}#`)
    expect(world.said(at.repo, at.number)[0]).toContain('is an agent; its human is `bob`')
    await refused(at, 'bob', '/wl stamp quality=5', /same owner \(the yearbook rule\)/)
    await say(at, 'mia', '/wl stamp quality=4')
    expect(await recorded(world, at.id)).toMatchObject({
      status: 'completed',
      stamps: [{ author: 'mia', subject: at.handle }],
    })
  })

  it('and the other rigs of its human do not stamp each other', async () => {
    const at = await agentAtWork('gamma')
    world.gh.user('carol2')
    ada.setRole(at.repo, 'carol2', 'maintain')
    await say(at, 'carol', '/wl own @gamma')
    await say(at, 'mia', '/wl own @gamma by=@carol')
    await say(at, 'carol2', '/wl status')
    await say(at, 'carol2', '/wl unlink carol')
    await say(at, 'carol', '/wl link carol2')
    await say(at, 'carol2', '/wl link carol')
    await refused(at, 'carol2', '/wl stamp quality=5', /same owner/)
  })

  it('with a new human has the stamps flagged that they gave it before', async () => {
    const at = await agentAtWork('delta')
    await say(at, 'carol', '/wl own @delta')
    await say(at, 'mia', '/wl own @delta by=@carol')
    ada.setRole(at.repo, 'bob', 'maintain')
    await say(at, 'bob', '/wl stamp quality=5')
    const { stamps } = await recorded(world, at.id)
    expect(stamps).toMatchObject([{ author: 'bob' }])
    expect(await say(at, 'carol', '/wl disown @delta')).toContain('has no human now')
    await say(at, 'bob', '/wl own @delta')
    expect(await say(at, 'mia', '/wl own @delta by=@bob')).toContain(
      '1 earlier stamp between rigs of one owner is flagged',
    )
    expect(await message(world, 'wl note: bob')).toContain(`Flagged: ${stamps[0]!['id']}\n`)
    expect((await recorded(world, at.id)).stamps).toEqual(stamps)
  })

  it('is given up by its human or a validator, and then takes no stamp again', async () => {
    const at = await agentAtWork('epsilon')
    await say(at, 'bob', '/wl own @epsilon')
    await say(at, 'mia', '/wl own @epsilon by=@bob')
    world.gh.user('stranger')
    await refused(
      at,
      'wes',
      '/wl disown @epsilon',
      /Only its human, or somebody with the GitHub role.*wherever it works.*Its human is `bob`/,
    )
    await refused(at, 'wes', '/wl disown @epsilon it is not mine', /Its human is `bob`/)
    await refused(
      at,
      'stranger',
      '/wl disown @epsilon it is not mine',
      /Only its human, or somebody with the GitHub role/,
    )
    await refused(at, 'bob', '/wl disown @epsilon it is not mine', /`not` may cancel the command/)
    expect(await say(at, 'mia', '/wl disown @epsilon')).toContain('has no human now, so its work takes no stamp')
    expect(await rigOf(at.handle)).toMatchObject({ parent_rig: null })
    expect(await linkOf('bob', at.handle)).toMatchObject({ status: 'revoked', revoked_by: 'mia' })
    expect(await history(world, `Disown rig: ${at.handle}`)).toEqual([`Disown rig: ${at.handle} — mia`])
    await refused(at, 'mia', '/wl stamp quality=4', /is an agent without a human/)
    await refused(at, 'bob', '/wl disown @epsilon', /has no human, and you have not asked to be/)
    await say(at, 'bob', '/wl own @epsilon')
    expect(await say(at, 'bob', '/wl disown @epsilon')).toContain('has no human now')
    expect(await linkOf('bob', at.handle)).toMatchObject({ status: 'revoked', revoked_by: 'bob' })
  })

  it('is not asked for twice, nor taken from its human', async () => {
    const at = await agentAtWork('zeta')
    await say(at, 'bob', '/wl own @zeta')
    await refused(at, 'bob', '/wl own @zeta', /You asked for `zeta-bot--\d+` already/)
    await say(at, 'carol', '/wl own @zeta')
    await say(at, 'mia', '/wl own @zeta by=@bob')
    await refused(at, 'bob', '/wl own @zeta', /`bob` is the human of .* already/)
    await refused(at, 'wes', '/wl own @zeta', /`bob` is the human of `zeta.*comment `\/wl disown @agent` first/)
    await refused(at, 'mia', '/wl own @zeta by=@carol', /`bob` is the human of `zeta/)
    expect(await say(at, 'carol', '/wl disown @zeta')).toMatch(/Your request is withdrawn. The human of .* is `bob`/)
    expect(await rigOf(at.handle)).toMatchObject({ parent_rig: 'bob' })
  })

  it('is agreed to only by a validator, for somebody else who asked', async () => {
    const at = await agentAtWork('eta')
    world.gh.user('newbie')
    await refused(at, 'newbie', '/wl own @eta by=@carol', /Somebody else agrees: a person with the GitHub role/)
    await refused(at, 'newbie', '/wl disown @eta', /Only its human, or somebody with the GitHub role/)
    expect(await rigOf('newbie')).toBeUndefined()
    await refused(at, 'mia', '/wl own @eta by=@carol', /`carol` has not asked to be the human/)
    await refused(at, 'mia', '/wl own @eta by=@newbie', /`@newbie` has no rig/)
    await say(at, 'mia', '/wl own @eta')
    await refused(at, 'mia', '/wl own @eta by=@mia', /Nobody agrees for themself/)
    await refused(at, 'wes', '/wl own @eta by=@mia', /Somebody else agrees/)
    ada.setRole(at.repo, 'mia', 'write')
    await say(at, 'carol', '/wl own @eta')
    await refused(at, 'mia', '/wl own @eta by=@carol', /Somebody else agrees/)
    expect(await rigOf(at.handle)).toMatchObject({ parent_rig: null })
  })

  it('that is none, unknown, or has no rig yet is said to be', async () => {
    const at = await agentAtWork('theta')
    world.gh.user('idle[bot]', { bot: true })
    await refused(at, 'bob', '/wl own @nobody-at-all', /GitHub knows no `@nobody-at-all`/)
    await refused(at, 'bob', '/wl own @carol', /`@carol` is no agent/)
    await refused(at, 'bob', '/wl own @idle', /`@idle\[bot\]` has no rig in this wasteland yet/)
    await refused(at, 'bob', '/wl disown @carol', /`@carol` is no agent/)
    await refused(at, 'bob', '/wl disown @nobody-at-all', /GitHub knows no `@nobody-at-all`/)
    await refused(at, 'bob', '/wl disown @idle', /`@idle\[bot\]` has no rig in this wasteland yet/)
    world.gh.organization('acme', { members: { [OWNER]: 'admin' } })
    await refused(at, 'mia', '/wl own @theta by=@nobody-at-all', /GitHub knows no `@nobody-at-all`/)
    await refused(at, 'mia', '/wl own @theta by=@acme', /`@acme` is an organization, and only people and agents/)
    await refused(at, 'bob', '/wl own', /`agent` is missing; expected a GitHub login/)
    await refused(at, 'bob', `/wl link ${at.handle}`, /An agent is not linked but owned/)
  })

  it('has no human any more when they decline', async () => {
    const at = await agentAtWork('lambda')
    await say(at, 'dan', '/wl own @lambda')
    await say(at, 'mia', '/wl own @lambda by=@dan')
    await say(at, 'dan', '/wl decline confirm')
    expect(await rigOf(at.handle)).toMatchObject({ parent_rig: null })
    expect(await linkOf('dan', at.handle)).toMatchObject({ status: 'revoked', revoked_by: 'dan' })
    expect(await history(world, `Disown rig: ${at.handle}`)).toEqual([`Disown rig: ${at.handle} — dan`])
    expect(await rigOf('dan')).toBeDefined()
    await refused(at, 'mia', '/wl stamp quality=4', /is an agent without a human/)
  })

  it('gets no suspended human, nor one that a suspended validator agrees to', async () => {
    const at = await agentAtWork('iota')
    await say(at, 'wes', '/wl own @iota')
    await world.sql(`UPDATE rigs SET trust_level = -1 WHERE handle = 'wes'`)
    await vouchForRows(world)
    await refused(at, 'mia', '/wl own @iota by=@wes', /`wes` is suspended and becomes nobody's human/)
    await refused(at, 'wes', '/wl own @iota', /nobody's human\. Somebody of trust level 3 may lift it/)
    await world.sql(`UPDATE rigs SET trust_level = -1 WHERE handle = 'mia'`)
    await vouchForRows(world)
    await refused(at, 'mia', '/wl own @iota by=@wes', /Somebody else agrees: a person with the GitHub role/)
    await world.sql(`UPDATE rigs SET trust_level = 1 WHERE handle IN ('wes', 'mia')`)
    await vouchForRows(world)
  })

  it('with a user account is one once it says so, or trust level 3 does: settings only propose', async () => {
    const repo = world.repository('listed')
    world.gh.user('clawd')
    ada.writeFile(repo, '.github/wasteland.yml', 'agents: [Clawd, mox]\n')
    const at = await inReview(world, repo, 'clawd')
    const thread = { repo, number: at.number }
    expect(await rigOf('clawd')).toMatchObject({ rig_type: 'human' })
    expect(world.said(repo, at.number)[0]).toContain('The settings here call `clawd` an agent. That is a proposal')
    await refused(thread, 'mia', '/wl agent @clawd', /Only the account itself says that it is an agent/)
    await world.sql(`UPDATE rigs SET trust_level = 3 WHERE handle IN ('wes', 'dan')`)
    await vouchForRows(world)
    await refused(thread, 'wes', '/wl agent @carol', /Nobody proposed that/)
    await refused(thread, 'wes', '/wl agent @dan', /An account of trust level 3 says itself/)
    expect(await say(thread, 'wes', '/wl agent @clawd')).toContain('`clawd` is an agent from now on')
    expect(await rigOf('clawd')).toMatchObject({ rig_type: 'agent' })
    expect(await message(world, 'Agent rig: clawd')).toContain('Authority: trust 3')
    await refused(thread, 'mia', '/wl stamp quality=4', /`clawd` is an agent without a human/)
    await refused(thread, 'clawd', '/wl own @clawd', /`clawd` is an agent itself/)
    await say(thread, 'bob', '/wl own @clawd')
    await say(thread, 'mia', '/wl own @clawd by=@bob')
    await refused(thread, 'clawd', '/wl agent no', /`bob` is its human/)
    await say(thread, 'mia', '/wl stamp quality=4')
    expect((await recorded(world, at.id)).status).toBe('completed')
    await say(thread, 'bob', '/wl disown @clawd')
    expect(await say(thread, 'clawd', '/wl agent no')).toContain('`clawd` is a person from now on')
    world.gh.user('mox')
    expect(await say(thread, 'mox', '/wl agent')).toContain('`mox` is an agent from now on')
    await refused(thread, 'mox', '/wl agent', /That is an agent already/)
    await world.sql(`UPDATE rigs SET trust_level = 1 WHERE handle IN ('wes', 'dan')`)
    await vouchForRows(world)
  })

  it('that wrote with somebody is stamped for its share once it has a human', async () => {
    const repo = world.repository('shared')
    const zed = world.gh.user('zed[bot]', { bot: true })
    const id = await postItem(world, repo)
    const commits = ['bob', zed.login].map((author) => ({ files: { [`src/${author}.ts`]: 'x\n' }, author }))
    const { number } = world.gh
      .as('bob')
      .openPullRequest({ repo, title: 'Both', head: 'both', body: `Wanted: ${id}`, commits })
    await world.idle()
    const at = { repo, number }
    const handle = `zed-bot--${zed.id}`
    const unowned = `\`${handle}\` is an agent without a human, so its work cannot be stamped`
    expect((await recorded(world, id)).completions[0]!['evidence']).toContain(' by=bob,zed[bot] reviews=')
    expect(await rigOf(handle)).toBeUndefined()

    expect(await say(at, 'mia', '/wl stamp @zed[bot] quality=3')).toContain(unowned)
    expect(await rigOf(handle)).toMatchObject({ rig_type: 'agent', parent_rig: null })
    await refused(at, 'mia', '/wl stamp @zed quality=3', new RegExp(unowned))
    expect((await recorded(world, id)).completions).toHaveLength(1)

    await say(at, 'carol', '/wl own @zed')
    await say(at, 'mia', '/wl own @zed by=@carol')
    ada.setRole(repo, 'carol', 'maintain')
    await refused(
      at,
      'carol',
      '/wl stamp @zed quality=5',
      new RegExp(`rig of the same owner.*\`${handle}\` is one of yours`),
    )
    await say(at, 'mia', '/wl stamp @zed quality=3')
    const { status, completions, stamps } = await recorded(world, id)
    const share = completions.find((row) => row['parent_completion_id'] !== null)
    expect(status).toBe('in_review')
    expect(share).toMatchObject({ completed_by: handle, validated_by: 'mia', stamp_id: stamps[0]!['id'] })
    expect(stamps).toMatchObject([{ author: 'mia', subject: handle, context_id: share!['id'] }])
    expect(world.said(repo, number)[0]).toContain(`- Share of \`${handle}\`: stamped by \`mia\`: quality 3`)
    await say(at, 'mia', '/wl stamp quality=4')
    expect((await recorded(world, id)).status).toBe('completed')
    await expectSound(world)
  })

  it('and its human are not told apart by a commons without the columns: it is refused', async () => {
    const at = await agentAtWork('kappa')
    // One that we made gets the table at the next start.
    const [made] = await world.sql(`SELECT value FROM _meta WHERE \`key\` = 'created_by'`)
    await world.sql(`DELETE FROM _meta WHERE \`key\` = 'created_by'`)
    await world.sql('RENAME TABLE rig_links TO links_away')
    await world.sql(`CALL DOLT_COMMIT('-Am', 'As gt has it')`)
    await world.restart()
    await refused(at, 'bob', '/wl own @kappa', /This commons has no table `rig_links`/)
    await refused(at, 'bob', '/wl disown @kappa', /This commons has no table `rig_links`/)
    await world.sql('RENAME TABLE links_away TO rig_links')
    await world.sql(`INSERT INTO _meta (\`key\`, value) VALUES ('created_by', ?)`, [made!['value']])
    await world.sql(`CALL DOLT_COMMIT('-Am', 'As it was')`)
    await world.restart()
  })
})
