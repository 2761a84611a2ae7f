import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as talk from './talk.ts'
import { inReview, OWNER, recorded, startWorld, type World } from './world.ts'

describe('a login that a rig of wl has as its handle', () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  beforeAll(async () => {
    world = await startWorld()
    ada = world.gh.as(OWNER)
  }, 120_000)
  afterAll(() => world.close())

  const foreign = (handle: string) => talk.foreignRig(world, handle)

  const said = (repo: string, number: number) => world.said(repo, number).filter((text) => text.includes('/wl link'))

  it('gets a numbered rig, and its person is told how to link, on the first thread only', async () => {
    await foreign('petra')
    const account = world.gh.user('Petra')
    const repo = world.repository('told')
    const first = await inReview(world, repo, 'Petra')
    expect((await recorded(world, first.id)).holder).toBe(`petra-${account.id}`)
    expect(said(repo, first.number)).toEqual([
      expect.stringMatching(
        new RegExp(`\`petra\` is in this ledger already.*\`petra-${account.id}\`.*comment \`/wl link petra\``),
      ),
    ])
    const second = await inReview(world, repo, 'Petra')
    world.gh.as('Petra').comment(repo, second.number, '/wl unlink nobody')
    world.gh.as('Petra').push(repo, first.number, { files: { more: 'x\n' } })
    await world.idle()
    expect(said(repo, second.number)).toEqual([])
    expect(said(repo, first.number)).toHaveLength(1)
  })

  it('is told at a command too', async () => {
    await foreign('pia')
    world.gh.user('pia')
    const repo = world.repository('told-command')
    const { number } = world.gh.as('pia').openIssue(repo, { title: 'Mine' })
    world.gh.as('pia').comment(repo, number, '/wl post')
    await world.idle()
    expect(said(repo, number)).toEqual([expect.stringContaining('`pia` is in this ledger already')])
  })

  it('in another case is the same name', async () => {
    await foreign('Paul')
    const account = world.gh.user('paul')
    const repo = world.repository('case')
    const { id, number } = await inReview(world, repo, 'paul')
    expect((await recorded(world, id)).holder).toBe(`paul-${account.id}`)
    expect(said(repo, number)).toEqual([expect.stringContaining('comment `/wl link Paul`')])
  })

  it('once linked counts as one person with it', async () => {
    await foreign('pam')
    const account = world.gh.user('pam')
    const repo = world.repository('linked')
    const { number } = ada.openIssue(repo, { title: 'Talk' })
    world.gh.as('pam').comment(repo, number, '/wl link pam')
    await world.idle()
    await world.sql(`UPDATE rig_links SET assertion_a = 'mine' WHERE rig_a = 'pam'`)
    await world.sql(`CALL DOLT_COMMIT('-Am', 'Link')`)
    world.gh.as('pam').comment(repo, number, '/wl link pam')
    await world.idle()
    expect(world.said(repo, number).at(-1)).toContain(`\`pam-${account.id}\` and \`pam\` are one person's from now on`)
    expect(await world.sql(`SELECT rig_b, status FROM rig_links WHERE rig_a = 'pam'`)).toEqual([
      { rig_b: `pam-${account.id}`, status: 'completed' },
    ])
    const { number: pull } = await inReview(world, repo, 'pam')
    expect(said(repo, pull)).toEqual([])
  })

  it('that was freed and taken by another is nobody’s to link: nothing is said', async () => {
    const repo = world.repository('reused')
    await inReview(world, repo, 'rex')
    world.gh.renameUser('rex', 'rexford')
    const usurper = world.gh.user('rex')
    const { id, number } = await inReview(world, repo, 'rex')
    expect((await recorded(world, id)).holder).toBe(`rex-${usurper.id}`)
    expect(said(repo, number)).toEqual([])
  })
})
