import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { removeEmbeddedPostgres } from '../../src/operations/embedded-postgres.ts'
import { deliverAgain, ledgerHead, say } from './talk.ts'
import { inReview, message, openPull, OWNER, postItem, recorded, startWorld, type World } from './world.ts'

describe('a deferred stamp', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  }, 120_000)
  afterAll(() => world.close())

  /** Work in review where stamps are held, with a stamp of mia's. */
  async function held(name: string, line = '/wl stamp quality=4 skills=counting') {
    const repo = world.repository(name)
    world.gh.as(OWNER).writeFile(repo, '.github/wasteland.yml', 'stamp-on: merge')
    const { id, number } = await inReview(world, repo)
    const comment = world.gh.as('mia').comment(repo, number, line)
    await world.idle()
    return { repo, id, number, comment }
  }

  const status = (repo: string, number: number) => world.said(repo, number)[0]!
  const check = (repo: string, number: number) =>
    world.gh
      .checkRuns(repo, world.gh.pull(repo, number).head.sha)
      .filter((run) => run['name'] === 'Wasteland')
      .at(-1)!['output'].title

  it('enters the ledger with the merge, by whoever said it, and not before', async () => {
    const { repo, id, number, comment } = await held('merged')
    expect(status(repo, number)).toContain(
      '- Deferred stamp of `mia`: quality 4, reliability 4 (as quality), no creativity; confidence 0.7 (default), severity leaf (default); given at the merge',
    )
    expect(check(repo, number)).toBe('A stamp waits for the merge')
    expect(world.gh.reactions(comment.id)).toMatchObject([{ content: '+1' }])
    expect((await recorded(world, id)).stamps).toEqual([])
    const sha = world.gh.as(OWNER).merge(repo, number, 'squash')
    await world.idle()
    const { status: state, stamps, completions } = await recorded(world, id)
    expect(state).toBe('completed')
    expect(stamps).toMatchObject([{ author: 'mia', subject: 'bob', valence: { quality: 4 }, skill_tags: ['counting'] }])
    expect(completions[0]!['evidence']).toContain(`merge=${sha}`)
    expect(await message(world, `wl accept: ${id}`)).toContain('Authority: github maintain ada/merged#')
    expect(world.said(repo, number)).toHaveLength(2)
    expect(world.said(repo, number).at(-1)).toMatch(/^Given/)
    await deliverAgain(world, comment)
    expect((await recorded(world, id)).stamps).toHaveLength(1)
    expect(world.said(repo, number).at(-1)).toMatch(/^Given/)
  })

  it('is given after a rebase of the same lines, and asked again of others', async () => {
    const { gh } = world
    const repo = world.repository('moved')
    gh.as(OWNER).writeFile(repo, '.github/wasteland.yml', 'stamp-on: merge')
    const { id, number } = await inReview(world, repo)
    const [file] = Object.entries({ 'src/new.ts': 'export const n = 1\n' })
    gh.as('bob').forcePush(repo, number, { message: 'Count', files: Object.fromEntries([file!]) })
    await world.idle()
    gh.as('mia').comment(repo, number, '/wl stamp quality=4')
    await world.idle()
    gh.as(OWNER).writeFile(repo, 'src/other.ts', 'export {}\n')
    gh.as('bob').forcePush(repo, number, { message: 'Count, rebased', files: Object.fromEntries([file!]) })
    await world.idle()
    expect(status(repo, number)).not.toContain('stale')
    gh.as('bob').push(repo, number, { files: { 'src/new.ts': 'export const n = 2\n' } })
    await world.idle()
    expect(status(repo, number)).toContain('**stale**: the work has changed since, so who gave it is asked again')
    gh.as(OWNER).merge(repo, number)
    await world.idle()
    expect((await recorded(world, id)).stamps).toEqual([])
    expect(world.said(repo, number).at(-1)).toMatch(
      /^\*\*Not given\*\*, @mia: The pull request is merged with other work/,
    )
    expect(status(repo, number)).not.toContain('Deferred')
    gh.as('mia').comment(repo, number, '/wl stamp quality=3')
    await world.idle()
    expect((await recorded(world, id)).stamps).toMatchObject([{ valence: { quality: 3 } }])
  })

  it('is not given for other work by the same lines: elsewhere, on another base, or of another mode', async () => {
    const { gh } = world
    const repo = world.repository('same-lines')
    gh.as(OWNER).writeFile(repo, '.github/wasteland.yml', 'stamp-on: merge')
    const body = (one: string, other: string) =>
      `function one() {\n  a()\n${one}  b()\n}\n\n\nfunction two() {\n  a()\n${other}  b()\n}\n`
    gh.as(OWNER).writeFile(repo, 'src/two.ts', body('', ''))
    gh.as(OWNER).commit(repo, { branch: 'side', files: { 'src/side.ts': 'export const n = 1\n'.repeat(31) } })
    gh.user('bob')
    const open = async (base: string, path: string, content: string) => {
      const id = await postItem(world, repo, path)
      const { number } = gh.as('bob').openPullRequest({
        repo,
        title: 'Count',
        body: `Wanted: ${id}`,
        base,
        head: path,
        commits: [{ files: { [path]: content } }],
      })
      gh.as('bob').forcePush(repo, number, { files: { [path]: content } })
      return { id, number }
    }
    const moved = await open('main', 'src/two.ts', body('  mended()\n', ''))
    const rebased = await open('side', 'src/new.ts', 'export const m = 2\n')
    const executable = await open('main', 'src/run', 'run\n')
    await world.idle()
    const all = [moved, rebased, executable]
    for (const { number } of all) gh.as('mia').comment(repo, number, '/wl stamp quality=4')
    await world.idle()
    for (const { number } of all) expect(status(repo, number)).toContain('given at the merge, if this is the work')

    gh.as('bob').forcePush(repo, moved.number, { files: { 'src/two.ts': body('', '  mended()\n') } })
    gh.as('bob').changeBase(repo, rebased.number, 'main')
    gh.as('bob').push(repo, executable.number, { files: { 'src/run': { mode: '100755', content: 'run\n' } } })
    await world.idle()
    for (const { number } of all) expect(status(repo, number)).toContain('**stale**: the work has changed since')
    for (const { number } of all) gh.as(OWNER).merge(repo, number)
    await world.idle()
    for (const { id, number } of all) {
      expect((await recorded(world, id)).stamps).toEqual([])
      expect(world.said(repo, number).at(-1)).toContain('merged with other work than was judged')
    }
  })

  it('is not given where nobody could tell at the merge whether it is the same work', async () => {
    const repo = world.repository('too-large')
    world.gh.as(OWNER).writeFile(repo, '.github/wasteland.yml', 'stamp-on: merge')
    const { id, number } = await inReview(world, repo)
    const files = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`many/${n}`, '']))
    world.gh.as('bob').push(repo, number, { files })
    await world.idle()
    expect(await say(world, { repo, number }, 'mia', '/wl stamp quality=4')).toMatch(/^GitHub does not show the whole/)
    world.gh.as(OWNER).merge(repo, number)
    await world.idle()
    world.gh.as('mia').comment(repo, number, '/wl stamp quality=4')
    await world.idle()
    expect((await recorded(world, id)).stamps).toHaveLength(1)
    expect(status(repo, number)).not.toContain('stale')
  })

  it('is taken back by its author, or by another stamp of theirs', async () => {
    const { repo, id, number, comment } = await held('taken-back')
    world.gh.as('mia').comment(repo, number, '/wl stamp quality=2')
    await world.idle()
    expect(status(repo, number)).toContain('- Deferred stamp of `mia`: quality 2')
    expect(status(repo, number)).not.toContain('quality 4')
    expect(world.said(repo, number).filter((text) => text.startsWith('Deferred'))).toHaveLength(1)
    const undo = world.gh.as('mia').comment(repo, number, '/wl undo')
    await world.idle()
    expect(world.said(repo, number).at(-1)).toMatch(/^Taken back: it waits no longer/)
    await deliverAgain(world, undo)
    await deliverAgain(world, comment)
    expect(world.said(repo, number).filter((text) => text.startsWith('Deferred'))).toEqual([])
    expect(world.said(repo, number).at(-1)).toMatch(/^Taken back/)
    world.gh.as(OWNER).merge(repo, number)
    await world.idle()
    expect((await recorded(world, id)).stamps).toEqual([])
    expect(await say(world, { repo, number }, 'mia', '/wl undo')).toMatch(/^There is no stamp of yours/)
  })

  it('is not given for who lost the right to stamp, nor over criteria that fail at the merge', async () => {
    const { repo, id, number } = await held('lost')
    world.gh.as(OWNER).setRole(repo, 'mia', 'read')
    world.gh.as(OWNER).merge(repo, number)
    await world.idle()
    expect((await recorded(world, id)).stamps).toEqual([])
    expect(world.said(repo, number).at(-1)).toMatch(/^\*\*Not given\*\*, @mia: Only people with the GitHub role/)
  })

  it('is found again when the operations store is lost, but not one that was taken back', async () => {
    const first = await held('found')
    const undone = await held('undone')
    world.gh.as('mia').comment(undone.repo, undone.number, '/wl undo')
    await world.idle()
    await world.restart(async () => {
      const dir = join(world.config.dataDir, 'postgres')
      removeEmbeddedPostgres(dir)
      await rm(dir, { recursive: true, force: true })
    })
    const before = await ledgerHead(world)
    for (const { repo, number } of [first, undone]) world.gh.as(OWNER).merge(repo, number)
    await world.idle()
    expect(await ledgerHead(world)).not.toBe(before)
    expect((await recorded(world, first.id)).stamps).toMatchObject([{ author: 'mia', valence: { quality: 4 } }])
    expect((await recorded(world, undone.id)).stamps).toEqual([])
  })

  it('gives what the version read that held it', async () => {
    const { repo, id, number } = await held('upgraded', '/wl stamp quality=4 severity=root reliability 2')
    expect(status(repo, number)).toContain('- Deferred stamp of `mia`: quality 4, reliability 2,')
    // As if this version had started for the first time since: the one before read and noted less.
    await world.ops(`UPDATE held_stamps SET given = '{"quality":4}' WHERE ended IS NULL`)
    await world.ops('UPDATE text_forms SET since = $1', [new Date()])
    await world.restart()
    world.gh.as('bob').editTitle(repo, number, 'Count them all')
    await world.idle()
    expect(status(repo, number)).toContain(
      '- Deferred stamp of `mia`: quality 4, reliability 4 (as quality), no creativity; given',
    )
    world.gh.as(OWNER).merge(repo, number)
    await world.idle()
    expect((await recorded(world, id)).stamps).toMatchObject([
      { valence: { quality: 4, reliability: 4 }, severity: 'root' },
    ])
  })

  it('adopts the work for an open bounty that is merged', async () => {
    const repo = world.repository('prize')
    world.gh.as(OWNER).writeFile(repo, '.github/wasteland.yml', 'stamp-on: merge\ngates: { checks: true }')
    const id = await postItem(world, repo, 'Count the loops', '/wl post bounty')
    const first = openPull(world, repo, 'bob', { body: `Wanted: ${id}` })
    const second = openPull(world, repo, 'cat', { body: `Wanted: ${id}` })
    await world.idle()
    expect(status(repo, first)).toContain('- ⏳ Checks: none has reported on this head yet.')
    for (const number of [first, second])
      world.gh.as('mia').comment(repo, number, '/wl stamp quality=4 override="no CI here"')
    await world.idle()
    expect(status(repo, second)).toContain('**In the running**')
    expect(status(repo, second)).toContain('- Deferred stamp of `mia`')
    world.gh.as(OWNER).merge(repo, second)
    await world.idle()
    expect(await recorded(world, id)).toMatchObject({
      status: 'completed',
      holder: 'cat',
      stamps: [{ subject: 'cat' }],
    })
    expect(status(repo, first)).toContain('**Not adopted**')
    world.gh.as(OWNER).merge(repo, first)
    await world.idle()
    expect((await recorded(world, id)).stamps).toHaveLength(1)
  })
})
