import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runBeside, runForJson } from '../scenarios/cli.ts'
import { say } from '../scenarios/talk.ts'
import { inReview, recorded, startWorld, type World } from '../scenarios/world.ts'

describe('wasteland-bridge vouch, after the key of the ledger was lost', () => {
  let world: World
  beforeAll(async () => void (world = await startWorld()), 120_000)
  afterAll(() => world.close())

  it('lets no ledger in that another key signed, until the operator says --yes; then it counts as it is', async () => {
    const repo = world.repository('kept')
    const at = { repo, ...(await inReview(world, repo)) }
    world.gh.user('trudy')
    await say(world, at, 'trudy', '/wl link bob')
    expect((await runBeside(world, 'promote', 'trudy', '--level', '3', '--reason', 'good')).code).toBe(0)
    const head = async () => (await world.sql('SELECT commit_hash FROM dolt_log ORDER BY commit_order DESC LIMIT 1'))[0]
    const { commit_hash: signed } = (await head())!
    await world.restart(async () => {
      writeFileSync(join(world.config.dataDir, 'hmac.key'), randomBytes(32))
      const refused = await runBeside(world, 'promote', 'bob', '--level', '3', '--reason', 'x')
      expect(refused).toMatchObject({ code: 1, said: expect.stringContaining('are signed with another key') })
      const unsure = await runBeside(world, 'vouch')
      expect(unsure).toMatchObject({ code: 1, said: expect.stringMatching(/Look through it first .* vouch --yes/) })
      for (const args of [['--no'], ['--yes', 'now']])
        expect(await runBeside(world, 'vouch', ...args)).toMatchObject({ code: 2 })
      const vouched = await runBeside(world, 'vouch', '--yes')
      expect(vouched).toEqual({ code: 0, said: `The history of the ledger up to ${signed} counts as it is.\n` })
    })
    const again = { head: expect.stringMatching(/^[0-9a-v]{32}$/) }
    expect(await runForJson(world, 'vouch', '--yes')).toEqual({ code: 0, document: again, err: '' })
    await say(world, at, 'trudy', '/wl stamp quality=4')
    expect((await recorded(world, at.id)).stamps).toMatchObject([{ author: 'trudy', subject: 'bob' }])
    // Nothing is left to be done at the next start.
    const { commit_hash: after } = (await head())!
    await world.restart()
    expect((await head())!['commit_hash']).toBe(after)
  })
})
