import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { say } from './talk.ts'
import { inReview, startWorld, type World } from './world.ts'

const STATUS = 'updateIssueComment, updateCheckRun, addReaction'

describe('the status of a pull request', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
    world.gh.user('octocat')
  }, 120_000)
  afterAll(() => world.close())

  /** What is written to a repository by this, in order. */
  async function writtenBy(act: () => Promise<unknown>): Promise<string[]> {
    const seen: string[] = []
    const stop = world.gh.onExchange(({ method, template, body }) => {
      const query = (body as { query?: string } | null)?.query
      const [, below] = /\{repo\}\/(.*)/.exec(template ?? '') ?? []
      const words = below?.split('/').filter((word) => !word.startsWith('{') && word !== 'issues')
      if (query?.startsWith('mutation Publish')) seen.push(query.match(/\w+(?=\(input:)/g)!.join(', '))
      else if (query?.includes('addReaction')) seen.push('POST reviews/reactions')
      else if (words !== undefined && method !== 'GET') seen.push(`${method} ${words.join('/')}`)
    })
    await act()
    await world.idle()
    stop()
    return seen
  }

  it('follows all commands of a comment once, before its reaction and its reply', async () => {
    const { number } = await inReview(world, world.repository('judged'))
    const lines = ['/wl stamp quality=4', '/wl correct quality=3 reason="No tests"', '/wl status']
    const written = await writtenBy(() => say(world, { repo: 'ada/judged', number }, 'mia', lines.join('\n')))
    const onIssue = 'POST comments'
    expect(written).toEqual([STATUS, onIssue, 'POST comments'])
    const [status = '', answer = ''] = world.said('ada/judged', number)
    expect(status).toContain('quality 3')
    // `/wl status` says what is published.
    expect(answer).toContain(status)
  })

  it('is untouched by a stamp that the same comment takes back', async () => {
    const { number } = await inReview(world, world.repository('taken-back'))
    const [before] = world.said('ada/taken-back', number)
    const lines = '/wl stamp quality=4\n/wl undo'
    const written = await writtenBy(() => say(world, { repo: 'ada/taken-back', number }, 'mia', lines))
    expect(written).toEqual(['POST comments/reactions', 'POST comments'])
    const [status, answer] = world.said('ada/taken-back', number)
    expect(status).toBe(before)
    expect(answer).toContain('Taken back.')
  })

  it('follows the commands that ran where a later one of the comment fails; the reply waits for all', async () => {
    const { number } = await inReview(world, world.repository('failing'))
    const end = world.gh.fault({ path: /^\/users\/octocat$/, status: 500, times: Infinity })
    world.gh.as('mia').comment('ada/failing', number, '/wl stamp quality=4\n/wl sheet @octocat')
    await expect.poll(() => world.said('ada/failing', number)[0], { timeout: 30_000 }).toContain('**Completed**')
    expect(world.said('ada/failing', number)).toHaveLength(1)
    end()
    await world.idle()
    expect(world.said('ada/failing', number)).toHaveLength(2)
  })

  it('shows the verdict of a review before its command is answered, whatever that is', async () => {
    const { number } = await inReview(world, world.repository('reviewed'))
    const written = await writtenBy(async () =>
      world.gh.as('mia').review('ada/reviewed', number, { state: 'APPROVE', body: '/wl help stamp' }),
    )
    expect(written).toEqual([STATUS, 'POST comments'])
    expect(world.said('ada/reviewed', number)[0]).toMatch(/1 approv/)
  })
})
