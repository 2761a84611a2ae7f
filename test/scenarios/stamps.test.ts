import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  history,
  inReview,
  message,
  openPull,
  OWNER,
  postItem,
  recorded,
  startWorld,
  vouchForRows,
  type World,
} from './world.ts'

describe('a stamp', () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  beforeAll(async () => {
    world = await startWorld()
    ada = world.gh.as(OWNER)
  }, 120_000)
  afterAll(() => world.close())

  const path = (repo: string, number: number) =>
    fetch(`${world.gh.url}/api/v3/repos/${repo}/pulls/${number}/files`, {
      headers: { authorization: `token ${ada.token}` },
    })
      .then((answer) => answer.json() as Promise<{ filename: string }[]>)
      .then((files) => files[0]!.filename)

  const line = '/wl stamp quality=4'
  const ways = {
    'an issue comment': async (repo: string, number: number) => void world.gh.as('mia').comment(repo, number, line),
    'a review comment': async (repo: string, number: number) =>
      void world.gh.as('mia').reviewComment(repo, number, { path: await path(repo, number), line: 1, body: line }),
    'the body of an approval': async (repo: string, number: number) =>
      void world.gh.as('mia').review(repo, number, { state: 'APPROVE', body: `Well done.\r\n\r\n${line}\r\n` }),
    'a reply in a review thread': async (repo: string, number: number) => {
      const first = world.gh
        .as('bob')
        .reviewComment(repo, number, { path: await path(repo, number), line: 1, body: 'ok?' })
      world.gh.as('mia').replyToReviewComment(repo, number, first.id, line)
    },
  }

  it.each(Object.entries(ways))('in %s', async (name, say) => {
    const repo = world.repository(`in-${name.replaceAll(' ', '-')}`)
    const { id, number } = await inReview(world, repo)
    await say(repo, number)
    await world.idle()
    const { status, holder, completions, stamps } = await recorded(world, id)
    expect({ status, holder }).toEqual({ status: 'completed', holder: 'bob' })
    expect(stamps).toHaveLength(1)
    expect(completions[0]).toMatchObject({ stamp_id: stamps[0]!['id'], validated_by: 'mia' })
    expect(stamps[0]).toMatchObject({
      author: 'mia',
      subject: 'bob',
      valence: { quality: 4, reliability: 4 },
      severity: 'leaf',
      context_id: completions[0]!['id'],
      context_type: 'completion',
      stamp_type: 'work',
      skill_tags: ['typescript'],
      message: null,
    })
    expect(stamps[0]!['confidence']).toBeCloseTo(0.7)
    expect(await history(world, id)).toContain(`wl accept: ${id} — mia`)
    expect(world.said(repo, number)).toHaveLength(1)
  })

  it('writes trailers for what the protocol has no column for', async () => {
    const repo = world.repository('trailers')
    const { id, number } = await inReview(world, repo)
    const comment = world.gh.as('mia').comment(repo, number, '/wl stamp quality=4 creativity=2')
    await world.idle()
    const { stamps } = await recorded(world, id)
    const text = await message(world, `wl accept: ${id}`)
    const repositoryId = world.gh.pull(repo, number).base.repo.id
    expect(text).toMatch(/^Delivery: [0-9a-f-]{36}$/m)
    expect(text).toMatch(new RegExp(`^Command: \\S+/issue_comment/${comment.id}/stamp/[0-9a-f]{12}/1$`, 'm'))
    expect(text).toContain(`Sender: mia ${world.gh.as('mia').id}\n`)
    expect(text).toContain(`Authority: github maintain ${repo}#${repositoryId}\n`)
    expect(text).toContain(`Stamp: ${stamps[0]!['id']}\n`)
    expect(text).toContain('Given: quality, creativity\n')
    expect(text).toContain(`Head: ${world.gh.pull(repo, number).head.sha}`)
  })

  it('takes every option, in any order, with smart quotes and prose after it', async () => {
    const repo = world.repository('options')
    const { id, number } = await inReview(world, repo)
    world.gh
      .as('mia')
      .comment(
        repo,
        number,
        'Thanks!\n/WL Stamp severity=Branch message=“Clean \\"code\\", well tested” confidence=0.95 skills=TypeScript,dolt,typescript creativity=5 Quality=3 reliability=2 well done, thank you\nbye',
      )
    await world.idle()
    expect(world.said(repo, number).at(-1)).toContain(
      'Not kept: `well done, thank you`; only what stands in the quotes of `message` is kept.',
    )
    const { stamps } = await recorded(world, id)
    expect(stamps[0]).toMatchObject({
      valence: { quality: 3, reliability: 2, creativity: 5 },
      severity: 'branch',
      skill_tags: ['typescript', 'dolt'],
      message: 'Clean "code", well tested',
    })
    expect(stamps[0]!['confidence']).toBeCloseTo(0.95)
    expect(await message(world, `wl accept: ${id}`)).toContain(
      'Given: quality, reliability, creativity, confidence, severity\n',
    )
  })

  it('the owner may, and trust level 3 without any role', async () => {
    const repo = world.repository('trust')
    const first = await inReview(world, repo)
    ada.comment(repo, first.number, line)
    await world.idle()
    expect(await message(world, `wl accept: ${first.id}`)).toContain(`Authority: github admin ${repo}#`)
    const second = await inReview(world, repo)
    const third = openPull(world, repo, 'trudy', { body: `Wanted: ${second.id}` })
    await world.idle()
    world.gh.as('trudy').comment(repo, second.number, line)
    await world.idle()
    expect((await recorded(world, second.id)).status).toBe('in_review')
    world.gh.as('trudy').close(repo, third)
    const other = openPull(world, repo, 'trudy', { body: `Wanted: ${await postItem(world, repo)}` })
    await world.idle()
    expect(world.said(repo, other)[0]).toContain('In review')
    await world.sql(`UPDATE rigs SET trust_level = 3 WHERE handle = 'trudy'`)
    await vouchForRows(world)
    world.gh.as('trudy').comment(repo, second.number, line)
    await world.idle()
    expect(await recorded(world, second.id)).toMatchObject({ status: 'completed', stamps: [{ author: 'trudy' }] })
    expect(await message(world, `wl accept: ${second.id}`)).toContain('Authority: trust 3\n')
  })

  it('of a custom role that builds on maintain', async () => {
    const repo = world.repository('custom')
    world.gh.user('cleo')
    world.gh.repository(repo)
    ada.setRole(repo, 'cleo', { name: 'release captain', base: 'maintain' })
    const { id, number } = await inReview(world, repo)
    world.gh.as('cleo').comment(repo, number, line)
    await world.idle()
    expect((await recorded(world, id)).status).toBe('completed')
  })

  it('a second by the same author is refused, one by another validator stands beside it', async () => {
    const repo = world.repository('second')
    const { id, number } = await inReview(world, repo)
    world.gh.as('mia').comment(repo, number, `${line}\n/wl stamp quality=5`)
    await world.idle()
    const first = await recorded(world, id)
    expect(first.stamps).toHaveLength(1)
    expect(world.said(repo, number).at(-1)).toContain('You have stamped this work already')
    world.gh.as('mia').comment(repo, number, '/wl stamp quality=1')
    await world.idle()
    expect((await recorded(world, id)).stamps).toEqual(first.stamps)
    ada.comment(repo, number, '/wl stamp quality=2')
    await world.idle()
    const both = await recorded(world, id)
    expect(both.completions).toEqual(first.completions)
    expect(both.stamps.map((stamp) => stamp['author'])).toEqual(['mia', 'ada'])
    expect(world.said(repo, number)[0]).toMatch(
      /Stamped by `mia`: quality 4, reliability 4 \(as quality\), no creativity; confidence 0\.7 \(default\), severity leaf \(default\); skills `typescript`\n- Stamped by `ada`: quality 2/,
    )
  })

  it('is a link of its subject’s passbook', async () => {
    const repo = world.repository('passbook')
    for (const title of ['One', 'Two', 'Three']) {
      const { number } = await inReview(world, repo, 'pat', title)
      world.gh.as('mia').comment(repo, number, line)
      await world.idle()
    }
    const stamps = await world.sql(`SELECT * FROM stamps WHERE subject = 'pat' ORDER BY stamp_index`)
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
    expect(stamps.map((stamp) => stamp['stamp_index'])).toEqual([0, 1, 2])
    expect(stamps.map((stamp) => stamp['prev_stamp_hash'])).toEqual([
      null,
      ...stamps.slice(0, 2).map((stamp) => sha256(stamp['id'])),
    ])
  })
})
