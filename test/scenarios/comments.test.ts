import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inReview, openPull, OWNER, postItem, recorded, startWorld, type World } from './world.ts'

describe('what the bridge says', () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  beforeAll(async () => {
    world = await startWorld()
    ada = world.gh.as(OWNER)
  }, 120_000)
  afterAll(() => world.close())

  it('the status of a pull request in review', async () => {
    const repo = world.repository('status')
    const { number } = await inReview(world, repo)
    const text = world
      .said(repo, number)[0]!
      .replace(/w-[0-9a-f]{10}/g, 'w-…')
      .replace(/head `[0-9a-f]{10}`/, 'head `…`')
    expect(text).toMatchInlineSnapshot(`
      "### Wasteland

      **In review** \`w-…\` \`Count the loops\`, submitted by \`bob\`. Next: a maintainer of this repository (GitHub role admin or maintain) or a rig of trust level 3 comments \`/wl stamp quality=4\` (1 to 5; also \`reliability=\`, \`creativity=\`, \`skills=\`, \`message="…"\`).

      <sub>Evidence: head \`…\` · 1 commit · by \`bob\` · 0 approvals, 0 requests for changes · 0 review rounds</sub>

      <sub>Recorded for the rig \`bob\`. To take no part: \`/wl decline\`. All commands: \`/wl help\`.</sub>"
    `)
  })

  it('of a completed one, with what was given and not what was filled in', async () => {
    const repo = world.repository('completed')
    const { number } = await inReview(world, repo)
    world.gh.as('mia').comment(repo, number, '/wl stamp quality=4 creativity=5 skills=typescript,dolt')
    await world.idle()
    const said = world.said(repo, number)[0]!.replace(/w-[0-9a-f]{10}/g, 'w-…')
    expect(said.replace(/head `[0-9a-f]{10}`/, 'head `…`')).toMatchInlineSnapshot(`
      "### Wasteland

      **Completed** \`w-…\` \`Count the loops\` by \`bob\`.
      - Stamped by \`mia\`: quality 4, reliability 4 (as quality), creativity 5; confidence 0.7 (default), severity leaf (default); skills \`typescript\`, \`dolt\`

      <sub>Evidence: head \`…\` · 1 commit · by \`bob\` · 0 approvals, 0 requests for changes · 0 review rounds</sub>

      <sub>Recorded for the rigs \`bob\`, \`mia\`. To take no part: \`/wl decline\`. All commands: \`/wl help\`.</sub>"
    `)
  })

  it('a status comment that somebody deleted comes back with the next change, once', async () => {
    const repo = world.repository('deleted')
    const { number } = await inReview(world, repo)
    ada.deleteComment(repo, world.gh.comments(repo, number)[0].id)
    world.gh.as('bob').convertToDraft(repo, number)
    await world.idle()
    world.gh.as('bob').readyForReview(repo, number)
    await world.idle()
    expect(world.said(repo, number)).toEqual([expect.stringContaining('**In review**')])
  })

  it('a forged marker in somebody’s comment is nobody’s', async () => {
    const repo = world.repository('forged')
    const { number } = await inReview(world, repo)
    const [own] = world.gh.comments(repo, number)
    world.gh.as('bob').comment(repo, number, own.body)
    ada.deleteComment(repo, own.id)
    world.gh.as('bob').convertToDraft(repo, number)
    await world.idle()
    expect(world.gh.comments(repo, number)[0].body).toBe(own.body)
    expect(world.said(repo, number)).toEqual([expect.stringContaining('**Claimed**')])
  })

  it('in a locked conversation the ledger follows without words, and the words come when it is unlocked', async () => {
    const repo = world.repository('locked')
    const id = await postItem(world, repo)
    const number = openPull(world, repo, 'bob')
    ada.lockConversation(repo, number)
    ada.label(repo, number, `wl:${id}`)
    await world.idle()
    expect((await recorded(world, id)).status).toBe('in_review')
    ada.unlockConversation(repo, number)
    ada.comment(repo, number, '/wl stamp quality=3')
    await world.idle()
    expect((await recorded(world, id)).status).toBe('completed')
    expect(world.said(repo, number)).toEqual([expect.stringContaining('**Completed**')])
  })

  it('nobody who need not act is mentioned, and no text of theirs formats', async () => {
    const repo = world.repository('mentions')
    const id = await postItem(world, repo, 'Ping @mia **now** <b>x</b> [y](https://evil.example) `z`')
    const number = openPull(world, repo, 'bob', { body: `Wanted: ${id}` })
    await world.idle()
    const text = world.said(repo, number)[0]!
    expect(text).toContain('`` Ping @mia **now** <b>x</b> [y](https://evil.example) `z` ``')
    expect(text.replace(/(`+)[^`].*?[^`]\1(?!`)/g, '')).not.toMatch(/@|<b>|\]\(/)
  })
})
