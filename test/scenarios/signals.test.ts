import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inReview, OWNER, startWorld, type World } from './world.ts'

describe('how work came about', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  }, 120_000)
  afterAll(() => world.close())

  const status = (repo: string, number: number) => world.said(repo, number)[0]!

  it('is shown: review rounds, pushes after the first review, checks of others, time to merge', async () => {
    const { gh } = world
    const repo = world.repository('life')
    const { number } = await inReview(world, repo)
    expect(status(repo, number)).not.toContain('after the first review')
    gh.as('bob').push(repo, number, { files: { 'src/a.ts': 'before any review\n' } })
    await world.idle()
    gh.as('mia').review(repo, number, { state: 'REQUEST_CHANGES', body: 'Count from one.' })
    await world.idle()
    expect(status(repo, number)).toContain('0 approvals, 1 request for changes · 1 review round · 0 pushes after')
    for (const line of ['two', 'three']) {
      gh.as('bob').push(repo, number, { files: { 'src/a.ts': `${line}\n` } })
      await world.idle()
    }
    const approval = gh.as('mia').review(repo, number, { state: 'APPROVE' })
    await world.idle()
    const sha = gh.pull(repo, number).head.sha
    gh.as(OWNER).addCheckRun(repo, { sha, name: 'test', conclusion: 'success' })
    await world.idle()
    expect(status(repo, number)).toContain(
      '1 approval, 0 requests for changes · 2 review rounds · 2 pushes after the first review · checks 1/1',
    )
    gh.as('mia').dismissReview(repo, number, approval.id)
    await world.idle()
    expect(status(repo, number)).toContain('0 approvals, 0 requests')
    gh.as('mia').merge(repo, number)
    await world.idle()
    expect(status(repo, number)).toContain(' · merged after 1 minute')
  })

  it('counts a push that was not seen when somebody reviewed what it brought', async () => {
    const { gh } = world
    const repo = world.repository('unseen')
    const { number } = await inReview(world, repo)
    gh.as('mia').review(repo, number, { state: 'COMMENT', body: 'Hm.' })
    await world.idle()
    await world.restart(async () => {
      gh.setHookUrl('http://127.0.0.1:9/')
      gh.as('bob').push(repo, number, { files: { 'src/a.ts': 'two\n' } })
      gh.as('mia').review(repo, number, { state: 'COMMENT', body: 'Better.' })
      gh.as('bob').push(repo, number, { files: { 'src/a.ts': 'three\n' } })
      await gh.settled()
    })
    gh.as(OWNER).comment(repo, number, '/wl status')
    await world.idle()
    expect(status(repo, number)).toContain('2 review rounds · 2 pushes after the first review')
  })
})
