import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { say } from './sound.ts'
import { history, OWNER, postItem, recorded, type Row, startWorld, type World } from './world.ts'

const MANY = 253

describe('a pull request of more commits than GitHub lists', { timeout: 240_000 }, () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
    world.gh.user('bob')
  }, 120_000)
  afterAll(() => world.close())

  /** Many small commits of bob's, and last a large one of `login`'s. */
  async function long(repo: string, login: string) {
    const id = await postItem(world, repo)
    const small = Array.from({ length: MANY - 1 }, (_, n) => ({ message: `Step ${n}`, files: { step: `${n}\n` } }))
    const large = { files: { large: 'line\n'.repeat(20) }, author: login }
    const { number, head } = world.gh
      .as('bob')
      .openPullRequest({ repo, title: 'Long', head: 'long', body: `Wanted: ${id}`, commits: [...small, large] })
    await world.idle()
    return { id, number, head: head.sha }
  }

  it('takes no stamp of a maintainer who wrote the last of them, open or merged', async () => {
    const repo = world.repository('long')
    const { id, number, head } = await long(repo, 'mia')
    expect((await recorded(world, id)).completions[0]!['evidence']).toContain(` commits=${MANY} by=bob,mia reviews=`)
    const words = `(the yearbook rule): commit \`${head.slice(0, 10)}\` is yours, and your commits are at least 95 % of`
    expect(await say(world, repo, number, 'mia', '/wl stamp quality=5')).toContain(words)
    world.gh.as(OWNER).merge(repo, number, 'merge')
    expect(await say(world, repo, number, 'mia', '/wl stamp quality=5')).toContain(words)
    expect((await recorded(world, id)).status).toBe('in_review')
    await say(world, repo, number, OWNER, '/wl stamp quality=4')
    expect((await recorded(world, id)).status).toBe('completed')
    expect(await history(world, id)).toContain(`wl accept: ${id} — ${OWNER}`)
  })

  it('takes nobody’s stamp while some author is unseen', async () => {
    const repo = world.repository('longer')
    const { id, number, head } = await long(repo, 'bob')
    const headers = { authorization: `token ${world.gh.as(OWNER).token}` }
    const answer = await fetch(`${world.gh.url}/api/v3/repos/${repo}/compare/main...${head}`, { headers })
    const body = { ...((await answer.json()) as Row), total_commits: 2501 }
    const end = world.gh.fault({ path: /\/compare\//, status: 200, body, times: 50 })
    expect(await say(world, repo, number, 'mia', '/wl stamp quality=5')).toMatch(
      /the authors of this pull request are not all known: it has more than 2,500 commits/,
    )
    expect(await recorded(world, id)).toMatchObject({ status: 'in_review', stamps: [] })
    end()
    await say(world, repo, number, 'mia', '/wl stamp quality=4')
    expect((await recorded(world, id)).status).toBe('completed')
  })
})
