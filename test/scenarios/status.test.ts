import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as talk from './talk.ts'
import { inReview, openPull, OWNER, postItem, startWorld, type World } from './world.ts'

const DAY_MS = 24 * 3_600_000

describe('/wl status', () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  let ahead = 0
  beforeAll(async () => {
    const clock = { now: () => new Date(Date.now() + ahead), pollIntervalMs: 100 }
    world = await startWorld({ clock })
    ada = world.gh.as(OWNER)
    for (const login of ['bob', 'dee']) world.gh.user(login)
  }, 120_000)
  afterAll(() => world.close())

  const say = (repo: string, login: string, line: string, number = 1) => talk.say(world, { repo, number }, login, line)
  /** What it says, with ids and days left out. */
  const status = async (repo: string, number = 1) =>
    (await say(repo, OWNER, '/wl status', number))
      .replaceAll(/w-[0-9a-f]{10}/g, 'w-…')
      .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d/g, '<day>')
      .replaceAll(world.gh.url, 'https://host')

  const BY_PULL = 'open a pull request with the label `wl:w-…` or a line `Wanted: w-…` in its description'
  const OPEN = `\`w-…\` \`Count the loops\` is **open**. Next: \`/wl claim\` it, or ${BY_PULL}.`
  const WHO = 'a maintainer of this repository (GitHub role admin or maintain) or a rig of trust level 3'
  const CLOSED =
    'It was closed without a stamp, gives no reputation, and that is final. To offer more work, post a new issue.'

  it('of an item tells on its issue who has it and what comes next, from post to stamp', async () => {
    const repo = world.repository('stamped')
    await postItem(world, repo)
    expect(await status(repo)).toBe(OPEN)
    await say(repo, 'bob', '/wl claim')
    expect(await status(repo)).toBe(
      `\`w-…\` \`Count the loops\` is **claimed** by \`bob\` until **<day> UTC**. Next, for who holds it: ${BY_PULL}; ` +
        'work that is no pull request is submitted by `/wl done evidence=…`; `/wl unclaim` releases it.',
    )
    await say(repo, 'bob', '/wl done evidence="Asked"')
    expect(await status(repo)).toBe(
      `\`w-…\` \`Count the loops\` is **in review** by \`bob\`. Next: ${WHO} comments \`/wl stamp quality=4\` here, or \`/wl reject reason="…"\`.`,
    )
    await say(repo, 'mia', '/wl stamp quality=4')
    expect(await status(repo)).toBe(
      '`w-…` `Count the loops` is **completed** by `bob`.\n- Stamped by `mia`: quality 4, reliability 4 (as quality), no creativity; confidence 0.7 (default), severity leaf (default)',
    )
  })

  it('of what a pull request holds or has submitted points there', async () => {
    const repo = world.repository('pull')
    const id = await postItem(world, repo)
    const number = openPull(world, repo, 'bob', { body: `Wanted: ${id}`, draft: true })
    await world.idle()
    expect(await status(repo)).toContain(
      `is **claimed** by \`bob\`. The pull request \`${repo}#${number}\` holds it: \`/wl status\` there says what comes next.`,
    )
    world.gh.as('bob').readyForReview(repo, number)
    await world.idle()
    expect(await status(repo)).toContain(
      `comments \`/wl stamp quality=4\` on its pull request, \`https://host/${repo}/pull/${number}\`.`,
    )
  })

  it('of an open bounty asks nobody to claim it', async () => {
    const repo = world.repository('bounty')
    await postItem(world, repo, 'Bounty', '/wl post bounty')
    expect(await status(repo)).toContain(`It is an open bounty, which nobody claims. Next: ${BY_PULL}.`)
  })

  it('of what is over says so: withdrawn, or closed by its poster', async () => {
    const repo = world.repository('over')
    await postItem(world, repo)
    await say(repo, OWNER, '/wl withdraw confirm')
    expect(await status(repo)).toBe(
      '`w-…` `Count the loops` is **withdrawn**. It was taken off the board for good. To offer the work again, post a new issue.',
    )
    const other = world.repository('closed')
    const { number } = await inReview(world, other)
    await say(other, OWNER, '/wl close confirm', number)
    expect(await status(other)).toBe(`\`w-…\` \`Count the loops\` is **completed** by \`bob\`. ${CLOSED}`)
    expect(await status(other, number)).toContain('its poster completed it without a stamp, and that is final.')
  })

  it('of what its holder lost or left is open again: the claim ran out, the person declined', async () => {
    const repo = world.repository('ran-out')
    await postItem(world, repo)
    await say(repo, 'bob', '/wl claim')
    for (const words of ['runs out on', 'ran out, so the item is open again']) {
      ahead += 13 * DAY_MS
      await expect.poll(() => world.said(repo, 1).at(-1), { timeout: 60_000 }).toContain(words)
    }
    await world.idle()
    expect(await status(repo)).toBe(OPEN)
    const other = world.repository('declined')
    const { number } = await inReview(world, other, 'dee')
    await say(other, 'dee', '/wl decline confirm', number)
    expect(await status(other)).toBe(OPEN)
    expect(await status(other, number)).toMatch(
      /takes no part in the Wasteland.* Whoever else wants an item that it names says so in a pull request of their own\.$/,
    )
  })

  it('where no item is named says how one is', async () => {
    const repo = world.repository('nothing')
    const issue = ada.openIssue(repo, { title: 'x' })
    expect(await status(repo, issue.number)).toBe(
      'This issue is not on the board. Its author, or anyone with write access, posts it with `/wl post`.',
    )
    const bare = openPull(world, repo, 'bob')
    expect(await status(repo, bare)).toMatch(/^This pull request names no wanted item\. Give it a label `wl:w-…`/)
    // A template that was not filled in.
    const template = openPull(world, repo, 'bob', { body: 'Wanted: w-' })
    expect(await status(repo, template)).toMatch(/^This pull request names no wanted item\. Give it a label `wl:w-…`/)
    const wrong = openPull(world, repo, 'bob', { body: 'Wanted: w-!!' })
    expect(await status(repo, wrong)).toMatch(/\*\*Not an id\*\* `w-!!`: an id is `w-` and ten hex digits/)
  })
})
