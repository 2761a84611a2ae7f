import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as talk from './talk.ts'
import type { Thread } from './talk.ts'
import {
  inReview,
  message,
  openPull,
  OWNER,
  postItem,
  recorded,
  startWorld,
  type World,
  vouchForRows,
} from './world.ts'

describe('judging work', () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  beforeAll(async () => {
    world = await startWorld()
    ada = world.gh.as(OWNER)
  }, 120_000)
  afterAll(() => world.close())

  const say = (at: Thread, login: string, line: string) => talk.say(world, at, login, line)
  const refused = (at: Thread, login: string, line: string, words: RegExp) =>
    talk.expectRefused(world, at, login, line, words)
  const write = async (query: string, values: unknown[] = []) => {
    await world.sql(query, values)
    await vouchForRows(world)
  }
  const VERDICTS = ['/wl stamp quality=4', '/wl reject reason="Not yet"']

  /** Ada's issue on the board. */
  async function posted(name: string): Promise<Thread & { id: string }> {
    const repo = world.repository(name)
    const id = await postItem(world, repo)
    return { repo, number: 1, id }
  }
  /** Its work is submitted by `/wl done`. */
  async function submitted(name: string) {
    const at = await posted(name)
    world.gh.user('cleo')
    await say(at, 'cleo', '/wl claim\n/wl done evidence="Asked twelve users"')
    expect((await recorded(world, at.id)).status).toBe('in_review')
    return at
  }
  /** A pull request of bob's that names an item. */
  async function naming(repo: string, id: string): Promise<Thread> {
    const number = openPull(world, repo, 'bob', { body: `Wanted: ${id}` })
    await world.idle()
    return { repo, number }
  }

  it.each([
    [
      'suspended',
      /^You are suspended, so you cannot VERB; .* Somebody of trust level 3, or the operator, may lift it/,
      (_repo: string, login: string) => write('UPDATE rigs SET trust_level = -1 WHERE handle = ?', [login]),
    ],
    [
      'left out by the settings',
      /allow only some people to stamp, and you are not among them. Ask one of those that they name/,
      async (repo: string) => void ada.writeFile(repo, '.github/wasteland.yml', 'stampers: {users: [ada]}\n'),
    ],
    [
      'no stamper of the folder',
      /^This pull request changes `src`, and the settings of `.*` \(`stampers.paths`\) leave it to others to VERB work there/,
      async (repo: string) =>
        void ada.writeFile(
          repo,
          '.github/wasteland.yml',
          'stampers: {paths: {src: {users: [ada]}, docs: {users: [vic-no-s]}}}\n',
        ),
    ],
    [
      'an agent',
      /^An agent cannot VERB: only a person may do that. Somebody else with the GitHub role admin or maintain here/,
      (_repo: string, login: string) => write(`UPDATE rigs SET rig_type = 'agent' WHERE handle = ?`, [login]),
    ],
  ])('is refused to a maintainer who is %s', async (name, words, change) => {
    const repo = world.repository(name.replaceAll(' ', '-'))
    const login = `vic-${name.slice(0, 4).trim().replace(' ', '-')}`
    world.gh.user(login)
    ada.setRole(repo, login, 'maintain')
    const [first, second] = [await inReview(world, repo), await inReview(world, repo)]
    await say({ repo, number: first.number }, login, '/wl stamp quality=4')
    await change(repo, login)
    await world.idle()
    const said = (verb: string) => new RegExp(words.source.replace('VERB', verb))
    const at = { repo, number: second.number }
    await refused(at, login, '/wl stamp quality=4', said('stamp'))
    await refused(at, login, '/wl reject reason="Not yet"', said('reject'))
    await refused({ repo, number: first.number }, login, '/wl correct quality=1 reason="Late"', said('correct'))
    expect(await say({ repo, number: first.number }, login, '/wl undo')).toContain('Taken back')
  })

  it('is theirs who stamp in a folder, and of work elsewhere everybody’s with the role', async () => {
    const repo = world.repository('folders')
    ada.writeFile(repo, '.github/wasteland.yml', 'stampers: {paths: {src: {users: [mia]}, docs: {users: [ada]}}}\n')
    const { id, number } = await inReview(world, repo)
    const other = await postItem(world, repo)
    const elsewhere = openPull(world, repo, 'bob', { body: `Wanted: ${other}`, file: 'README.md' })
    await world.idle()
    for (const at of [number, elsewhere]) await say({ repo, number: at }, 'mia', '/wl stamp quality=4')
    for (const item of [id, other]) expect((await recorded(world, item)).status).toBe('completed')
  })

  it('is a person’s whom settings call an agent: who writes settings says nothing about who somebody is', async () => {
    const repo = world.repository('listed')
    ada.writeFile(repo, '.github/wasteland.yml', 'agents: [Robo, helper]\n')
    for (const login of ['bob', 'robo', 'helper']) world.gh.user(login)
    ada.setRole(repo, 'robo', 'maintain')
    const commits = [{ files: { b: 'b\n' } }, { files: { h: 'h\n' }, author: 'helper' }]
    const item = await postItem(world, repo)
    const { number } = world.gh
      .as('bob')
      .openPullRequest({ repo, title: 'x', head: 'both', body: `Wanted: ${item}`, commits })
    await world.idle()
    await say({ repo, number }, 'robo', '/wl stamp quality=5')
    await say({ repo, number }, 'mia', '/wl stamp @helper quality=4')
    const { stamps } = await recorded(world, item)
    expect(new Set(stamps.map((stamp) => String(stamp['author'])))).toEqual(new Set(['mia', 'robo']))
    expect(await world.sql(`SELECT rig_type FROM rigs WHERE handle IN ('robo', 'helper')`)).toEqual([
      { rig_type: 'human' },
      { rig_type: 'human' },
    ])
  })

  it('of a pull request is refused when its item is closed, withdrawn, another’s, none, or its author may not claim', async () => {
    const repo = world.repository('states')
    const { id, number } = await inReview(world, repo)
    const closed = { repo, number }
    expect(await say(closed, OWNER, '/wl close confirm')).toContain('gives no reputation')
    const gone = await postItem(world, repo)
    await write(`UPDATE wanted SET status = 'withdrawn' WHERE id = ?`, [gone])
    const other = await inReview(world, repo, 'carol')
    const [withdrawn, taken, unknown] = [
      await naming(repo, gone),
      await naming(repo, other.id),
      await naming(repo, 'w-ffffffffff'),
    ]
    await write(`UPDATE rigs SET trust_level = -1 WHERE handle = 'bob'`)
    const capped = await naming(repo, await postItem(world, repo))
    for (const line of VERDICTS) {
      await refused(closed, 'mia', line, /cannot be judged: its poster closed it without a stamp, and that is final/)
      await refused(withdrawn, 'mia', line, /cannot be judged: its poster took it off the board/)
      await refused(taken, 'mia', line, /cannot be judged: somebody else holds it, and only their work can be judged/)
      await refused(unknown, 'mia', line, /cannot be judged: this board has no such item. Correct the label/)
      await refused(
        capped,
        'mia',
        line,
        /its author may hold no further claim .* The status comment says what makes room/,
      )
    }
    await write(`UPDATE rigs SET trust_level = 1 WHERE handle = 'bob'`)
    expect((await recorded(world, id)).stamps).toEqual([])
  })

  it('of a pull request is refused where its author is left alone, or takes no part', async () => {
    const repo = world.repository('alone')
    world.gh.user('renovate[bot]', { bot: true })
    ada.setRole(repo, 'renovate[bot]', 'write')
    const ignored = openPull(world, repo, 'renovate[bot]', { body: `Wanted: ${await postItem(world, repo)}` })
    const declined = openPull(world, repo, 'dora', { body: `Wanted: ${await postItem(world, repo)}` })
    world.gh.as('dora').comment(repo, declined, '/wl decline confirm')
    await world.idle()
    for (const line of VERDICTS) {
      await refused({ repo, number: ignored }, 'mia', line, /\*\*Left alone.\*\* The settings of `ada\/alone`/)
      await refused({ repo, number: declined }, 'mia', line, /takes no part in the Wasteland, so nothing is recorded/)
    }
    expect(world.said(repo, ignored)).toHaveLength(2)
  })

  it('by a review is refused when the pull request was pushed to since', async () => {
    const line = '/wl accept quality=4'
    const repo = world.repository('pushed-accept')
    const { id, number } = await inReview(world, repo)
    const judged = world.gh.pull(repo, number).head.sha
    world.gh.hold()
    world.gh.as('mia').review(repo, number, { state: 'COMMENT', body: line })
    world.gh.as('bob').push(repo, number, { files: { more: 'x\n' } })
    world.gh.release()
    await world.idle()
    expect(world.said(repo, number).at(-1)).toContain(
      `was pushed to since: this command was about \`${judged.slice(0, 10)}\`, so it was not run. Its head is`,
    )
    expect(await recorded(world, id)).toMatchObject({ status: 'in_review', stamps: [] })
    world.gh.as('mia').review(repo, number, { state: 'COMMENT', body: line })
    await world.idle()
    expect((await recorded(world, id)).status).toBe('completed')
  })

  it('on an issue is refused when its item is closed, withdrawn, not on the board, or none', async () => {
    const closed = await submitted('closed-issue')
    expect(await say(closed, OWNER, '/wl close confirm reason="Alone"')).toContain('is completed, gives no reputation')
    const withdrawn = await posted('withdrawn-issue')
    await say(withdrawn, OWNER, '/wl withdraw confirm')
    const bare = { repo: closed.repo, number: ada.openIssue(closed.repo, { title: 'Talk' }).number }
    for (const line of VERDICTS) {
      await refused(
        closed,
        'mia',
        line,
        /has nothing to judge: its poster closed it without a stamp, and that is final/,
      )
      await refused(withdrawn, 'mia', line, /has nothing to judge: its poster took it off the board/)
      await refused(bare, 'mia', line, /This issue is not on the board/)
      await refused(bare, 'mia', line.replace(/(stamp|reject)/, '$1 w-00000000aa'), /no item `w-00000000aa`/)
    }
  })

  it('on an issue with several completions asks which', async () => {
    const at = await submitted('several')
    const [mine] = (await recorded(world, at.id)).completions
    await write(
      `INSERT INTO completions (id, wanted_id, completed_by, evidence, completed_at) VALUES ('c-00000000000000aa', ?, 'cleo', 'More', NOW())`,
      [at.id],
    )
    for (const line of VERDICTS)
      await refused(at, 'mia', line, /^Several completions are here: .*Name one: `\/wl \w+ c-/)
    await say(at, 'mia', `/wl stamp ${mine!['id']} quality=4`)
    expect((await recorded(world, at.id)).stamps).toMatchObject([{ context_id: mine!['id'] }])
  })

  it('is refused of a peer’s work whose rig is one’s own account, whatever its handle', async () => {
    const at = await submitted('twin')
    await say(at, 'mia', '/wl unlink nobody')
    const uri = `entity://${new URL(world.gh.url).host}/mia/${world.gh.as('mia').id}`
    await world.sql(`INSERT INTO rigs (handle, display_name, hop_uri) VALUES ('twin', 'Twin', ?)`, [uri])
    await world.sql(`UPDATE completions SET completed_by = 'twin', hop_uri = NULL WHERE wanted_id = ?`, [at.id])
    await write(`UPDATE wanted SET claimed_by = 'twin' WHERE id = ?`, [at.id])
    await refused(at, 'mia', VERDICTS[0]!, /^Nobody stamps their own work \(the yearbook rule\)/)
    expect(await say(at, 'mia', VERDICTS[1]!)).toContain('Rejected')
  })

  it('counts no role of another place, and says where to say it', async () => {
    const repo = world.repository('place')
    const { id, number } = await inReview(world, repo)
    const [here, issue] = [
      { repo, number },
      { repo, number: 1 },
    ]
    await say(here, 'mia', '/wl stamp quality=4')
    const [stamp] = (await recorded(world, id)).stamps
    const words = /The work lies elsewhere, so a role here does not count: say it there/
    await refused(issue, 'mia', `/wl correct ${stamp!['id']} quality=2 reason=x`, words)
    const work = await submitted('place-home')
    world.gh.user('olga')
    ada.setRole(repo, 'olga', 'maintain')
    await refused(issue, 'olga', `/wl reject ${work.id} reason=No`, words)
    expect(await say(here, 'mia', `/wl correct ${stamp!['id']} quality=2 reason=x`)).toContain('Corrected')
  })

  it('to reject takes trust level 3 as well as a role', async () => {
    const at = await submitted('trusted')
    world.gh.user('tom')
    await say(at, 'tom', '/wl unlink nobody')
    await write(`UPDATE rigs SET trust_level = 3 WHERE handle = 'tom'`)
    expect(await say(at, 'tom', '/wl reject reason="Ask more"')).toContain('Rejected')
    expect(await recorded(world, at.id)).toMatchObject({ status: 'claimed', holder: 'cleo', completions: [] })
    expect(await message(world, `wl reject: ${at.id} — Ask more`)).toContain('Authority: trust 3\n')
  })
})
