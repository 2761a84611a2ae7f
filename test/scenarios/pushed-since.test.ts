import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deliverAgain, say } from './talk.ts'
import { inReview, message, openPull, OWNER, postItem, recorded, startWorld, type World } from './world.ts'

/** What a comment judges is what was there when it was written, however late it is heard. */
describe('a push between a command and its handling', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  }, 120_000)
  afterAll(() => world.close())

  const head = (repo: string, number: number) => world.gh.pull(repo, number).head.sha
  const evil = { files: { 'src/evil.ts': 'export const evil = true\n' } }

  /** All of it happens before any of it is heard. */
  async function unheard(act: () => void) {
    world.gh.hold()
    act()
    world.gh.release()
    await world.idle()
  }

  it.each([
    ['/wl stamp quality=5', 5],
    ['/wl accept quality=5', 0],
    ['/wl stamp quality=5 override="no CI here"', 5],
    ['/wl stamp quality=5\n/wl stamp quality=4', 5],
  ])('%s is not run, names the new head, and stamps it when it is said again: after %i s', async (line, seconds) => {
    const repo = world.repository(`pushed-${line.length}-${seconds}`)
    const { id, number } = await inReview(world, repo)
    const judged = head(repo, number)
    let comment = { id: 0 }
    await unheard(() => {
      comment = world.gh.as('mia').comment(repo, number, line)
      if (seconds > 0) world.gh.clock.advance(seconds)
      world.gh.as('bob').push(repo, number, evil)
    })
    expect(await recorded(world, id)).toMatchObject({ status: 'in_review', stamps: [] })
    expect(world.said(repo, number).at(-1)).toContain(
      `this command was about \`${judged.slice(0, 10)}\`, so it was not run. Its head is \`${head(repo, number).slice(0, 10)}\` now.`,
    )
    await deliverAgain(world, comment)
    expect((await recorded(world, id)).stamps).toEqual([])
    await say(world, { repo, number }, 'mia', line.split('\n')[0]!)
    expect((await recorded(world, id)).stamps).toHaveLength(1)
    expect(await message(world, `wl accept: ${id}`)).toContain(`Head: ${head(repo, number)}`)
  })

  it('is one of the base too: what it brings under the same head was not judged', async () => {
    const repo = world.repository('based')
    const { id, number } = await inReview(world, repo)
    world.gh.as(OWNER).commit(repo, { branch: 'side', files: { 'src/side.ts': 'export {}\n' } })
    await unheard(() => {
      world.gh.as('mia').comment(repo, number, '/wl stamp quality=5')
      world.gh.clock.advance(5)
      world.gh.as('bob').changeBase(repo, number, 'side')
    })
    expect(await recorded(world, id)).toMatchObject({ status: 'in_review', stamps: [] })
    expect(world.said(repo, number).at(-1)).toContain('or its base was changed')
    world.gh.clock.advance(5)
    await say(world, { repo, number }, 'mia', '/wl stamp quality=2')
    expect((await recorded(world, id)).stamps).toHaveLength(1)
  })

  it('that came before the command is judged with it, in the same second too', async () => {
    const repo = world.repository('before')
    const { id, number } = await inReview(world, repo)
    await unheard(() => {
      world.gh.as('bob').push(repo, number, evil)
      world.gh.as('mia').comment(repo, number, '/wl stamp quality=4')
    })
    expect((await recorded(world, id)).stamps).toHaveLength(1)
  })

  it('by force, and back to what was there before the command, does not pass', async () => {
    const repo = world.repository('there-and-back')
    const { id, number } = await inReview(world, repo)
    const first = head(repo, number)
    world.gh.as('bob').forcePush(repo, number, { message: 'Better', files: { 'src/better.ts': 'better\n' } })
    await world.idle()
    world.gh.clock.advance(5)
    await unheard(() => {
      world.gh.as('mia').comment(repo, number, '/wl stamp quality=5')
      world.gh.clock.advance(5)
      world.gh.as('bob').forcePushTo(repo, number, first)
    })
    expect(head(repo, number)).toBe(first)
    expect(await recorded(world, id)).toMatchObject({ status: 'in_review', stamps: [] })
    world.gh.clock.advance(5)
    await say(world, { repo, number }, 'mia', '/wl stamp quality=2')
    expect((await recorded(world, id)).stamps).toHaveLength(1)
  })

  it('is not judged by an edit of the comment that came before it, but by one that came after', async () => {
    const repo = world.repository('edited')
    const { id, number } = await inReview(world, repo)
    const comment = world.gh.as('mia').comment(repo, number, '/wl status')
    await world.idle()
    world.gh.clock.advance(5)
    await unheard(() => {
      world.gh.as('mia').editComment(repo, comment.id, '/wl stamp quality=5')
      world.gh.clock.advance(5)
      world.gh.as('bob').push(repo, number, evil)
    })
    expect((await recorded(world, id)).stamps).toEqual([])
    world.gh.clock.advance(5)
    world.gh.as('mia').editComment(repo, comment.id, '/wl stamp quality=4')
    await world.idle()
    expect((await recorded(world, id)).stamps).toHaveLength(1)
  })

  it('saves no work from being rejected: the head that was judged is, and the new one is submitted', async () => {
    const repo = world.repository('rejected')
    const { id, number } = await inReview(world, repo)
    const judged = head(repo, number)
    await unheard(() => {
      world.gh.as('mia').comment(repo, number, '/wl reject reason="Spam"')
      world.gh.clock.advance(5)
      world.gh.as('bob').push(repo, number, evil)
    })
    expect(await message(world, `wl reject: ${id}`)).toContain(`Head: ${judged}`)
    const { status, completions } = await recorded(world, id)
    expect(status).toBe('in_review')
    expect(completions[0]!['evidence']).toContain(`head=${head(repo, number)}`)
  })

  it('holds no stamp, and corrects none upwards', async () => {
    const repo = world.repository('held')
    world.gh.as(OWNER).writeFile(repo, '.github/wasteland.yml', 'stamp-on: merge')
    const { number } = await inReview(world, repo)
    await unheard(() => {
      world.gh.as('mia').comment(repo, number, '/wl stamp quality=5')
      world.gh.clock.advance(5)
      world.gh.as('bob').push(repo, number, evil)
    })
    expect(world.said(repo, number)[0]).not.toContain('Deferred stamp of')
    world.gh.as(OWNER).writeFile(repo, '.github/wasteland.yml', '')
    world.gh.clock.advance(61)
    const { id, number: other } = await inReview(world, repo, 'cat')
    await say(world, { repo, number: other }, 'mia', '/wl stamp quality=3')
    await unheard(() => {
      world.gh.as('mia').comment(repo, other, '/wl correct quality=5 reason="Better now"')
      world.gh.clock.advance(5)
      world.gh.as('cat').push(repo, other, evil)
    })
    expect((await recorded(world, id)).stamps).toHaveLength(1)
    await unheard(() => {
      world.gh.as('mia').comment(repo, other, '/wl correct quality=2 reason="Worse"')
      world.gh.clock.advance(5)
      world.gh.as('cat').push(repo, other, { files: { 'src/more.ts': 'more\n' } })
    })
    expect((await recorded(world, id)).stamps).toHaveLength(2)
  })

  it('is known by the commit of a comment beside a line', async () => {
    const repo = world.repository('beside')
    const id = await postItem(world, repo)
    const path = 'src/loops.ts'
    const number = openPull(world, repo, 'bob', { body: `Wanted: ${id}`, file: path })
    await world.idle()
    await unheard(() => {
      world.gh.as('mia').reviewComment(repo, number, { path, body: '/wl stamp quality=5' })
      world.gh.clock.advance(5)
      world.gh.as('bob').push(repo, number, evil)
    })
    expect((await recorded(world, id)).stamps).toEqual([])
  })
})
