import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { removeEmbeddedPostgres } from '../../src/operations/embedded-postgres.ts'
import { expectSound } from './sound.ts'
import { ledgerHead, say } from './talk.ts'
import { openPull, OWNER, postItem, recorded, startWorld, type World } from './world.ts'
import { unsigned } from '../ledger/key.ts'

describe('the life of an item', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
    for (const login of ['bob', 'cleo']) world.gh.user(login)
  }, 120_000)
  afterAll(() => world.close())

  /** The ledger's commits since one, oldest first: author, subject, and the trailers that not all have. */
  async function commitsSince(head: string): Promise<string[]> {
    const rows = await world.sql(`SELECT * FROM dolt_log('${head}..HEAD') ORDER BY commit_order`)
    return rows.map((row) => {
      const [name, address] = [row['author'] ?? row['committer'], row['author_email'] ?? row['email']]
      const { id } = world.gh.as(name)
      expect(address).toBe(`${id}+${name}@users.noreply.github.com`)
      const [subject, ...trailers] = unsigned(row['message']).split(/\n+/)
      expect(trailers[0]).toMatch(/^Delivery: [0-9a-f-]{36}$/)
      expect(trailers).toContain(`Sender: ${name} ${id}`)
      const own = trailers
        .filter((line) => !/^(Delivery|Sender): /.test(line))
        .map((line) =>
          line
            .replace(/\S+\/issue_comment\/\d+\/(\w+)\/[0-9a-f]{12}\/1$/, '…/$1')
            .replace(/#\d+$/, '#…')
            .replace(/^(Posted-In:) \d+/, '$1 …'),
        )
      return [`${name}: ${subject}`, ...own].join(' | ').replaceAll(/w-[0-9a-f]{10}/g, 'w-…')
    })
  }

  const repo = 'ada/life'

  it('reads in the protocol’s words, each change by who made it', { timeout: 240_000 }, async () => {
    world.repository('life')
    const at = { repo, number: world.gh.as(OWNER).openIssue(repo, { title: 'Ask', body: 'Twelve of them.' }).number }
    const begun = await ledgerHead(world)
    const lines = [
      [OWNER, '/wl post effort=small tags=research parent=PARENT'],
      ['mia', '/wl update title="Ask the users" priority=1'],
      ['bob', '/wl claim'],
      ['mia', '/wl unclaim'],
      ['bob', '/wl claim'],
      ['bob', '/wl unclaim'],
      ['cleo', '/wl claim'],
      ['cleo', '/wl done evidence="Asked twelve users"'],
    ] as const
    const parent = await postItem(world, world.repository('parent'))
    const times: Record<string, string> = {}
    for (const [login, line] of lines) {
      world.gh.clock.advance(60)
      times[line] = new Date(world.gh.clock.now()).toISOString().slice(0, 19).replace('T', ' ')
      await say(world, at, login, line.replace('PARENT', parent))
    }
    world.gh.clock.advance(60)
    await say(world, { repo: 'ada/parent', number: 1 }, OWNER, '/wl withdraw confirm reason="All is asked"')
    expect((await commitsSince(begun)).join('\n')).toMatchInlineSnapshot(`
      "ada: Register rig: ada
      ada: wl post: w-… | Command: …/post | Posted-In: … w-…
      ada: wl post: w-… | Command: …/post | Parent: w-… | Posted-In: … w-…
      mia: Register rig: mia
      mia: wl update: w-… | Command: …/update | Authority: github maintain ada/life#…
      bob: Register rig: bob
      bob: wl claim: w-… | Command: …/claim
      mia: wl unclaim: w-… | Command: …/unclaim | Authority: github maintain ada/life#…
      bob: wl claim: w-… | Command: …/claim
      bob: wl unclaim: w-… | Command: …/unclaim
      cleo: Register rig: cleo
      cleo: wl claim: w-… | Command: …/claim
      cleo: wl done: w-… | Command: …/done
      ada: wl delete: w-… | Command: …/withdraw | Reason: All is asked"
    `)
    const [item] = await world.sql('SELECT * FROM wanted WHERE title = ?', ['Ask the users'])
    expect(item).toMatchObject({
      description: `${world.gh.url}/${repo}/issues/1 Part of ${parent}. Twelve of them.`,
      project: repo,
      type: null,
      priority: 1,
      tags: ['research'],
      posted_by: OWNER,
      claimed_by: 'cleo',
      status: 'in_review',
      effort_level: 'small',
      evidence_url: 'Asked twelve users',
      created_at: times[lines[0][1]],
      updated_at: times[lines[7][1]],
    })
    expect((await recorded(world, item!['id'])).completions).toMatchObject([
      { completed_by: 'cleo', evidence: 'Asked twelve users', completed_at: times[lines[7][1]], stamp_id: null },
    ])
    expect((await recorded(world, parent)).status).toBe('withdrawn')
    await expectSound(world)
  })

  it('stays as it is when Postgres is lost and all is told again', { timeout: 240_000 }, async () => {
    const told = async () => [await ledgerHead(world), world.said(repo, 1), world.said('ada/parent', 1)]
    const before = await told()
    await world.restart(async () => removeEmbeddedPostgres(join(world.config.dataDir, 'postgres')))
    for (const { guid } of world.gh.deliveries) await world.gh.redeliver(guid)
    await world.idle()
    expect(await told()).toEqual(before)
  })

  it('goes on without Postgres: a pull request that was known is known again', { timeout: 240_000 }, async () => {
    const lost = world.repository('lost')
    const id = await postItem(world, lost)
    const number = openPull(world, lost, 'bob', { body: `Wanted: ${id}`, draft: true })
    await world.idle()
    await world.restart(async () => removeEmbeddedPostgres(join(world.config.dataDir, 'postgres')))
    expect(await say(world, { repo: lost, number }, 'bob', '/wl unclaim')).toMatch(
      /is held by the pull request `ada\/lost#2`/,
    )
    expect(await recorded(world, id)).toMatchObject({ status: 'claimed', holder: 'bob' })
  })
})
