import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readTrailers } from '../../src/domain/commit-message.ts'
import { expectSound } from './sound.ts'
import { deliverAgain, ledgerHead, say, type Thread } from './talk.ts'
import { inReview, openPull, OWNER, postItem, type Row, startWorld, vouchForRows, type World } from './world.ts'

describe('a command', () => {
  let world: World
  let ada: ReturnType<World['gh']['as']>
  beforeAll(async () => {
    world = await startWorld()
    ada = world.gh.as(OWNER)
    await postItem(world, world.repository('home'))
    await world.sql(`UPDATE rigs SET trust_level = 3 WHERE handle = 'ada'`)
    await vouchForRows(world)
  }, 120_000)
  afterAll(() => world.close())

  type Said = Thread & { login: string; line: string }

  /** A pull request of bob's in review, on which mia has said these lines. */
  async function judged(name: string, line: string, ...before: string[]): Promise<Said> {
    const repo = world.repository(name)
    const { number } = await inReview(world, repo)
    for (const one of before) await say(world, { repo, number }, 'mia', one)
    return { repo, number, login: 'mia', line }
  }
  /** An issue on which each of these lines was said, `login: line`. */
  async function talked(name: string, said: string, ...before: string[]): Promise<Said> {
    const repo = world.repository(name)
    const { number } = ada.openIssue(repo, { title: 'Talk' })
    const read = (text: string) => /^(\w+): (.*)$/.exec(text)!.slice(1) as [string, string]
    for (const [login, line] of before.map(read)) {
      world.gh.user(login)
      await say(world, { repo, number }, login, line)
    }
    const [login, line] = read(said)
    world.gh.user(login)
    return { repo, number, login, line }
  }
  /** An agent's pull request, of which bob has said these lines. */
  async function owned(name: string, line: string, ...before: string[]): Promise<Said> {
    const repo = world.repository(name)
    world.gh.user(`${name}[bot]`, { bot: true })
    ada.setRole(repo, `${name}[bot]`, 'write')
    const number = openPull(world, repo, `${name}[bot]`, { body: `Wanted: ${await postItem(world, repo)}` })
    world.gh.user('bob')
    for (const one of [`/wl unlink nobody`, ...before]) await say(world, { repo, number }, 'bob', one)
    return { repo, number, login: 'bob', line }
  }

  /** Each with its Dolt commit: subject, author, and the trailers beside Delivery, Command, Sender and Signed. */
  const WAYS: [name: string, commit: string, prepare: () => Promise<Said>][] = [
    ['stamp', 'wl accept: w-… — mia: Authority Stamp Given Head Diff', () => judged('stamp', '/wl stamp quality=4')],
    ['accept', 'wl accept: w-… — mia: Authority Stamp Given Head Diff', () => judged('accept', '/wl accept quality=4')],
    [
      'reject',
      'wl reject: w-… — Not yet — mia: Authority Rejected Head Reason',
      () => judged('reject', '/wl reject reason="Not yet"'),
    ],
    ['undo', 'wl undo: w-… — mia: Stamp-Undone', () => judged('undo', '/wl undo', '/wl stamp quality=4')],
    [
      'correct',
      'wl correct: w-… — mia: Authority Stamp Given Corrects Reason',
      () => judged('correct', '/wl correct quality=2 reason="Too much"', '/wl stamp quality=4'),
    ],
    [
      'close',
      'wl close: w-… — ada: Reason',
      async () => ({ ...(await judged('close', '/wl close confirm reason="Alone"')), login: OWNER }),
    ],
    ['post', 'wl post: w-… — ada: Posted-In', () => talked('post', 'ada: /wl post bounty')],
    [
      'update',
      'wl update: w-… — mia: Authority',
      () => talked('update', 'mia: /wl update effort=epic', 'ada: /wl post'),
    ],
    [
      'withdraw',
      'wl delete: w-… — ada: Reason',
      () => talked('withdraw', 'ada: /wl withdraw confirm reason="Done elsewhere"', 'ada: /wl post'),
    ],
    ['claim', 'wl claim: w-… — cleo: ', () => talked('claim', 'cleo: /wl claim', 'ada: /wl post')],
    [
      'unclaim',
      'wl unclaim: w-… — cleo: ',
      () => talked('unclaim', 'cleo: /wl unclaim', 'ada: /wl post', 'cleo: /wl claim'),
    ],
    [
      'decline',
      'Unregister rig: deb — deb: Rig',
      () => talked('decline', 'deb: /wl decline confirm', 'deb: /wl unlink x'),
    ],
    [
      'done',
      'wl done: w-… — cleo: ',
      () => talked('done', 'cleo: /wl done evidence="Asked"', 'ada: /wl post', 'cleo: /wl claim'),
    ],
    [
      'stamp on an issue',
      'wl accept: w-… — mia: Authority Stamp Given',
      () =>
        talked(
          'issue',
          'mia: /wl stamp quality=3',
          'ada: /wl post',
          'cleo: /wl claim',
          'cleo: /wl done evidence=Asked',
        ),
    ],
    [
      'link',
      'Link rig: ann to ann2 — ann: Link',
      () => talked('link', 'ann: /wl link ann2', 'ann: /wl unlink x', 'ann2: /wl link ann'),
    ],
    [
      'unlink',
      'Unlink rig: eva2 from eva — eva2: Link',
      () => talked('unlink', 'eva2: /wl unlink eva', 'eva2: /wl unlink x', 'eva: /wl link eva2'),
    ],
    ['own', 'Ask to own rig: alpha-bot--… — bob: Link', () => owned('alpha', '/wl own @alpha')],
    [
      'own, to agree',
      'Own rig: beta-bot--… by bob — mia: Authority Rig Link',
      async () => ({ ...(await owned('beta', '/wl own @beta by=@bob', '/wl own @beta')), login: 'mia' }),
    ],
    ['disown', 'Disown rig: gamma-bot--… — bob: Link', () => owned('gamma', '/wl disown @gamma', '/wl own @gamma')],
    [
      'promote',
      'Promote rig: pat to trust 2 — ada: Authority Reason Trust Rig',
      () => talked('promote', 'ada: /wl promote @pat level=2 reason="Good work"', 'pat: /wl unlink x'),
    ],
    [
      'suspend',
      'Suspend rig: sue — ada: Authority Reason Trust Rig',
      () => talked('suspend', 'ada: /wl suspend @sue reason="Spam"', 'sue: /wl unlink x'),
    ],
  ]

  function shown(row: Row): string {
    const message = String(row['message'])
    const [delivery, command, sender, ...rest] = [...readTrailers(message)[0]!.keys()]
    expect([delivery, command, sender]).toEqual(['Delivery', 'Command', 'Sender'])
    expect(rest.pop()).toBe('Signed')
    const subject = message
      .split('\n')[0]!
      .replace(/w-[0-9a-f]{10}/, 'w-…')
      .replace(/(-bot--)\d+/, '$1…')
    return `${subject} — ${row['author'] ?? row['committer']}: ${rest.join(' ')}`
  }

  it.each(WAYS)('that is delivered again has one effect: %s, %s', async (_name, commit, prepare) => {
    const { repo, number, login, line } = await prepare()
    const comment = world.gh.as(login).comment(repo, number, line)
    await world.idle()
    const outcome = async () => ({
      head: await ledgerHead(world),
      unsaved: await world.sql('SELECT * FROM dolt_status'),
      said: world.said(repo, number),
      reactions: world.gh.reactions(comment.id).map(({ content }) => content),
    })
    const once = await outcome()
    expect(once).toMatchObject({ unsaved: [], reactions: ['+1'] })
    const commits = await world.sql('SELECT * FROM dolt_log WHERE message LIKE ?', [`%/${comment.id}/%`])
    expect(commits.map(shown)).toEqual([commit])
    await deliverAgain(world, comment)
    expect(await outcome()).toEqual(once)
    // The index of what has run is lost, and read from the ledger again.
    await world.ops('DELETE FROM commands_run')
    await world.ops('DELETE FROM indexed_heads')
    await deliverAgain(world, comment)
    expect(await outcome()).toEqual(once)
    await expectSound(world)
  })

  it('has its reaction before its reply: where that stands, nothing is left to do', async () => {
    const { repo, number, line } = await judged('order', '/wl stamp quality=4')
    const asked: string[] = []
    const off = world.gh.onRequest(({ method, path }) => void (method === 'POST' && asked.push(path)))
    world.gh.as('bob').comment(repo, number, line)
    await world.idle()
    off()
    const order = asked.flatMap((path) => /(reactions|comments)$/.exec(path)?.[1] ?? [])
    expect(order).toEqual(['reactions', 'comments'])
  })

  it('that was refused is refused again, with the same reply', async () => {
    const { repo, number, line } = await judged('refused', '/wl stamp quality=4')
    const comment = world.gh.as('bob').comment(repo, number, line)
    await world.idle()
    const [head, said] = [await ledgerHead(world), world.said(repo, number)]
    await deliverAgain(world, comment)
    expect([await ledgerHead(world), world.said(repo, number)]).toEqual([head, said])
  })

  it.each([
    ['/wl stamp quality=4', 'Completed', []],
    ['/wl reject reason="Not yet"', 'Rejected', []],
    ['/wl undo', 'In review', ['/wl stamp quality=4']],
    ['/wl correct quality=2 reason="Too much"', 'Completed', ['/wl stamp quality=4']],
  ])('whose status comment GitHub does not take at first brings it after the ledger: %s', async (line, is, before) => {
    const { repo, number } = await judged(`late-${line.split(' ')[1]}`, line, ...before)
    const [shown] = world.said(repo, number)
    const ends = [
      world.gh.fault({ path: /^\/graphql/, asking: 'mutation Publish(', status: 500 }),
      world.gh.fault({ method: 'PATCH', path: new RegExp(`^/repos/${repo}/issues/comments/`), status: 500 }),
    ]
    await say(world, { repo, number }, 'mia', line)
    for (const end of ends) end()
    const [status] = world.said(repo, number)
    expect(status).not.toBe(shown)
    expect(status).toContain(`**${is}**`)
  })
})
