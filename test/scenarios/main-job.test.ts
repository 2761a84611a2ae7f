import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { history, openPull, OWNER, postItem, startWorld, type World } from './world.ts'

describe('the main job', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  }, 120_000)
  afterAll(() => world.close())

  it('a labelled pull request becomes a claim, a completion with evidence, and with /wl stamp a stamp', async () => {
    const repo = world.repository('job')
    const id = await postItem(world, repo)
    const number = openPull(world, repo, 'bob', { draft: true })
    world.gh.as(OWNER).label(repo, number, `wl:${id}`)
    await world.idle()
    expect(await world.sql('SELECT status, claimed_by FROM wanted WHERE id = ?', [id])).toEqual([
      { status: 'claimed', claimed_by: 'bob' },
    ])
    world.gh.as('bob').readyForReview(repo, number)
    await world.idle()
    const comment = world.gh.as('mia').reviewComment(repo, number, {
      path: (await changedFile(world, repo, number))!,
      line: 1,
      body: 'Good.\n\n/wl stamp quality=4',
    })
    await world.idle()
    expect(await history(world, id)).toEqual([
      `wl post: ${id} — ada`,
      `wl claim: ${id} — bob`,
      `wl done: ${id} — bob`,
      `wl accept: ${id} — mia`,
    ])
    const [row] = await world.sql(
      `SELECT w.status, c.completed_by, c.validated_by, c.stamp_id, s.id, s.context_id = c.id AS linked, s.author, s.subject, s.valence
       FROM wanted w JOIN completions c ON c.wanted_id = w.id JOIN stamps s ON s.id = c.stamp_id WHERE w.id = ?`,
      [id],
    )
    expect(row).toMatchObject({
      status: 'completed',
      completed_by: 'bob',
      validated_by: 'mia',
      linked: 1,
      author: 'mia',
      subject: 'bob',
      valence: { quality: 4, reliability: 4 },
    })
    expect(world.gh.reactions(comment.id)).toEqual([{ content: '+1', user: `${world.gh.app.slug}[bot]` }])
    expect(world.said(repo, number)).toHaveLength(1)
    // What stands on the issue is true after the job as well: the answer to /wl post, then what became of it.
    const [posted, ended, ...more] = world.said(repo, 1).map((text) => text.replaceAll(id, 'w-…'))
    expect(more).toEqual([])
    expect(posted).toContain(
      'On the board as `w-…`. As long as it is open, a pull request with the label `wl:w-…` or a line `Wanted: w-…` ' +
        'in its description takes it; `/wl status` says how it stands.',
    )
    expect(ended).toMatch(/^\*\*Completed\*\* `w-…` .+ by `bob`, in \[a pull request\]\(/)
    expect(ended).toContain('Stamped by `mia`: quality 4')
  })
})

async function changedFile(world: World, repo: string, number: number): Promise<string | undefined> {
  const answer = await fetch(`${world.gh.url}/api/v3/repos/${repo}/pulls/${number}/files`, {
    headers: { authorization: `token ${world.gh.as(OWNER).token}` },
  })
  return ((await answer.json()) as { filename: string }[])[0]?.filename
}
