import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inReview, openPull, OWNER, postItem, recorded, startWorld, type World } from './world.ts'

describe('a command', () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  beforeAll(async () => {
    world = await startWorld()
    ada = world.gh.as(OWNER)
  }, 120_000)
  afterAll(() => world.close())

  it('in code, a quote, a comment of HTML, a link or amid a line does not run', async () => {
    const repo = world.repository('hidden')
    const { id, number } = await inReview(world, repo)
    const line = '/wl stamp quality=4'
    const bodies = [
      `\`\`\`\n${line}\n\`\`\``,
      `    ${line}`,
      `\`${line}\``,
      `> ${line}`,
      `> quoted\n${line}`,
      `<!--\n${line}\n-->`,
      `<!-- ${line} -->`,
      `Please ${line}`,
      `See ${line}`,
      `\\${line}`,
      '/wlstamp quality=4',
      `[${line}](https://example.org)`,
    ]
    const comments = bodies.map((body) => world.gh.as('mia').comment(repo, number, body))
    await world.idle()
    expect((await recorded(world, id)).status).toBe('in_review')
    // Somebody who may stamp is told so: in words once, by a reaction each time.
    expect(world.said(repo, number).slice(1)).toEqual([expect.stringMatching(/^Not run: `\/wl stamp quality=4`\. /)])
    const told = comments.map(({ id: comment }) => world.gh.reactions(comment).length)
    expect(told).toEqual([1, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1, 0])
    const bystander = world.gh.as(world.gh.user('stan').login).comment(repo, number, `Please ${line}`)
    await world.idle()
    expect(world.gh.reactions(bystander.id)).toEqual([])
    // What anybody may is told to anybody, also to who was never here.
    const newcomer = world.gh.as('stan').comment(repo, number, 'Can I take this? /wl claim please')
    await world.idle()
    expect(world.gh.reactions(newcomer.id)).toHaveLength(1)
    expect(world.said(repo, number).at(-1)).toContain('write it in a new comment: `/wl claim please`')
    expect(await world.sql(`SELECT handle FROM rigs WHERE handle = 'stan'`)).toEqual([])
  })

  it('with another sign than a blank is not run, and says so', async () => {
    const repo = world.repository('dash')
    const { number } = await inReview(world, repo)
    world.gh.as('mia').comment(repo, number, '/wl-stamp quality=4')
    await world.idle()
    expect(world.said(repo, number).at(-1)).toMatch(/have a blank between them.*`\/wl stamp quality=4`/)
  })

  it('that is shown beside one that runs is answered too', async () => {
    const repo = world.repository('beside')
    const { id, number } = await inReview(world, repo)
    world.gh.as('mia').comment(repo, number, '/wl stamp quality=4\n\nNotes:\n\n- /wl undo\n')
    await world.idle()
    expect((await recorded(world, id)).stamps).toHaveLength(1)
    expect(world.said(repo, number).at(-1)).toMatch(/^Not run: `- \/wl undo`\. /)
  })

  it('of who may not give it is refused for that, whatever else is wrong', async () => {
    const repo = world.repository('rights')
    const { number } = await inReview(world, repo)
    world.gh.user('stan')
    for (const text of ['/wl stamp', '/wl reject', '/wl promote @mia', '/wl suspend'])
      world.gh.as('stan').comment(repo, number, text)
    await world.idle()
    const answers = world.said(repo, number).slice(1)
    expect(answers).toHaveLength(4)
    for (const answer of answers) expect(answer).not.toMatch(/is missing|Ready to copy/)
    expect(answers[0]).toContain('Your role here is `read`')
  })

  it('of before an update is done as it was read then, or refused once', async () => {
    const repo = world.repository('update')
    const { id, number } = await inReview(world, repo)
    await world.ops('UPDATE text_forms SET since = $1', [new Date(Date.now() + 60_000)])
    await world.restart()
    const unread = world.gh.as('mia').comment(repo, number, '/wl status\n/wl stamp quality=4 reliability:3')
    await world.idle()
    const answer = world.said(repo, number).at(-1)!
    expect(answer).toContain('Written before this bridge was updated')
    expect(answer).toContain('`/wl stamp quality=4 reliability:3`')
    expect((await recorded(world, id)).stamps).toEqual([])
    const said = world.gh.deliveries.findLast(({ event }) => event === 'issue_comment')!
    await world.gh.redeliver(said.guid)
    await world.idle()
    expect(world.said(repo, number).at(-1)).toBe(answer)
    expect(world.gh.reactions(unread.id)).toMatchObject([{ content: 'confused' }])
    await world.ops(`UPDATE text_forms SET since = 'epoch'`)
    await world.restart()
  })

  it.each([
    ['quality=6', '`quality=6` is not possible; expected a whole number from 1 to 5'],
    ['quality=0', '`quality=0` is not possible'],
    ['quality=4.5', '`quality=4.5` is not possible'],
    ['quality=four', '`quality=four` is not possible'],
    ['quality=', '`quality=` is not possible'],
    ['quality="4', 'its quotes do not pair'],
    ['quality=4 quality=5', '`quality` is given twice'],
    ['quality=4 confidence=1.1', '`confidence=1.1` is not possible; expected a number from 0 to 1'],
    ['quality=4 confidence=-0.5', 'is not possible'],
    ['quality=4 severity=high', '`severity=high` is not possible; expected one of leaf, branch, root'],
    ['quality=4 skills=a,b,c,d,e,f', 'expected 1 to 5 names'],
    ['qality=4', 'there is no option `qality`. Did you mean `quality=4`?'],
    ['creativity=4', '`quality` is missing'],
    ['', '`quality` is missing'],
    [`quality=4 message="${'x'.repeat(501)}"`, 'expected at most 500 characters'],
  ])('/wl stamp %s is refused with the reason, and where it is explained', async (options, words) => {
    const repo = world.repository('options')
    shared ??= await inReview(world, repo)
    const comment = world.gh.as('mia').comment(repo, shared.number, `/wl stamp ${options}`)
    await world.idle()
    const reply = world.said(repo, shared.number).at(-1)!
    expect(reply).toContain(words)
    expect(reply).toContain('`/wl help stamp` explains it.')
    expect(reply.length).toBeLessThan(1000)
    expect(world.gh.reactions(comment.id)).toMatchObject([{ content: 'confused' }])
    expect((await recorded(world, shared.id)).stamps).toEqual([])
  })
  let shared: { id: string; number: number } | undefined

  it('that is mistyped is answered with what was meant, and runs when its author mends it by an edit', async () => {
    const repo = world.repository('typo')
    const { id, number } = await inReview(world, repo)
    const comment = world.gh.as('mia').comment(repo, number, '/wl stmp quality=4')
    world.gh.as('mia').comment(repo, number, '/wl frobnicate')
    world.gh.as('mia').comment(repo, number, '/wl')
    await world.idle()
    expect(world.said(repo, number).slice(1)).toEqual([
      'There is no command `stmp`. Did you mean `/wl stamp quality=4`?',
      'There is no command `frobnicate`. `/wl help` lists them.',
      '`/wl`: a command is missing. `/wl help` lists them.',
    ])
    world.gh.as('mia').editComment(repo, comment.id, '/wl stamp quality=4')
    await world.idle()
    expect((await recorded(world, id)).stamps).toMatchObject([{ valence: { quality: 4 } }])
    expect(world.said(repo, number)[1]).toMatch(/^Done: `\/wl /)
    world.gh.as('mia').editComment(repo, comment.id, 'Well done!\n\n/wl stamp quality=1')
    await world.idle()
    expect((await recorded(world, id)).stamps).toMatchObject([{ valence: { quality: 4 } }])
    expect(world.said(repo, number)).toHaveLength(4)
  })

  it('several in one comment are answered together, in their order', async () => {
    const repo = world.repository('several')
    const { number } = await inReview(world, repo)
    world.gh.as('mia').comment(repo, number, '/wl help stamp\r\n/wl status\r\n/wl nonsense\r\n')
    await world.idle()
    expect(world.said(repo, number)).toHaveLength(2)
    expect(world.said(repo, number)[1]).toMatch(
      /^\*\*`\/wl stamp [\s\S]*\n---\n\n### Wasteland[\s\S]*In review[\s\S]*\n---\n\nThere is no command `nonsense`/,
    )
  })

  it('help lists every command, explains one, and works on issues', async () => {
    const repo = world.repository('help')
    const issue = ada.openIssue(repo, { title: 'x' })
    world.gh.user('bob')
    world.gh.as('bob').comment(repo, issue.number, '/wl help')
    await world.idle()
    expect(world.said(repo, issue.number)[0]).toMatchInlineSnapshot(`
      "**Wasteland commands**, each on a line of its own:

      **Look around**
      - \`/wl help\` lists the commands, or explains one, or a score
      - \`/wl status\` says where this item stands and what comes next
      - \`/wl board\` lists the newest open items
      - \`/wl sheet\` shows your work, stamps and skills, or another’s

      **Do work**
      - \`/wl claim\` reserves an open item for you for a while
      - \`/wl unclaim\` releases a claim: the item is open again
      - \`/wl done\` submits work that is no pull request

      **Offer work**
      - \`/wl post\` puts this issue on the board as a wanted item
      - \`/wl update\` changes an item that is still open
      - \`/wl withdraw\` takes an open item off the board, for good

      **Judge work**
      - \`/wl stamp\` stamps the work and completes the item
      - \`/wl reject\` sends submitted work back to who did it, with a reason
      - \`/wl correct\` corrects your own stamp, once; what you leave out stays
      - \`/wl undo\` takes your own stamp back, within a day
      - \`/wl close\` completes submitted work without a stamp, for good

      **About you**
      - \`/wl link\` says that another rig is yours; it has to say so too
      - \`/wl unlink\` takes back that another rig is yours too
      - \`/wl own\` asks to be an agent’s human, or agrees that somebody is
      - \`/wl disown\` takes back being an agent’s human, or having asked to
      - \`/wl agent\` says that an account is an agent, or with no a person
      - \`/wl import\` makes a character sheet of your GitHub profile
      - \`/wl forget\` removes your imported profile; you go on taking part
      - \`/wl decline\` takes you out: open claims go, nothing new is recorded
      - \`/wl join\` takes \`/wl decline\` and \`/wl forget\` back

      **Trust**
      - \`/wl promote\` sets a trust level; lets a suspended rig in again
      - \`/wl suspend\` ends somebody’s stamps and new work; earlier ones stay

      With options and an example: \`/wl help stamp\`. What the numbers mean: \`/wl help quality\`.

      - It begins its line; options follow there or just below.
      - Behind words, in quotes or in code it does not run.
      - After a slip: edit your comment, or write a new one."
    `)
    expect(await world.sql('SELECT handle FROM rigs WHERE handle = ?', ['nobody'])).toEqual([])
  })

  it('status on an issue tells the item’s state', async () => {
    const repo = world.repository('status')
    const issue = ada.openIssue(repo, { title: 'Count' })
    ada.comment(repo, issue.number, '/wl status')
    await world.idle()
    expect(world.said(repo, issue.number)[0]).toContain('not on the board')
    ada.comment(repo, issue.number, '/wl post\n/wl status')
    await world.idle()
    expect(world.said(repo, issue.number)[1]).toMatch(
      /`Count` is \*\*open\*\*. Next: `\/wl claim` it, or open a pull request/,
    )
  })

  it('help knows a command by its other name too, and of an unknown one lists them all', async () => {
    const repo = world.repository('help-other')
    const issue = ada.openIssue(repo, { title: 'x' })
    ada.comment(repo, issue.number, '/wl help ACCEPT')
    ada.comment(repo, issue.number, '/wl help stmp')
    await world.idle()
    const [accept, unknown] = world.said(repo, issue.number)
    expect(accept).toMatch(
      /^\*\*`\/wl stamp [\s\S]*The same: `\/wl accept`\.[\s\S]*Who may: [\s\S]*Example: `\/wl stamp/,
    )
    expect(unknown).toMatch(/^There is no command `stmp`\. Did you mean `\/wl help stamp`\?\n\n\*\*Wasteland commands/)
  })

  it('by a bot is ignored', async () => {
    const repo = world.repository('bots')
    const { id, number } = await inReview(world, repo)
    world.gh.user('ci[bot]', { bot: true })
    ada.setRole(repo, 'ci[bot]', 'admin')
    world.gh.as('ci[bot]').comment(repo, number, '/wl stamp quality=5')
    await world.idle()
    expect((await recorded(world, id)).status).toBe('in_review')
    expect(world.said(repo, number)).toHaveLength(1)
  })

  it('of a huge comment is found, and one too tangled to be read holds up nothing', async () => {
    const repo = world.repository('huge')
    const { id, number } = await inReview(world, repo)
    world.gh.as('mia').comment(repo, number, `/wl help\n\n${'>'.repeat(20_000)}${' [x'.repeat(10_000)}`)
    world.gh.as('mia').comment(repo, number, `/wl stamp quality=4\n\n${'It is *well* done, [see](x). '.repeat(1_200)}`)
    await world.idle()
    expect((await recorded(world, id)).status).toBe('completed')
  })

  it('more than twenty in a comment are cut off and said', async () => {
    const repo = world.repository('many')
    const number = openPull(world, repo, 'bob', { body: `Wanted: ${await postItem(world, repo)}` })
    world.gh.as('bob').comment(repo, number, '/wl help\n'.repeat(25))
    await world.idle()
    expect(world.said(repo, number).at(-1)).toContain('A comment may have 20 commands and this one has 25')
  })
})
