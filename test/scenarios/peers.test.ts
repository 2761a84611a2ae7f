import mysql from 'mysql2/promise'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandId } from '../../src/domain/ids.ts'
import { embeddedDoltUrl } from '../../src/ledger/dolt/embedded-dolt.ts'
import { foreignRig, say } from './talk.ts'
import { runBeside } from './cli.ts'
import { inReview, OWNER, recorded, signedMessage, startWorld, type World } from './world.ts'

/** What somebody who may write to the commons, and has no key of the bridge, can and cannot do. */
describe('a peer with write access to the commons', { timeout: 120_000 }, () => {
  let world: World
  let repo: string
  beforeAll(async () => {
    world = await startWorld()
    repo = world.repository('peers')
  }, 120_000)
  afterAll(() => world.close())

  /** One Dolt commit, with nothing in between for others to see. */
  async function peer(text: string, author: string, ...statements: string[]) {
    const uri = await embeddedDoltUrl(join(world.config.dataDir, 'dolt'), 'commons')
    const connection = await mysql.createConnection({ uri, dateStrings: true })
    try {
      for (const statement of ['START TRANSACTION', ...statements]) await connection.query(statement)
      await connection.query(`CALL DOLT_COMMIT('-Am', ?, '--author', ?, '--allow-empty')`, [text, author])
      await connection.query('COMMIT')
    } finally {
      await connection.end()
    }
  }
  const mail = (login: string) => `${login} <${world.gh.user(login).id}+${login}@users.noreply.github.com>`
  const host = () => new URL(world.gh.url).host

  it('neither swallows a stamp, nor flags, blanks or sends back one, by the trailers of a commit', async () => {
    const { id, number } = await inReview(world, repo)
    const comment = world.gh.as('mia').comment(repo, number, 'Soon.')
    const line = '/wl stamp quality=5'
    for (let next = 1; next <= 5; next++) {
      const command = commandId(host(), { kind: 'issue_comment', id: comment.id + next }, 'stamp', line, 0)
      await peer(`wl accept: ${id}\n\nDelivery: x\nCommand: ${command}\nSender: mia 1`, mail('mia'))
    }
    await say(world, { repo, number }, 'mia', line)
    const { stamps, completions } = await recorded(world, id)
    expect(stamps).toMatchObject([{ author: 'mia', subject: 'bob' }])
    const [stamp, completion] = [stamps[0]!['id'], completions[0]!['id']]
    await peer(
      `wl note: bob\n\nFlagged: ${stamp}\nReason: same-owner`,
      'wasteland-bridge <bridge@wasteland-bridge.invalid>',
    )
    await peer(`wl accept: ${id}\n\nStamp: ${stamp}\nGiven: creativity`, mail('mia'))
    await peer(`wl reject: ${id}\n\nRejected: ${completion}\nReason: no`, mail('mia'))
    const said = await say(world, { repo, number }, 'bob', '/wl status')
    expect(said).toMatch(/Stamped by `mia`: quality 5(?!.*flagged)/)
    for (const table of ['flags', 'rejections']) expect(await world.ops(`SELECT * FROM ${table}`)).toEqual([])
    expect(await world.ops('SELECT given FROM stamps_given')).toEqual([{ given: 'quality' }])
  })

  it('signs nothing with a made-up signature, with another author’s, nor with one of another text', async () => {
    const { number } = await inReview(world, repo)
    const own = await signedMessage(world, 'wl accept')
    const signed = own.slice(own.lastIndexOf('\nSigned: ') + 1)
    const forged = 'wl note: bob\n\nFlagged: s-0000000000000000\nReason: same-owner\n'
    await peer(`${forged}${signed}`, mail('mia'))
    await peer(`${forged}Signed: v1 1 ${'A'.repeat(43)}`, mail('mia'))
    await peer(own.replace('Given: quality', 'Given: creativity'), mail('mia'))
    await peer(own, mail('bob'))
    await peer(`${own}\nFlagged: s-0000000000000000`, mail('mia'))
    await say(world, { repo, number }, 'bob', '/wl status')
    expect(await world.ops('SELECT * FROM flags')).toEqual([])
    expect(await world.ops('SELECT given FROM stamps_given')).toEqual([{ given: 'quality' }])
  })

  it('does not bring back trust by a copy of the commit that gave it, nor by a row, wherever it is put', async () => {
    const { number } = await inReview(world, repo)
    world.gh.user('trudy')
    await say(world, { repo, number }, 'trudy', '/wl link nobody')
    expect((await runBeside(world, 'promote', 'trudy', '--level', '3', '--reason', 'good')).code).toBe(0)
    const given = await signedMessage(world, 'Promote rig: trudy')
    expect((await runBeside(world, 'suspend', 'trudy', '--reason', 'bad')).code).toBe(0)
    await peer(given, 'wasteland-bridge <bridge@wasteland-bridge.invalid>')
    await world.sql(`CALL DOLT_BRANCH('old', 'HEAD~6')`)
    await peer(given, 'wasteland-bridge <bridge@wasteland-bridge.invalid>', `CALL DOLT_CHECKOUT('old')`)
    await world.sql(`CALL DOLT_MERGE('old', '--author', 'root <root@localhost>')`)
    await peer('Trust', 'root <root@localhost>', `UPDATE rigs SET trust_level = 99 WHERE handle IN ('trudy', 'bob')`)
    await world.restart(async () => {})
    expect(await say(world, { repo, number }, 'trudy', '/wl stamp quality=5')).toMatch(/suspended/)
    expect(await say(world, { repo, number }, 'bob', '/wl promote @trudy level=3 reason="x"')).toMatch(
      /Only a rig of trust level 3 changes trust/,
    )
    await peer('Remove', 'root <root@localhost>', `DELETE FROM rigs WHERE handle = 'trudy'`)
    await say(world, { repo, number }, 'trudy', '/wl link nobody')
    expect(await world.sql(`SELECT trust_level FROM rigs WHERE handle = 'trudy'`)).toEqual([{ trust_level: -1 }])
    expect(await say(world, { repo, number }, 'trudy', '/wl stamp quality=5')).toMatch(/suspended/)
  })

  it('neither bars by a link of one hand, nor takes one away', async () => {
    const { number, id } = await inReview(world, repo, 'carl')
    const link = `INSERT INTO rig_links (id, rig_a, rig_b, assertion_a, assertion_b, status) VALUES`
    await peer('wl link', mail('mia'), `${link} ('l-forged', 'carl', 'mia', 'mine', 'mine', 'completed')`)
    await foreignRig(world, 'between')
    await peer('wl link', mail('mia'), `${link} ('l-x', 'between', 'mia', 'mine', 'mine', 'completed')`)
    await peer('wl link', mail('mia'), `${link} ('l-y', 'between', 'carl', 'mine', 'mine', 'completed')`)
    await peer('wl own', mail('mia'), `UPDATE rigs SET parent_rig = 'mia' WHERE handle IN ('carl', 'between')`)
    await say(world, { repo, number }, 'mia', '/wl stamp quality=4')
    expect((await recorded(world, id)).stamps).toMatchObject([{ author: 'mia', subject: 'carl' }])

    const other = await inReview(world, repo, 'dora')
    await say(world, { repo, number: other.number }, 'mia', '/wl link dora')
    await say(world, { repo, number: other.number }, 'dora', '/wl link mia')
    await peer(
      'wl unlink',
      mail('dora'),
      `UPDATE rig_links SET status = 'revoked', assertion_a = NULL WHERE rig_a = 'dora'`,
    )
    const refused = /same owner \(the yearbook rule\)/
    expect(await say(world, { repo, number: other.number }, 'mia', '/wl stamp quality=4')).toMatch(refused)
    await peer('wl unlink', mail('dora'), `DELETE FROM rig_links`)
    expect(await say(world, { repo, number: other.number }, 'mia', '/wl stamp quality=4')).toMatch(refused)
  })

  it('becomes no person of GitHub by a row with their id, and bars nobody by making a rig an agent', async () => {
    const zed = world.gh.user('zed')
    const uri = `entity://${host()}/zed/${zed.id}`
    await peer(
      'Register rig: impostor',
      'root <root@localhost>',
      `INSERT INTO rigs (handle, display_name, hop_uri, trust_level, rig_type) VALUES ('impostor', 'Z', '${uri}', 3, 'human'), ('zed', 'Z', '${uri}', 3, 'human')`,
    )
    const { number, id } = await inReview(world, repo, 'eve')
    expect(await say(world, { repo, number }, 'zed', '/wl stamp quality=4')).toMatch(/admin or maintain/)
    expect(await world.sql(`SELECT trust_level FROM rigs WHERE handle = 'zed-${zed.id}'`)).toEqual([])
    await say(world, { repo, number }, 'zed', '/wl link nobody')
    expect(await world.sql(`SELECT trust_level FROM rigs WHERE handle = 'zed-${zed.id}'`)).toEqual([{ trust_level: 1 }])
    await peer(
      'Agent',
      'root <root@localhost>',
      `UPDATE rigs SET rig_type = 'agent', hop_uri = NULL WHERE handle = 'mia'`,
    )
    await say(world, { repo, number }, 'mia', '/wl stamp quality=4')
    expect((await recorded(world, id)).stamps).toMatchObject([{ author: 'mia', subject: 'eve' }])
    expect(OWNER).toBe('ada')
  })
})
