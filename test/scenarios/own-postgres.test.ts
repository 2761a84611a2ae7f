import { describe, expect, it } from 'vitest'
import { type Kind, lackingFor, startServer } from '../operations/servers.ts'
import { runBeside } from './cli.ts'
import { inReview, recorded, startWorld } from './world.ts'

describe.each<[Kind, string]>([
  ['older', 'an older Postgres'],
  ['pooled', 'a Postgres behind a pooler that lends connections by the transaction'],
])('with DATABASE_URL on %s', (kind, what) => {
  const lacking = lackingFor(kind)
  it.skipIf(lacking !== undefined)(`${what}: the main job is done, and once, over a restart`, async () => {
    const server = await startServer(kind)
    const world = await startWorld({ config: { DATABASE_URL: server.url } })
    try {
      const repo = world.repository('own')
      const { id, number } = await inReview(world, repo)
      world.gh.as('mia').comment(repo, number, '/wl stamp quality=4')
      await world.idle()
      const before = await recorded(world, id)
      expect(before).toMatchObject({
        status: 'completed',
        completions: [{ completed_by: 'bob' }],
        stamps: [{ author: 'mia' }],
      })
      const said = world.said(repo, number)
      await world.restart()
      await world.gh.redeliverAll()
      await world.idle()
      expect(await recorded(world, id)).toEqual(before)
      expect(world.said(repo, number)).toEqual(said)
      expect((await runBeside(world, 'doctor')).said).toMatch(
        /^ok +operations +Postgres \d+\.\d+, reached, with every migration\.$/m,
      )
    } finally {
      await world.close()
      await server.stop()
    }
  })
})
