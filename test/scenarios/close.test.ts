import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectSound } from './sound.ts'
import * as talk from './talk.ts'
import type { Thread } from './talk.ts'
import { history, inReview, message, openPull, OWNER, postItem, recorded, startWorld, type World } from './world.ts'

describe('/wl close', () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  beforeAll(async () => {
    world = await startWorld()
    ada = world.gh.as(OWNER)
  }, 120_000)
  afterAll(() => world.close())

  const say = (at: Thread, login: string, line: string) => talk.say(world, at, login, line)
  const refused = (at: Thread, login: string, line: string, words: RegExp) =>
    talk.expectRefused(world, at, login, line, words)

  it('by the poster completes submitted work without a stamp, and the pull request shows it', async () => {
    const repo = world.repository('close')
    const id = await postItem(world, repo, 'Alone')
    const number = openPull(world, repo, OWNER, { body: `Wanted: ${id}` })
    await world.idle()
    const asked = new RegExp(
      `^Nothing is done yet\\. \`${id}\` \`Alone\` would be completed without a stamp[^]*That is final[^]*\\n\`\`\`\\n(/wl close ${id} confirm reason="Nobody else here")\\n\`\`\``,
    )
    await refused({ repo, number }, OWNER, '/wl close reason="Nobody else here"', asked)
    await refused({ repo, number }, OWNER, '/wl close confrim', /`confrim` is not read: the word is `confirm`/)
    expect((await recorded(world, id)).status).toBe('in_review')
    const said = await say({ repo, number }, OWNER, `/wl close ${id} confirm reason="Nobody else here"`)
    expect(said).toContain('gives no reputation and is shown as unvalidated')
    const { status, holder, completions, stamps } = await recorded(world, id)
    expect({ status, holder, stamps }).toEqual({ status: 'completed', holder: OWNER, stamps: [] })
    expect(completions).toMatchObject([{ stamp_id: null, validated_by: null }])
    expect((await history(world, id)).at(-1)).toBe(`wl close: ${id} — ${OWNER}`)
    expect(await message(world, `wl close: ${id}`)).toMatch(
      /^wl close: \S+\n\nDelivery: \S+\nCommand: \S+\/close\/\S+\nSender: ada \d+\nReason: Nobody else here$/,
    )
    expect(world.said(repo, number)[0]).toContain('**Closed**')
    await expectSound(world)
  })

  it('of work that is no pull request, on its issue or by its id from elsewhere', async () => {
    const repo = world.repository('done')
    world.gh.user('cleo')
    const id = await postItem(world, repo)
    const bare = { repo, number: ada.openIssue(repo, { title: 'Talk' }).number }
    await say({ repo, number: 1 }, 'cleo', '/wl claim\n/wl done evidence="Asked"')
    expect(await say(bare, OWNER, `/wl close ${id} confirm`)).toContain('without a stamp')
    expect(await recorded(world, id)).toMatchObject({
      status: 'completed',
      completions: [{ evidence: 'Asked', stamp_id: null }],
    })
    await refused(bare, OWNER, `/wl close ${id}`, /is completed: it is completed already/)
    await refused(bare, OWNER, '/wl close', /This issue is not on the board/)
    await refused(bare, OWNER, '/wl close w-00000000ff', /There is no item `w-00000000ff` on this board/)
  })

  it('by anybody else, a maintainer too, is refused, and says who may', async () => {
    const repo = world.repository('others')
    const { id, number } = await inReview(world, repo)
    for (const login of ['mia', 'bob', 'stranger'])
      await refused(
        { repo, number },
        login,
        '/wl close',
        /^Only the poster of the item, `ada`, may close it\. Who may stamp judges the work instead: `\/wl stamp quality=4` or/,
      )
    expect((await recorded(world, id)).status).toBe('in_review')
    expect(await world.sql(`SELECT handle FROM rigs WHERE handle IN ('mia', 'stranger')`)).toEqual([])
  })

  it('of an item that is open, claimed or withdrawn, or of several or none, is refused', async () => {
    const repo = world.repository('states')
    const id = await postItem(world, repo)
    const board = { repo, number: 1 }
    await refused(
      board,
      OWNER,
      '/wl close',
      /is open: nobody has worked on it\. To take it off the board: `\/wl withdraw`/,
    )
    const draft = openPull(world, repo, 'bob', { body: `Wanted: ${id}`, draft: true })
    await world.idle()
    await refused({ repo, number: draft }, OWNER, '/wl close', /is claimed: its work is not submitted yet/)
    const other = await postItem(world, repo)
    ada.label(repo, draft, `wl:${other}`)
    await world.idle()
    await refused({ repo, number: draft }, OWNER, '/wl close', /names several items: .*`\/wl close w-\w+`/)
    const bare = openPull(world, repo, 'bob')
    await refused({ repo, number: bare }, OWNER, '/wl close', /This pull request names no wanted item/)
    world.gh.as('bob').close(repo, draft)
    await world.idle()
    await say(board, OWNER, '/wl withdraw confirm')
    await refused(board, OWNER, '/wl close', /is withdrawn: it is off the board already/)
  })
})
