import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectSound, say } from './sound.ts'
import { history, inReview, message, OWNER, postItem, recorded, startWorld, type World } from './world.ts'

describe('a co-author', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  }, 120_000)
  afterAll(() => world.close())

  /** A pull request of `login` with a commit of each of the others. */
  async function together(repo: string, login: string, ...others: string[]) {
    const id = await postItem(world, repo)
    for (const one of [login, ...others]) world.gh.user(one)
    const commits = [login, ...others].map((author) => ({ files: { [`src/${author}.ts`]: 'x\n' }, author }))
    const { number } = world.gh
      .as(login)
      .openPullRequest({ repo, title: 'x', head: 'both', body: `Wanted: ${id}`, commits })
    await world.idle()
    return { id, number }
  }
  const split = async (id: string) => {
    const { status, completions, stamps } = await recorded(world, id)
    const parent = completions.find((row) => row['parent_completion_id'] === null)!
    const children = completions.filter((row) => row['parent_completion_id'] !== null)
    return { status, parent, children, stamps }
  }

  it('gets a completion of their own, which completes nothing; the author’s stamp does', async () => {
    const repo = world.repository('both')
    const { id, number } = await together(repo, 'pia', 'Quinn')
    await say(world, repo, number, 'mia', '/wl stamp @quinn quality=3 skills=css')
    const first = await split(id)
    expect(first.status).toBe('in_review')
    expect(first.parent['stamp_id']).toBeNull()
    const [child] = first.children
    expect(child).toMatchObject({
      wanted_id: id,
      completed_by: 'quinn',
      parent_completion_id: first.parent['id'],
      evidence: first.parent['evidence'],
      stamp_id: first.stamps[0]!['id'],
      validated_by: 'mia',
      hop_uri: `entity://${new URL(world.gh.url).host}/Quinn/${world.gh.as('Quinn').id}`,
    })
    expect(String(child!['id']) > String(first.parent['id'])).toBe(true)
    expect(first.stamps).toMatchObject([{ author: 'mia', subject: 'quinn', context_id: child!['id'], stamp_index: 0 }])
    expect(world.said(repo, number)[0]).toMatch(
      /\*\*In review\*\*.*\n- Share of `quinn`: stamped by `mia`: quality 3, reliability 3 \(as quality\), no creativity; confidence 0\.7 \(default\), severity leaf \(default\); skills `css`/,
    )
    expect(world.said(repo, number)[0]).toMatch(/Recorded for the rigs `pia`, `mia`, `quinn`/)
    expect(await message(world, 'Register rig: quinn')).toContain(`Sender: mia ${world.gh.as('mia').id}`)
    await say(world, repo, number, 'mia', '/wl stamp quality=4')
    const second = await split(id)
    expect(second.status).toBe('completed')
    expect(second.parent).toMatchObject({ completed_by: 'pia', validated_by: 'mia' })
    expect(second.children).toEqual(first.children)
    expect((await history(world, id)).slice(1)).toEqual([
      `wl claim: ${id} — pia`,
      `wl done: ${id} — pia`,
      `wl accept: ${id} — mia`,
      `wl accept: ${id} — mia`,
    ])
    const registered = await world.sql(`SELECT * FROM dolt_log WHERE message LIKE 'Register rig: quinn%'`)
    expect(registered[0]!['author'] ?? registered[0]!['committer']).toBe('Quinn')
    await expectSound(world)
  })

  it('several people in one comment are several commands; naming the author is the normal stamp', async () => {
    const repo = world.repository('several')
    const { id, number } = await together(repo, 'sam', 'tess', 'ugo')
    await say(
      world,
      repo,
      number,
      'mia',
      '/wl stamp @Sam quality=4\n/wl stamp @tess quality=3\n/wl stamp @ugo quality=2\n/wl stamp @tess quality=1',
    )
    const { status, parent, children, stamps } = await split(id)
    expect(status).toBe('completed')
    expect(parent).toMatchObject({ completed_by: 'sam', validated_by: 'mia' })
    expect(children.map((row) => String(row['completed_by'])).toSorted()).toEqual(['tess', 'ugo'])
    for (const child of children) expect(String(child['id']) > String(parent['id'])).toBe(true)
    expect(stamps.map((row) => String(row['subject'])).toSorted()).toEqual(['sam', 'tess', 'ugo'])
    expect(world.said(repo, number).at(-1)).toContain('You have stamped this work already')
    await expectSound(world)
  })

  it('by the id of their completion: stamped again, corrected, taken back with it when it was the only one', async () => {
    const repo = world.repository('by-id')
    const { id, number } = await together(repo, 'vera', 'walt')
    await say(world, repo, number, 'mia', '/wl stamp @walt quality=3')
    const [child] = (await split(id)).children
    await say(world, repo, number, OWNER, `/wl stamp ${child!['id']} quality=5`)
    expect(await say(world, repo, number, OWNER, `/wl stamp @vera ${child!['id']} quality=5`)).toContain(
      'is the work of `walt` and not of `@vera`',
    )
    expect(await say(world, repo, number, 'mia', `/wl reject ${child!['id']} reason=No`)).toContain(
      'cannot be rejected by itself',
    )
    expect((await split(id)).stamps).toHaveLength(2)
    expect(await say(world, repo, number, OWNER, '/wl correct quality=4 reason="Too much"')).toContain('Corrected')
    await say(world, repo, number, OWNER, '/wl undo')
    await say(world, repo, number, OWNER, '/wl undo')
    expect((await split(id)).children).toMatchObject([{ validated_by: 'mia' }])
    await say(world, repo, number, 'mia', '/wl undo')
    expect(await split(id)).toMatchObject({ status: 'in_review', children: [], stamps: [] })
    expect((await history(world, id)).at(-1)).toBe(`wl undo: ${id} — mia`)
    await say(world, repo, number, 'mia', '/wl stamp @walt quality=3\n/wl stamp @vera quality=3')
    expect(await say(world, repo, number, 'mia', '/wl undo')).toMatch(
      /You gave several stamps here: .*Name one: `\/wl undo s-/,
    )
    expect(await say(world, repo, number, 'mia', '/wl correct quality=1 reason=x')).toMatch(
      /Name one: `\/wl correct s-\w+ quality=… reason="…"`/,
    )
    await expectSound(world)
  })

  it('who wrote no commit, declined, is unknown, is the validator or is asked for by a stranger is refused, by name', async () => {
    const repo = world.repository('refused')
    const { id, number } = await together(repo, 'xena', 'yuri', 'zoe')
    world.gh.user('nobody-here')
    expect(await say(world, repo, number, 'mia', '/wl stamp @nobody-here quality=4')).toContain(
      '`@nobody-here` wrote none of the commits',
    )
    expect(await say(world, repo, number, 'mia', '/wl stamp @gone-for-good quality=4')).toContain(
      'GitHub knows no `@gone-for-good`',
    )
    expect(await say(world, repo, number, 'mia', '/wl stamp @b@d quality=4')).toContain('expected a GitHub login')
    expect(await say(world, repo, number, 'mia', '/wl stamp w-00000000aa @yuri quality=4')).toContain(
      'is not an item of this pull request',
    )
    await say(world, repo, number, 'zoe', '/wl decline confirm')
    expect(await say(world, repo, number, 'mia', '/wl stamp @zoe quality=4')).toContain('`@zoe` declined to take part')
    expect(await say(world, repo, number, 'eve', '/wl stamp @yuri quality=4')).toMatch(/Only people with .* may stamp/)
    await inReview(world, repo, 'eve')
    expect(await say(world, repo, number, 'eve', '/wl stamp @yuri quality=4')).toMatch(/Only people with .* may stamp/)
    world.gh.as(OWNER).setRole(repo, 'yuri', 'maintain')
    expect(await say(world, repo, number, 'yuri', '/wl stamp @yuri quality=4')).toContain(
      'Nobody stamps their own work',
    )
    expect(await split(id)).toMatchObject({ status: 'in_review', children: [], stamps: [] })
    expect(await world.sql(`SELECT handle FROM rigs WHERE handle IN ('nobody-here', 'zoe')`)).toEqual([])
  })

  it('is who commits in GitHub’s editor under the title of a suggestion, and who puts lines into a merge', async () => {
    const repo = world.repository('editor')
    const { id, number } = await inReview(world, repo, 'rex')
    const lines = (text: string) => `${text}\n`.repeat(40)
    world.gh.as('rex').push(repo, number, { files: { 'src/s.ts': lines('s') } })
    // A suggestion is there, and it is no part of what mia commits in its name.
    world.gh.as('rex').reviewComment(repo, number, { path: 'src/s.ts', line: 1, body: '```suggestion\nS\n```' })
    const trailer = (name: string, address: string) =>
      `Apply suggestions from code review\n\nCo-authored-by: ${name} <${address}>`
    const invented = { files: { 'src/m.ts': lines('m') }, message: trailer('Max', 'max@example.org'), onPage: true }
    const rex = `${world.gh.as('rex').id}+rex@users.noreply.github.com`
    const borrowed = { files: { 'src/n.ts': lines('n') }, message: trailer('rex', rex), onPage: true }
    for (const commit of [invented, borrowed]) {
      const sha = world.gh.as('mia').push(repo, number, commit)
      await world.idle()
      expect((await split(id)).parent['evidence']).toContain(' by=rex,mia reviews=')
      const said = await say(world, repo, number, 'mia', '/wl stamp quality=5')
      expect(said).toMatch(
        new RegExp(`helped to write .*commit \`${sha.slice(0, 10)}\` is yours, and your commits are at`),
      )
      world.gh.as('rex').forcePush(repo, number, { files: { 'src/s.ts': lines('s') } })
      await world.idle()
    }
    const base = world.gh.as(OWNER).writeFile(repo, 'src/base.ts', lines('base'))
    const merged = { merges: base, message: 'Merge branch main' }
    const evil = world.gh.as('mia').push(repo, number, { ...merged, files: { 'src/m.ts': lines('m') } })
    await world.idle()
    expect(await say(world, repo, number, 'mia', '/wl stamp quality=5')).toContain(
      `commit \`${evil.slice(0, 10)}\` is yours`,
    )
    world.gh.as('rex').forcePush(repo, number, { files: { 'src/s.ts': lines('s') } })
    await world.idle()
    expect((await split(id)).stamps).toEqual([])
    const later = world.gh.as(OWNER).writeFile(repo, 'src/later.ts', lines('later'))
    world.gh.as('mia').push(repo, number, { merges: later, message: 'Merge branch main' })
    await world.idle()
    await say(world, repo, number, 'mia', '/wl stamp quality=4')
    expect((await split(id)).stamps).toMatchObject([{ author: 'mia', subject: 'rex' }])
    await expectSound(world)
  })
})
