import { rmSync } from 'node:fs'
import { join } from 'node:path'
import mysql from 'mysql2/promise'
import { describe, expect, it } from 'vitest'
import { embeddedDoltUrl } from '../../src/ledger/dolt/embedded-dolt.ts'
import { startEmbeddedDolt } from '../../src/ledger/dolt/embedded-dolt.ts'
import { removeEmbeddedPostgres } from '../../src/operations/embedded-postgres.ts'
import { installedDolt } from '../ledger/installed-dolt.ts'
import { silent } from '../ops/fake-server.ts'
import { runBeside } from './cli.ts'
import { deliverAgain, say } from './talk.ts'
import { inReview, recorded, startWorld, type World } from './world.ts'

/**
 * Makes of a ledger what commit a221e81 would have written: the same rows, and the same messages without signatures
 * and without what only signed commits say.
 */
async function unsign(world: World) {
  const dir = join(world.config.dataDir, 'dolt')
  const dolt = await startEmbeddedDolt({ dir, bin: (await installedDolt()).bin, log: silent })
  const connection = await mysql.createConnection({ uri: await embeddedDoltUrl(dir, 'commons'), dateStrings: true })
  try {
    const [rows] = await connection.query('SELECT * FROM dolt_log ORDER BY commit_order')
    const [first, ...commits] = rows as Record<string, string>[]
    await connection.query(`CALL DOLT_RESET('--soft', ?)`, [first!['commit_hash']])
    for (const [n, commit] of commits.entries()) {
      const told = commit['message']!.split('\n').filter((line) => !/^(Signed|Rig|Link): /.test(line))
      const author = `${commit['author']} <${commit['author_email']}>`
      const how = n === 0 ? '--skip-empty' : '--allow-empty'
      await connection.query(`CALL DOLT_COMMIT('-Am', ?, '--author', ?, ?)`, [told.join('\n').trim(), author, how])
    }
  } finally {
    await connection.end()
    await dolt.stop()
  }
}

describe('a ledger that was written before commits were signed', { timeout: 240_000 }, () => {
  it.each([
    ['beside the operations store that was kept with it', false],
    ['alone, the operations store being lost', true],
  ])('loses nothing %s', async (_, isLost) => {
    const world = await startWorld()
    const repo = world.repository('old')
    const { id, number } = await inReview(world, repo)
    const at = { repo, number }
    await say(world, at, 'mia', '/wl stamp quality=5')
    const comment = world.gh.comments(repo, number).find(({ body }) => body === '/wl stamp quality=5')!
    for (const [login, line] of [
      ['trudy', '/wl link bob'],
      ['bob', '/wl link trudy'],
    ] as const) {
      world.gh.user(login)
      await say(world, at, login, line)
    }
    expect((await runBeside(world, 'promote', 'trudy', '--level', '3', '--reason', 'good')).code).toBe(0)
    const before = await recorded(world, id)
    const index = () => world.ops('SELECT command FROM commands_run ORDER BY command')
    await say(world, at, 'bob', '/wl status')
    const ran = await index()
    expect(ran.length).toBeGreaterThan(2)

    await world.restart(async () => {
      await unsign(world)
      if (isLost) {
        removeEmbeddedPostgres(join(world.config.dataDir, 'postgres'))
        rmSync(join(world.config.dataDir, 'postgres'), { recursive: true, force: true })
      }
    })
    // As the migration to signed commits leaves the index.
    if (!isLost) await world.ops('WITH gone AS (DELETE FROM commands_run) DELETE FROM indexed_heads')
    await deliverAgain(world, comment)
    await say(world, at, 'bob', '/wl status')
    expect(await recorded(world, id)).toEqual(before)
    expect(await index()).toEqual(ran)
    expect(await world.ops('SELECT given FROM stamps_given')).toEqual([{ given: 'quality' }])
    const work = await inReview(world, repo, 'bob', 'More')
    expect(await say(world, { repo, number: work.number }, 'trudy', '/wl stamp quality=4')).toMatch(
      /`bob` is one of yours/,
    )
    const others = await inReview(world, repo, 'carl', 'Much more')
    await say(world, { repo, number: others.number }, 'trudy', '/wl stamp quality=4')
    expect((await recorded(world, others.id)).stamps).toMatchObject([{ author: 'trudy', subject: 'carl' }])
    expect((await runBeside(world, 'suspend', 'trudy', '--reason', 'bad')).code).toBe(0)
    await world.restart()
    const vouches = await world.sql(`SELECT message FROM dolt_log WHERE message LIKE '%Vouched: %'`)
    expect(vouches).toHaveLength(1)
    expect(world.log.filter((line) => line.includes('was not signed'))).toHaveLength(1)
    await world.close()
  })
})
