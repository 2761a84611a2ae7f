import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inReview, openPull, OWNER, postItem, recorded, startWorld, vouchForRows, type World } from './world.ts'

const EVENTS = [
  'issue_comment',
  'issues',
  'label',
  'member',
  'membership',
  'organization',
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
  'push',
  'repository',
  'team',
]

describe('who may stamp', () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  let ahead = 0
  beforeAll(async () => {
    const clock = { now: () => new Date(Date.now() + ahead), pollIntervalMs: 180_000 }
    world = await startWorld({
      clock,
      github: { app: { owner: OWNER, events: EVENTS } },
      config: { ADMIT: ['acme'] },
    })
    ada = world.gh.as(OWNER)
    world.gh.organization('acme', {
      members: {
        ada: 'admin',
        pat: 'member',
        tess: 'member',
        gone: 'member',
        moved: 'member',
        unheard: 'member',
        unseen: 'member',
      },
    })
    ada.installApp({ account: 'acme' })
  }, 120_000)
  afterAll(() => world.close())

  const ROLE = /Only people with the GitHub role admin or maintain in `[^`]+`, or of trust level 3/
  const NARROWED = /The settings of `[^`]+` .*allow only some people to stamp, and you are not among them/

  /** Has somebody stamp; the refusal, or undefined when the stamp is there. */
  async function stamp(repo: string, at: { id: string; number: number }, login: string): Promise<string | undefined> {
    const before = world.said(repo, at.number).length
    world.gh.as(login).comment(repo, at.number, '/wl stamp quality=4')
    await world.idle()
    const { stamps } = await recorded(world, at.id)
    if (stamps.some((one) => one['author'] === login)) return undefined
    return world.said(repo, at.number).slice(before).join('\n')
  }
  const item = (repo: string) => inReview(world, repo, 'bob', `Work in ${repo} ${world.gh.deliveries.length}`)
  const permissionsAsked = (repo: string, login: string) =>
    world.gh.requests.filter(({ path }) => path === `/repos/${repo}/collaborators/${login}/permission`).length
  const inAcme = (name: string, about: Parameters<World['gh']['repository']>[1] = {}) => {
    world.gh.repository(`acme/${name}`, { files: { 'src/a.ts': 'one\n' }, ...about })
    return `acme/${name}`
  }
  /** An item of acme's, posted by its owner ada. */
  async function itemIn(repo: string) {
    const id = await postItem(world, repo, `Work in ${repo} ${world.gh.deliveries.length}`)
    const number = openPull(world, repo, 'bob', { body: `Wanted: ${id}` })
    await world.idle()
    return { id, number }
  }

  it('not a person with triage, nor one with write', async () => {
    const repo = world.repository('low')
    for (const [login, role] of [
      ['tria', 'triage'],
      ['wren', 'write'],
    ] as const) {
      world.gh.user(login)
      ada.setRole(repo, login, role)
      const refused = await stamp(repo, await item(repo), login)
      expect(refused).toMatch(ROLE)
      expect(refused).toContain(`Your role here is \`${role}\``)
    }
  })

  it('a person with a custom role that builds on maintain, but not one called so that builds on write', async () => {
    const repo = world.repository('custom')
    for (const login of ['cora', 'fake']) world.gh.user(login)
    ada.setRole(repo, 'cora', { name: 'release captain', base: 'maintain' })
    ada.setRole(repo, 'fake', { name: 'maintain', base: 'write' })
    expect(await stamp(repo, await item(repo), 'cora')).toBeUndefined()
    expect(await stamp(repo, await item(repo), 'fake')).toMatch(ROLE)
  })

  it('a private member of the organization and a member of a team, whom author_association says nothing of', async () => {
    const repo = inAcme('teams', { collaborators: { pat: 'maintain' } })
    world.gh.team('acme', 'core', { members: ['tess'], repositories: { [repo]: 'maintain' } })
    expect(await stamp(repo, await itemIn(repo), 'pat')).toBeUndefined()
    expect(await stamp(repo, await itemIn(repo), 'tess')).toBeUndefined()
  })

  it('of the maintainers only those in a team that settings name, while they are in it', async () => {
    const files = { '.github/wasteland.yml': 'stampers:\n  teams: [judges]\n  users: [ada]\n' }
    const repo = inAcme('judged', { collaborators: { pat: 'maintain', tess: 'maintain', wren: 'write' }, files })
    world.gh.team('acme', 'judges', { members: ['tess', 'wren'] })
    expect(await stamp(repo, await itemIn(repo), 'pat')).toMatch(NARROWED)
    expect(await stamp(repo, await itemIn(repo), 'tess')).toBeUndefined()
    expect(await stamp(repo, await itemIn(repo), 'ada')).toBeUndefined()
    expect(await stamp(repo, await itemIn(repo), 'wren')).toMatch(ROLE)
    ada.removeFromTeam('acme', 'judges', 'tess')
    expect(await stamp(repo, await itemIn(repo), 'tess')).toMatch(NARROWED)
  })

  it('only admins where settings say so: neither a maintainer nor trust level 3 does instead', async () => {
    const repo = world.repository('admins')
    ada.writeFile(repo, '.github/wasteland.yml', 'stampers: {permission: admin}\n')
    await world.sql(
      `INSERT INTO rigs (handle, display_name, hop_uri, trust_level, registered_at, rig_type) VALUES ('trudy', 'trudy', ?, 3, NOW(), 'human')`,
      [`entity://${new URL(world.gh.url).host}/trudy/${world.gh.user('trudy').id}`],
    )
    await vouchForRows(world)
    const at = await item(repo)
    expect(await stamp(repo, at, 'mia')).toMatch(NARROWED)
    expect(await stamp(repo, at, 'trudy')).toMatch(NARROWED)
    expect(await stamp(repo, at, 'ada')).toBeUndefined()
    const elsewhere = world.repository('trusting')
    expect(await stamp(elsewhere, await item(elsewhere), 'trudy')).toBeUndefined()
  })

  it('a maintainer, asked for once a minute; from the moment that we hear of a lost role, no more', async () => {
    const repo = world.repository('lost')
    const asked = () => permissionsAsked(repo, 'mia')
    expect(await stamp(repo, await item(repo), 'mia')).toBeUndefined()
    const once = asked()
    expect(await stamp(repo, await item(repo), 'mia')).toBeUndefined()
    expect(asked()).toBe(once)
    const at = await item(repo)
    ahead += 50_000
    expect(await stamp(repo, await item(repo), 'mia')).toBeUndefined()
    expect(asked()).toBe(once)
    ada.setRole(repo, 'mia', 'write')
    expect(await stamp(repo, at, 'mia')).toMatch(ROLE)
    ada.setRole(repo, 'mia', 'maintain')
    expect(await stamp(repo, at, 'mia')).toBeUndefined()
    const next = await item(repo)
    const again = asked()
    ahead += 60_000
    expect(await stamp(repo, await item(repo), 'mia')).toBeUndefined()
    expect(asked()).toBe(again + 1)
    ada.setRole(repo, 'mia', 'none')
    expect(await stamp(repo, next, 'mia')).toMatch(ROLE)
  })

  it('not who lost the role while the stamp was on its way, as soon as the event is received', async () => {
    const repo = world.repository('overtaken')
    const first = await item(repo)
    expect(await stamp(repo, first, 'mia')).toBeUndefined()
    const at = await item(repo)
    world.gh.hold()
    world.gh.as('mia').comment(repo, at.number, '/wl stamp quality=4')
    ada.setRole(repo, 'mia', 'none')
    world.gh.release({ order: 'reverse' })
    await world.idle()
    expect((await recorded(world, at.id)).stamps).toEqual([])
  })

  it.each([
    ['gone', 'leavers', 'left the organization', () => ada.removeFromOrganization('acme', 'gone')],
    ['moved', 'movers', 'left the team', () => ada.removeFromTeam('acme', 'movers', 'moved')],
  ])('not %s of the team %s, who %s, as soon as we hear of it', async (login, team, _what, leave) => {
    const repo = inAcme(team)
    world.gh.team('acme', team, { members: [login], repositories: { [repo]: 'maintain' } })
    expect(await stamp(repo, await itemIn(repo), login)).toBeUndefined()
    const at = await itemIn(repo)
    leave()
    expect(await stamp(repo, at, login)).toMatch(ROLE)
  })

  it.each([
    ['unheard', 'silent-leavers', 'the organization', () => ada.removeFromOrganization('acme', 'unheard')],
    ['unseen', 'silent-movers', 'the team', () => ada.removeFromTeam('acme', 'silent-movers', 'unseen')],
  ])('not %s of the team %s, who left %s and we never heard, after a minute', async (login, team, _what, leave) => {
    const repo = inAcme(team)
    world.gh.team('acme', team, { members: [login], repositories: { [repo]: 'maintain' } })
    const lost: string[] = []
    const end = world.gh.drop(({ event }) => ['organization', 'membership'].includes(event) && lost.push(event) > 0)
    expect(await stamp(repo, await itemIn(repo), login)).toBeUndefined()
    const at = await itemIn(repo)
    leave()
    await world.idle()
    end()
    expect(lost).not.toEqual([])
    ahead += 60_000
    expect(await stamp(repo, at, login)).toMatch(ROLE)
  })

  it('a maintainer who has another login since, and not who took the old one', async () => {
    const repo = world.repository('renamed')
    world.gh.user('nora')
    ada.setRole(repo, 'nora', 'maintain')
    expect(await stamp(repo, await item(repo), 'nora')).toBeUndefined()
    const at = await item(repo)
    world.gh.renameUser('nora', 'leonora')
    world.gh.user('nora')
    expect(await stamp(repo, at, 'nora')).toMatch(ROLE)
    world.gh.as('leonora').comment(repo, at.number, '/wl stamp quality=4')
    await world.idle()
    expect((await recorded(world, at.id)).stamps).toMatchObject([{ author: 'nora' }])
  })

  it('nobody in a repository that a stranger installed the App on, and its settings are not even read', async () => {
    world.gh.user('stranger')
    world.gh.repository('stranger/own', { files: { '.github/wasteland.yml': 'nonsense\n', a: 'a\n' } })
    world.gh.as('stranger').installApp({ account: 'stranger' })
    const id = await postItem(world, world.repository('home'))
    const number = openPull(world, 'stranger/own', 'bob', { body: `Wanted: ${id}` })
    world.gh.as('stranger').writeFile('stranger/own', '.github/wasteland.yml', 'more nonsense\n')
    world.gh.as('stranger').comment('stranger/own', number, '/wl stamp quality=4')
    await world.idle()
    expect(world.said('stranger/own', number)).toEqual([
      expect.stringContaining('Not admitted'),
      expect.stringContaining('Not admitted'),
    ])
    expect(world.gh.requests.filter(({ path }) => /^\/repos\/stranger\/own\/(contents|check-runs)/.test(path))).toEqual(
      [],
    )
    expect(await recorded(world, id)).toMatchObject({ status: 'open', stamps: [] })
  })

  it('is asked for anew after the App was given other rights, or another visibility', async () => {
    const repo = world.repository('again')
    expect(await stamp(repo, await item(repo), 'mia')).toBeUndefined()
    const once = permissionsAsked(repo, 'mia')
    ada.addToInstallation(OWNER, repo)
    expect(await stamp(repo, await item(repo), 'mia')).toBeUndefined()
    expect(permissionsAsked(repo, 'mia')).toBe(once + 1)
  })
})
