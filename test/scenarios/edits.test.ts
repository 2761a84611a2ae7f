import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inReview, openPull, OWNER, postItem, recorded, startWorld, type World } from './world.ts'

describe('a comment of commands', () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  let mia: ReturnType<World['gh']['as']>
  beforeAll(async () => {
    world = await startWorld()
    ada = world.gh.as(OWNER)
    mia = world.gh.as('mia')
  }, 120_000)
  afterAll(() => world.close())

  const reactions = (comment: { id: number }) => world.gh.reactions(comment.id).map(({ content }) => content)
  const head = async () => (await world.sql("SELECT DOLT_HASHOF('HEAD') AS head"))[0]!['head']

  it('runs each, answers each in one reply, and a fault in one hides no other', async () => {
    const repo = world.repository('each')
    const { id, number } = await inReview(world, repo)
    const comment = mia.comment(
      repo,
      number,
      'Thanks!\n/wl nonsense\n\n/wl stamp quality=4\n> /wl stamp quality=1\n\n/wl sheet @bob\n/wl help stamp',
    )
    await world.idle()
    expect((await recorded(world, id)).stamps).toMatchObject([{ valence: { quality: 4 } }])
    const answers = world.said(repo, number)[1]!.split('\n\n---\n\n')
    expect(answers).toEqual([
      expect.stringContaining('no command `nonsense`'),
      expect.stringContaining('**`bob`**: registered'),
      expect.stringContaining('**`/wl stamp '),
    ])
    expect(answers[1]).toContain('1 validated')
    expect(reactions(comment)).toEqual(['confused'])
  })

  it('that its author edits runs only what is new', async () => {
    const repo = world.repository('new-lines')
    const { id, number } = await inReview(world, repo, 'kim')
    const comment = mia.comment(repo, number, '/wl sheet\n/wl stmp quality=4')
    await world.idle()
    expect(world.said(repo, number)[1]).toContain('Did you mean `/wl stamp quality=4`')
    mia.editComment(repo, comment.id, 'Now:\n\n/wl sheet\n/wl stamp quality=4')
    await world.idle()
    expect((await recorded(world, id)).stamps).toHaveLength(1)
    const before = await head()
    mia.editComment(repo, comment.id, 'Now, once more:\n\n/wl stamp quality=4\n/wl sheet\n/wl sheet @kim')
    await world.idle()
    expect(world.said(repo, number)).toHaveLength(2)
    expect(world.said(repo, number)[1]).toMatch(/^\*\*`kim`\*\*/)
    expect(await head()).toBe(before)
  })

  it.each(['comment', 'review comment', 'review'] as const)(
    'that its author mends loses our confused reaction once no line is wrong, and keeps everybody else’s: a %s',
    async (kind) => {
      const repo = world.repository(`mended-${kind.replace(' ', '-')}`)
      const id = await postItem(world, repo)
      const at = { path: 'src/ken.ts', line: 1 }
      const number = openPull(world, repo, 'ken', { body: `Wanted: ${id}`, file: at.path })
      await world.idle()
      const wrong = '/wl stmp quality=4\n/wl sheeet'
      const comment =
        kind === 'comment'
          ? mia.comment(repo, number, wrong)
          : kind === 'review'
            ? mia.review(repo, number, { state: 'COMMENT', body: wrong })
            : mia.reviewComment(repo, number, { ...at, body: wrong })
      const target =
        kind === 'comment'
          ? { comment: comment.id }
          : kind === 'review'
            ? { pull: number, review: comment.id }
            : { reviewComment: comment.id }
      const edit = async (text: string) => {
        if (kind === 'comment') mia.editComment(repo, comment.id, text)
        else if (kind === 'review') mia.editReview(repo, number, comment.id, text)
        else mia.editReviewComment(repo, comment.id, text)
        await world.idle()
      }
      ada.react(repo, target, 'confused')
      await world.idle()
      expect(reactions(comment)).toEqual(['confused', 'confused'])
      await edit('/wl stamp quality=4\n/wl sheeet')
      expect((await recorded(world, id)).stamps).toHaveLength(1)
      expect(reactions(comment)).toEqual(['confused', 'confused', '+1'])
      await edit('/wl stamp quality=4\n/wl sheet')
      expect(world.gh.reactions(comment.id)).toEqual([
        { content: 'confused', user: OWNER },
        { content: '+1', user: `${world.gh.app.slug}[bot]` },
      ])
      await world.gh.redeliverAll()
      await edit('/wl stamp quality=4\n/wl sheet\n/wl board')
      expect(reactions(comment)).toEqual(['confused', '+1'])
    },
  )

  it('that its author mends is answered also when our reaction to it is gone', async () => {
    const repo = world.repository('unmended')
    const { id, number } = await inReview(world, repo, 'kit')
    const comment = mia.comment(repo, number, '/wl stmp quality=4')
    await world.idle()
    world.gh.fault({ method: 'DELETE', path: /\/reactions\//, status: 404 })
    mia.editComment(repo, comment.id, '/wl stamp quality=4')
    await world.idle()
    expect((await recorded(world, id)).stamps).toHaveLength(1)
    expect(world.said(repo, number)[1]).toMatch(/^Done: `\/wl /)
    expect(reactions(comment)).toEqual(['confused', '+1'])
  })

  it('whose stamp is changed says how to correct, and the stamp stays', async () => {
    const repo = world.repository('changed')
    const { id, number } = await inReview(world, repo, 'lou')
    const comment = mia.comment(repo, number, '/wl stamp quality=4')
    await world.idle()
    mia.editComment(repo, comment.id, '/wl stamp quality=1')
    await world.idle()
    expect((await recorded(world, id)).stamps).toMatchObject([{ valence: { quality: 4 } }])
    expect(world.said(repo, number).at(-1)).toMatch(/a stamp is final.*`\/wl correct .*`/)
    expect(reactions(comment)).toEqual(expect.arrayContaining(['+1', 'confused']))
  })

  it('that somebody else edits runs nothing, then or when its author edits the rest', async () => {
    const repo = world.repository('others')
    const { id, number } = await inReview(world, repo, 'max')
    const comment = mia.comment(repo, number, 'Looks good.')
    const before = await head()
    ada.editComment(repo, comment.id, 'Looks good.\n\n/wl stamp quality=5')
    await world.idle()
    mia.editComment(repo, comment.id, 'Looks very good.\n\n/wl stamp quality=5')
    await world.idle()
    expect((await recorded(world, id)).status).toBe('in_review')
    expect(world.said(repo, number)).toHaveLength(1)
    expect(reactions(comment)).toEqual([])
    expect(await head()).toBe(before)
  })

  it('that somebody else edits does not run, nor runs later, what their edit hid in it', async () => {
    const repo = world.repository('hidden')
    const { id, number } = await inReview(world, repo, 'ivo')
    const [fence, html] = [1, 2].map(() => mia.comment(repo, number, 'Looks good.'))
    const review = mia.review(repo, number, { state: 'COMMENT', body: 'Why?' })
    const before = await head()
    ada.editComment(repo, fence!.id, 'Looks good.\n```\n/wl stamp quality=5\n')
    ada.editComment(repo, html!.id, 'Looks good.\n\n<!--\n/wl reject reason="No"\n-->')
    ada.editReview(repo, number, review.id, 'Why?\n\n> /wl stamp quality=5')
    await world.idle()
    // Her next edit of each uncovers it; of one, after an edit that left it hidden.
    mia.editComment(repo, fence!.id, 'Looks very good.\n```\n/wl stamp quality=5\n')
    mia.editComment(repo, fence!.id, 'Looks very good.\n\n/wl stamp quality=5\n')
    mia.editComment(repo, html!.id, 'Looks good.\n\n/wl reject reason="No"\n')
    mia.editReview(repo, number, review.id, 'Why?\n\n/wl stamp quality=5')
    await world.idle()
    expect(await recorded(world, id)).toMatchObject({ status: 'in_review', stamps: [] })
    expect(await head()).toBe(before)
    const said = world.said(repo, number).filter((text) => text.includes('Somebody else edited this comment'))
    expect(said).toHaveLength(3)
    expect(said[0]).toContain('`/wl stamp quality=5`. They did not run')
    expect(reactions(fence!)).toEqual(['confused'])
  })

  it.each([
    ['with a status', { status: 403, body: { message: 'Resource not accessible by integration' } }],
    ['with an error of a type', { status: 200, body: { data: null, errors: [{ type: 'FORBIDDEN', message: 'No.' }] } }],
    [
      'with an error of none',
      { status: 200, body: { data: null, errors: [{ message: 'The conversation is locked.' }] } },
    ],
  ])('of a review is no less run where GitHub refuses the reaction %s', async (how, answer) => {
    const repo = world.repository(`refused-reaction-${how.replaceAll(' ', '-')}`)
    const { id, number } = await inReview(world, repo, 'lea')
    const end = world.gh.fault({ path: /\/graphql$/, asking: 'addReaction', times: 100, ...answer })
    const review = mia.review(repo, number, { state: 'APPROVE', body: '/wl stamp quality=4' })
    await world.idle()
    end()
    expect((await recorded(world, id)).stamps).toMatchObject([{ author: 'mia', valence: { quality: 4 } }])
    expect(world.said(repo, number)[0]).toContain('**Completed**')
    expect(reactions(review)).toEqual([])
  })

  it('that somebody else edited runs what its author writes into it then', async () => {
    const repo = world.repository('mended-by-others')
    const { id, number } = await inReview(world, repo, 'joe')
    const comment = mia.comment(repo, number, 'Loks good.')
    ada.editComment(repo, comment.id, 'Looks good.\n\n<!-- /wl reject reason="No" -->')
    mia.editComment(repo, comment.id, 'Looks good.\n\n/wl stamp quality=4')
    await world.idle()
    expect((await recorded(world, id)).stamps).toMatchObject([{ author: 'mia', valence: { quality: 4 } }])
    expect(reactions(comment)).toEqual(['+1'])
  })

  it('that is deleted takes back no stamp, and is not answered', async () => {
    const repo = world.repository('deleted')
    const { id, number } = await inReview(world, repo, 'ned')
    const comment = mia.comment(repo, number, '/wl stamp quality=4')
    await world.idle()
    const [before, said, replies] = [await head(), await recorded(world, id), world.said(repo, number)]
    expect(said.status).toBe('completed')
    mia.deleteComment(repo, comment.id)
    await world.idle()
    expect(
      world.gh.deliveries.some(({ event, payload }) => event === 'issue_comment' && payload.action === 'deleted'),
    ).toBe(true)
    expect(await head()).toBe(before)
    expect(await recorded(world, id)).toEqual(said)
    expect(world.said(repo, number)).toEqual(replies)
  })

  it('that was deleted before it was read is still heard once', async () => {
    const repo = world.repository('gone')
    const { id, number } = await inReview(world, repo, 'oli')
    const comment = mia.comment(repo, number, '/wl stamp quality=4')
    mia.deleteComment(repo, comment.id)
    await world.idle()
    expect((await recorded(world, id)).stamps).toHaveLength(1)
  })

  it('with more than twenty runs the first twenty and says so', async () => {
    const repo = world.repository('twenty')
    const { id, number } = await inReview(world, repo, 'pia')
    mia.comment(repo, number, `${'/wl sheet @pia\n'.repeat(20)}/wl stamp quality=4`)
    await world.idle()
    expect((await recorded(world, id)).stamps).toEqual([])
    const answers = world.said(repo, number).at(-1)!.split('\n\n---\n\n')
    expect(answers).toHaveLength(21)
    expect(answers.at(-1)).toContain('A comment may have 20 commands and this one has 21: the rest did not run')
  })
})
