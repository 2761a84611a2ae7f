import { appendFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/commands/registry.ts'
import { ledgerHead } from './talk.ts'
import { openPull, OWNER, postItem, recorded, startWorld, vouchForRows, type World } from './world.ts'
import { deadLetters } from '../queue-rows.ts'

describe('a repository', () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  beforeAll(async () => {
    world = await startWorld({
      config: { ADMIT: ['acme', 'solo/served', 'ada/secret', 'ada/open-secret', 'ada/broken', 'carl', 'dora/app'] },
    })
    ada = world.gh.as(OWNER)
    for (const owner of ['acme', 'solo', 'late']) {
      world.gh.user(owner)
      world.gh.as(owner).installApp({ account: owner })
    }
  }, 120_000)
  afterAll(() => world.close())

  let item: string | undefined
  /** A pull request of bob's there for an open item of ours. */
  async function pullFor(repo: string, login = 'bob') {
    item ??= await postItem(world, world.repository('home'))
    const number = openPull(world, repo, login, { body: `Wanted: ${item}` })
    await world.idle()
    return { id: item, number }
  }
  const free = async (repo: string, number: number, login = 'bob') => {
    world.gh.as(login).close(repo, number)
    await world.idle()
  }
  const make = (repo: string, about: Parameters<World['gh']['repository']>[1] = {}) => {
    world.gh.repository(repo, about)
    return repo
  }

  it('of another account is not served: one comment says so, nothing is written, help and status answer', async () => {
    const repo = make('solo/other')
    const { id, number } = await pullFor(repo)
    world.gh.as('bob').push(repo, number, { files: { more: 'x\n' } })
    world.gh.as('solo').comment(repo, number, '/wl stamp quality=4')
    world.gh.as('solo').comment(repo, number, '/wl status')
    world.gh.as('solo').comment(repo, number, '/wl help')
    const issue = world.gh.as('solo').openIssue(repo, { title: 'x' })
    world.gh.as('solo').comment(repo, issue.number, '/wl post')
    const long = world.gh.as('solo').openIssue(repo, { title: 'x' })
    // Not read, or it were known for code.
    world.gh.as('solo').comment(repo, long.number, `~~~\n${'> - '.repeat(10_000)}\n/wl help\n`)
    world.gh.as('solo').comment(repo, long.number, `${'> - '.repeat(10_000)} say /wl help`)
    await world.idle()
    const [status, stamp, asked, help] = world.said(repo, number)
    expect(world.said(repo, long.number)).toHaveLength(1)
    for (const text of [status, stamp, asked, world.said(repo, issue.number)[0], world.said(repo, long.number)[0]])
      expect(text).toContain('**Not admitted.** `solo/other`')
    expect(help).toContain('Wasteland commands')
    expect((await recorded(world, id)).status).toBe('open')
    expect(await world.sql(`SELECT * FROM rigs WHERE handle IN ('bob', 'solo')`)).toEqual([])
    expect(await world.sql(`SELECT * FROM wanted WHERE project = 'solo/other'`)).toEqual([])
  })

  it('whose admitted name another account took is refused, said in the log; the renamed one is served on', async () => {
    const served = async (repo: string, owner: string) => {
      const { number } = world.gh.as(owner).openIssue(repo, { title: 'x' })
      world.gh.as(owner).comment(repo, number, '/wl post')
      await world.idle()
      return world.said(repo, number)[0]
    }
    for (const owner of ['carl', 'dora']) {
      world.gh.user(owner)
      world.gh.as(owner).installApp({ account: owner })
    }
    expect(await served(make('carl/app'), 'carl')).not.toContain('Not admitted')
    expect(await served(make('dora/app'), 'dora')).not.toContain('Not admitted')
    for (const owner of ['carl', 'dora']) {
      world.gh.renameUser(owner, `${owner}-now`)
      world.gh.user(owner)
      world.gh.as(owner).installApp({ account: owner })
    }
    const lost = () => world.ops('DELETE FROM admitted_names')
    for (const repo of [make('carl/app'), make('carl/other'), make('dora/app')]) {
      expect(await served(repo, repo.split('/')[0]!)).toContain(`**Not admitted.** \`${repo}\` has the name of another`)
      // Either of the two places where the ids are kept may be lost.
      await lost()
    }
    expect(await served('carl-now/app', 'carl-now')).not.toContain('Not admitted')
    const said = world.log.filter((line) => line.includes('a name that was admitted means another account'))
    // Each once; which is looked at first the queue decides.
    expect(said.map((line) => String(JSON.parse(line).repository)).toSorted()).toEqual([
      'carl/app',
      'carl/other',
      'dora/app',
    ])
    await unlink(join(world.config.dataDir, 'admitted-ids'))
    expect(await served(make('carl/more'), 'carl')).toContain('**Not admitted.**')
    const { id } = world.gh.as('carl')
    await appendFile(join(world.config.dataDir, 'admitted'), `carl#${id}\n`)
    expect(await served('carl/app', 'carl')).not.toContain('Not admitted')
  })

  it('of another account takes no command that writes, whoever says it', async () => {
    const repo = make('solo/commands')
    await postItem(world, world.repository('registers-ada'))
    await world.sql(`UPDATE rigs SET trust_level = 3 WHERE handle = 'ada'`)
    await vouchForRows(world)
    const before = await ledgerHead(world)
    const places = [world.gh.as('solo').openIssue(repo, { title: 'x' }).number, openPull(world, repo, 'bob')]
    const writing = COMMANDS.filter(({ name }) => !['help', 'status', 'decline', 'import', 'forget'].includes(name))
    expect(writing.length).toBeGreaterThan(15)
    for (const number of places) {
      for (const { on, examples } of writing)
        if (on !== 'pull request' || number !== places[0]) ada.comment(repo, number, examples[0])
      await world.idle()
      const said = world.said(repo, number)
      expect(said.length).toBeGreaterThan(15)
      for (const text of said) expect(text).toMatch(/\*\*Not admitted\.\*\* `solo\/commands`|works on issues only/)
    }
    expect(await ledgerHead(world)).toBe(before)
  })

  it('of another account says nothing about a label of its own', async () => {
    const repo = make('solo/third')
    const number = openPull(world, repo, 'bob')
    world.gh.as('solo').label(repo, number, 'w-waiting')
    await world.idle()
    expect(world.said(repo, number)).toEqual([])
  })

  it.each(['acme/any', 'solo/served'])('%s that ADMIT names is served', async (name) => {
    const repo = make(name)
    const { id, number } = await pullFor(repo)
    expect(await recorded(world, id)).toMatchObject({ status: 'in_review', holder: 'bob' })
    await free(repo, number)
  })

  it('is served as soon as the file of the command line names it', async () => {
    const repo = make('late/Served')
    const { id, number } = await pullFor(repo)
    expect(world.said(repo, number)).toEqual([expect.stringContaining('Not admitted')])
    await appendFile(join(world.config.dataDir, 'admitted'), 'late/served\n')
    world.gh.as('bob').editTitle(repo, number, 'Again')
    await world.idle()
    expect(await recorded(world, id)).toMatchObject({ status: 'in_review', holder: 'bob' })
    expect(world.said(repo, number)).toEqual([expect.stringContaining('In review')])
    await free(repo, number)
  })

  it.each([
    ['private and not named', 'ada/hidden', undefined, '**Private.** `ada/hidden` is not public'],
    [
      'private and named only by its owner',
      'acme/hidden',
      'private: publish\n',
      '**Private.** `acme/hidden` is not public',
    ],
    ['private and named without settings', 'ada/secret', undefined, 'it is published once'],
    ['private with broken settings', 'ada/broken', 'private: [publish\n', 'it is published once'],
  ])('%s lets nothing out, and says so once', async (_, name, settings, words) => {
    const files = settings === undefined ? { a: 'a\n' } : { a: 'a\n', '.github/wasteland.yml': settings }
    const repo = make(name, { private: true, files })
    const owner = name.split('/')[0]!
    const { id, number } = await pullFor(repo, owner)
    world.gh.as(owner).editTitle(repo, number, 'Again')
    await world.idle()
    expect(world.said(repo, number)).toEqual([expect.stringContaining(words)])
    const issue = world.gh.as(owner).openIssue(repo, { title: 'Top secret' })
    world.gh.as(owner).comment(repo, issue.number, '/wl post')
    await world.idle()
    expect(world.said(repo, issue.number)).toEqual([expect.stringContaining('**Private.**')])
    expect((await recorded(world, id)).status).toBe('open')
    expect(JSON.stringify(await world.sql('SELECT message FROM dolt_log'))).not.toContain(name)
    expect(await world.sql(`SELECT * FROM wanted WHERE title LIKE '%secret%'`)).toEqual([])
  })

  it('private, named, and published by its settings is served', async () => {
    const repo = make('ada/open-secret', { private: true, files: { '.github/wasteland.yml': 'private: publish\n' } })
    const { id, number } = await pullFor(repo, OWNER)
    expect(await recorded(world, id)).toMatchObject({ status: 'in_review', holder: 'ada' })
    await free(repo, number, OWNER)
  })

  it('made private is left alone from then on, also by a command that was under way', async () => {
    const repo = make('ada/turned')
    const issue = ada.openIssue(repo, { title: 'Was public' })
    world.gh.hold()
    ada.comment(repo, issue.number, '/wl post')
    ada.privatize(repo)
    world.gh.release()
    await world.idle()
    expect(await world.sql(`SELECT * FROM wanted WHERE title = 'Was public'`)).toEqual([])
    expect(world.said(repo, issue.number)).toEqual([expect.stringContaining('**Private.**')])
  })

  it('archived or gone meanwhile does no harm', async () => {
    const repo = make('ada/old')
    const number = openPull(world, repo, 'bob')
    const gone = make('ada/gone')
    const lost = openPull(world, gone, 'bob')
    await world.idle()
    item ??= await postItem(world, world.repository('home'))
    world.gh.hold()
    ada.label(repo, number, `wl:${item}`)
    ada.comment(repo, number, '/wl status')
    ada.archive(repo)
    ada.label(gone, lost, `wl:${item}`)
    ada.comment(gone, lost, '/wl stamp quality=4')
    ada.deleteRepository(gone)
    world.gh.release()
    await world.idle()
    expect(world.said(repo, number)).toEqual([])
    expect(await deadLetters(world.ops)).toEqual([])
  })
})
