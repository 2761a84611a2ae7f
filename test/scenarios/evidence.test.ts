import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectSound } from './sound.ts'
import { inReview, openPull, OWNER, postItem, recorded, type Row, startWorld, type World } from './world.ts'

const GRAMMAR =
  /^https?:\/\/\S+\/pull\/\d+ head=[0-9a-f]{40}( merge=[0-9a-f]{40})? tree=[0-9a-f]{40} commits=\d+ by=[\w,[\]-]+( agents=[a-z0-9,-]+)?( suggested=[\w,[\]-]+)?( unknown=\d+)? reviews=\d+\/\d+ rounds=\d+( checks=\d+\/\d+)?$/

describe('evidence', () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  beforeAll(async () => {
    world = await startWorld()
    ada = world.gh.as(OWNER)
  }, 120_000)
  afterAll(() => world.close())

  async function evidenceOf(id: string): Promise<string> {
    const { completions } = await recorded(world, id)
    expect(completions).toHaveLength(1)
    expect(completions[0]!['evidence']).toMatch(GRAMMAR)
    const [item] = await world.sql('SELECT evidence_url FROM wanted WHERE id = ?', [id])
    expect(item!['evidence_url']).toBe(completions[0]!['evidence'])
    return completions[0]!['evidence']
  }

  const get = async (path: string): Promise<Row> => {
    const headers = { authorization: `token ${ada.token}` }
    const answer = await fetch(`${world.gh.url}/api/v3${path}`, { headers })
    return (await answer.json()) as Row
  }

  it('of a fresh pull request: no merge, no checks, nobody’s review', async () => {
    const repo = world.repository('fresh')
    const { id, number } = await inReview(world, repo)
    const { head, html_url: url } = world.gh.pull(repo, number)
    const commit = await get(`/repos/${repo}/commits/${head.sha}`)
    expect(await evidenceOf(id)).toBe(
      `${url} head=${head.sha} tree=${commit['commit'].tree.sha} commits=1 by=bob reviews=0/0 rounds=0`,
    )
  })

  it.each(['merge', 'squash', 'rebase'] as const)(
    'of one merged by %s has the merge that GitHub names',
    async (method) => {
      const repo = world.repository(`by-${method}`)
      const { id, number } = await inReview(world, repo)
      const merge = ada.merge(repo, number, method)
      await world.idle()
      expect(await evidenceOf(id)).toContain(` merge=${merge} `)
    },
  )

  it('counts reviewers by their latest verdict, rounds by the heads reviewed, and never the author', async () => {
    const repo = world.repository('reviews')
    world.gh.user('rae')
    const { id, number } = await inReview(world, repo)
    world.gh.as('mia').review(repo, number, { state: 'REQUEST_CHANGES', body: 'no' })
    world.gh.as('rae').review(repo, number, { state: 'REQUEST_CHANGES', body: 'no' })
    world.gh.as('bob').review(repo, number, { state: 'COMMENT', body: 'why' })
    world.gh.as('bob').push(repo, number, { files: { 'src/2.ts': '2\n' } })
    world.gh.as('mia').review(repo, number, { state: 'APPROVE' })
    world.gh.as('bob').push(repo, number, { files: { 'src/3.ts': '3\n' } })
    await world.idle()
    expect(await evidenceOf(id)).toContain(' commits=3 by=bob reviews=1/1 rounds=2')
  })

  it('a dismissed review is no verdict', async () => {
    const repo = world.repository('dismissed')
    const { id, number } = await inReview(world, repo)
    const review = world.gh.as('mia').review(repo, number, { state: 'REQUEST_CHANGES', body: 'no' })
    ada.dismissReview(repo, number, review.id)
    world.gh.as('bob').push(repo, number, { files: { 'src/2.ts': '2\n' } })
    await world.idle()
    expect(await evidenceOf(id)).toContain(' reviews=0/0 rounds=1')
  })

  it('counts check runs of the head, the newest of each name', async () => {
    const repo = world.repository('checks')
    const id = await postItem(world, repo)
    const number = openPull(world, repo, 'bob', { body: `Wanted: ${id}`, draft: true })
    const sha: string = world.gh.pull(repo, number).head.sha
    ada.addCheckRun(repo, { sha, name: 'test', conclusion: 'failure' })
    ada.addCheckRun(repo, { sha, name: 'test', conclusion: 'success' })
    ada.addCheckRun(repo, { sha, name: 'lint', conclusion: 'failure' })
    ada.addCheckRun(repo, { sha, name: 'docs', conclusion: 'neutral' })
    ada.addCheckRun(repo, { sha, name: 'slow', conclusion: null })
    world.gh.as('bob').readyForReview(repo, number)
    await world.idle()
    expect(await evidenceOf(id)).toMatch(/ checks=2\/4$/)
    expect(world.said(repo, number)[0]).toContain('checks 2/4')
  })

  it('counts commit statuses too', async () => {
    const repo = world.repository('statuses')
    const id = await postItem(world, repo)
    const number = openPull(world, repo, 'bob', { body: `Wanted: ${id}`, draft: true })
    await world.idle()
    const sha: string = world.gh.pull(repo, number).head.sha
    for (const state of ['success', 'failure', 'pending'] as const) ada.addStatus(repo, { sha, context: state, state })
    world.gh.as('bob').readyForReview(repo, number)
    await world.idle()
    expect(await evidenceOf(id)).toMatch(/ checks=1\/3$/)
  })

  it('names the accounts that GitHub resolves, the author of the pull request first; an unlinked address is nobody', async () => {
    const repo = world.repository('authors')
    world.gh.user('zoe', { emails: ['zoe@example.org'] })
    world.gh.user('amy')
    const id = await postItem(world, repo)
    world.gh.user('bob')
    const { number } = world.gh.as('bob').openPullRequest({
      repo,
      title: 'Several',
      head: 'several',
      body: `Wanted: ${id}`,
      commits: [
        { files: { a: 'a\n' }, author: { name: 'Zoe', email: 'zoe@example.org' } },
        { files: { b: 'b\nb\n' }, author: { name: 'mia', email: 'not-mia@example.org' } },
        {
          files: { c: 'c\n' },
          author: 'amy',
          message: 'With help\n\nCo-authored-by: mia <mia@users.noreply.github.com>',
        },
        { files: { d: 'd\n' } },
      ],
    })
    await world.idle()
    expect(await evidenceOf(id)).toContain(' commits=4 by=bob,zoe,amy unknown=2 reviews=')
    expect(world.said(repo, number)[0]).toContain('by `bob`, `zoe`, `amy` · 2 lines by addresses of no account ·')
    // Anybody may have such an address, so it bars nobody.
    expect(world.said(repo, number)[0]).not.toContain('not-mia')
  })

  it('lists the agents that trailers name, by the names of the settings, and never an address', async () => {
    const repo = world.repository('trailers')
    ada.writeFile(repo, '.github/wasteland.yml', 'trailers:\n  house-bot: House@Example.org\n')
    const id = await postItem(world, repo)
    const by = (...trailers: string[]) => `Work\n\n${trailers.map((one) => `Co-authored-by: ${one}`).join('\n')}`
    const { number } = world.gh.as('bob').openPullRequest({
      repo,
      title: 'Helped',
      head: 'helped',
      body: `Wanted: ${id}`,
      commits: [
        { files: { a: 'a\n' }, message: by('The House <house@example.ORG>', 'Somebody <somebody@example.org>') },
        { files: { b: 'b\n' }, message: by('Claude Opus 9 <noreply@anthropic.com>') },
        { files: { c: 'c\n' }, message: `${by('Cursor <cursoragent@cursor.com>')}\n\nNo trailer, then.` },
      ],
    })
    await world.idle()
    expect(await evidenceOf(id)).toContain(' commits=3 by=bob agents=claude,house-bot reviews=')
    expect(world.said(repo, number)[0]).toContain('by `bob` · with the agents `claude`, `house-bot` ·')
    world.gh.as('mia').comment(repo, number, '/wl stamp quality=4')
    await world.idle()
    expect(await evidenceOf(id)).toContain(' by=bob agents=claude,house-bot reviews=')
    const { completions, stamps } = await recorded(world, id)
    expect([completions[0]!['completed_by'], stamps.map((stamp) => stamp['subject'])]).toEqual(['bob', ['bob']])
    await expectSound(world)
    const rows = await world.sql('SELECT message AS text FROM dolt_log UNION SELECT handle FROM rigs')
    const written = [...rows.map((row) => row['text']), ...world.said(repo, number), ...world.log].join('\n')
    expect(written).not.toMatch(/house@|somebody@|noreply@anthropic|cursoragent@/i)
  })

  it('lists apart whose suggestions were accepted, and neither them nor who accepted as authors', async () => {
    const repo = world.repository('suggested')
    world.gh.user('rae')
    ada.setRole(repo, 'rae', 'maintain')
    const { id, number } = await inReview(world, repo)
    const lines = (text: string) => `${text}\n`.repeat(40)
    world.gh.as('bob').push(repo, number, { files: { 'src/s.ts': lines('s'), 'src/t.ts': lines('t') } })
    const suggest = (login: string, path: string, text: string) =>
      world.gh.as(login).reviewComment(repo, number, {
        path,
        startLine: 1,
        line: 40,
        body: `So:\n\`\`\`suggestion\n${lines(text)}\`\`\``,
      }).id
    world.gh
      .as('mia')
      .acceptSuggestions(repo, number, [suggest('rae', 'src/s.ts', 'S'), suggest('bob', 'src/t.ts', 'T')])
    world.gh.as('bob').push(repo, number, {
      files: { 'src/u.ts': 'u\n' },
      message: 'Apply suggestions from code review\n\nCo-authored-by: Unlinked <unlinked@example.org>',
      onPage: true,
    })
    await world.idle()
    expect(await evidenceOf(id)).toContain(' commits=4 by=bob suggested=rae reviews=')
    expect(world.said(repo, number)[0]).toContain('by `bob` · suggestions of `rae` ·')
    // Neither the one nor the other wrote the work, so both may judge it.
    world.gh.as('mia').comment(repo, number, '/wl stamp quality=4')
    world.gh.as('rae').comment(repo, number, '/wl stamp quality=3')
    await world.idle()
    expect((await recorded(world, id)).stamps.map((stamp) => stamp['author'])).toEqual(['mia', 'rae'])
  })

  it('follows a force push, and is frozen by the stamp', async () => {
    const repo = world.repository('forced')
    const { id, number } = await inReview(world, repo)
    const head = world.gh.as('bob').forcePush(repo, number, { files: { 'src/x.ts': 'x\n' } })
    await world.idle()
    const before = await evidenceOf(id)
    expect(before).toContain(` head=${head} `)
    world.gh.as('mia').comment(repo, number, '/wl stamp quality=4')
    await world.idle()
    world.gh.as('bob').push(repo, number, { files: { 'src/y.ts': 'y\n' } })
    await world.idle()
    expect(await evidenceOf(id)).toBe(before)
  })

  it('is brought up to date by the stamp itself', async () => {
    const repo = world.repository('at-stamp')
    const { id, number } = await inReview(world, repo)
    const sha: string = world.gh.pull(repo, number).head.sha
    ada.addCheckRun(repo, { sha, name: 'test', conclusion: 'success' })
    world.gh.as('mia').review(repo, number, { state: 'APPROVE', body: '/wl stamp quality=4' })
    await world.idle()
    expect(await evidenceOf(id)).toMatch(/ reviews=1\/0 rounds=1 checks=1\/1$/)
  })

  it('does not wait for checks that the App may not read', async () => {
    const repo = world.repository('no-checks')
    const ends = [
      world.gh.fault({ path: /\/(check-runs|status)/, status: 403, times: 50 }),
      world.gh.fault({ path: /^\/graphql$/, field: 'statusCheckRollup', times: 50 }),
    ]
    const { id } = await inReview(world, repo)
    for (const end of ends) end()
    expect(await evidenceOf(id)).toMatch(/ rounds=0$/)
  })
})
