import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { removeEmbeddedPostgres } from '../../src/operations/embedded-postgres.ts'
import { runBeside, runForJson } from './cli.ts'
import { expectSound } from './sound.ts'
import { history, inReview, openPull, OWNER, postItem, recorded, startWorld, type World } from './world.ts'
import { deadLetters } from '../queue-rows.ts'

const HOUR = 3_600_000
const DAY_SECONDS = 24 * 3_600

describe('what nobody told us of', { timeout: 240_000 }, () => {
  let world: World
  let ahead = 0
  let looks = 0
  const clock = {
    now: () => new Date(Date.now() + ahead),
    pollIntervalMs: 16 * HOUR,
    jobEnded: (name: string) => void (looks += name === 'repositories' ? 1 : 0),
  }
  beforeAll(async () => {
    world = await startWorld({ clock })
  }, 120_000)
  afterAll(() => world.close())

  /** Does something while the App has no hook: GitHub sends nothing, and lists nothing. */
  function unheard<T>(act: () => T): T {
    world.gh.setHookActive(false)
    try {
      return act()
    } finally {
      world.gh.setHookActive(true)
    }
  }
  /** The look of the schedule, as it comes when the bridge starts an hour later. */
  async function look(away: () => Promise<void> = async () => {}) {
    let seen = 0
    ahead += HOUR
    await world.restart(async () => {
      await away()
      // One that was ended counts too.
      seen = looks
    })
    while (looks === seen) await sleep(20)
    await world.idle()
  }
  const byHand = async (repo: string) => {
    const said = await runBeside(world, 'reconcile', '--repo', repo)
    await world.idle()
    return said
  }
  const lastSaid = (repo: string, number: number) => world.said(repo, number).at(-1)

  /** A pull request from draft to stamp and merge. */
  function life(repo: string, id: string) {
    const number = openPull(world, repo, 'bob', { draft: true })
    world.gh.as('mia').label(repo, number, `wl:${id}`)
    world.gh.as('bob').push(repo, number, { files: { 'src/more.ts': 'more\n' } })
    world.gh.as('bob').readyForReview(repo, number)
    world.gh.as('mia').review(repo, number, { state: 'APPROVE', body: '/wl stamp quality=4 skills=typescript' })
    world.gh.as('mia').merge(repo, number)
    return number
  }
  async function expectLived(repo: string, id: string, number: number) {
    const lines = [`wl claim: ${id} — bob`, `wl done: ${id} — bob`, `wl accept: ${id} — mia`]
    expect((await history(world, id)).slice(1, 4)).toEqual(lines)
    const { status, holder, completions, stamps } = await recorded(world, id)
    expect({ status, holder }).toEqual({ status: 'completed', holder: 'bob' })
    expect(completions).toHaveLength(1)
    expect(stamps).toMatchObject([{ author: 'mia', valence: { quality: 4 }, skill_tags: ['typescript'] }])
    expect(world.said(repo, number)).toEqual([expect.stringContaining('**Completed**')])
  }

  it('ends as if we had been told, by the schedule: a pull request from draft to stamp and merge', async () => {
    const repo = world.repository('scheduled')
    const id = await postItem(world, repo)
    const number = unheard(() => life(repo, id))
    await world.idle()
    expect((await recorded(world, id)).status).toBe('open')
    await look()
    await expectLived(repo, id, number)
    await expectSound(world)
  })

  it('waits for no delivery that failed and has come since', async () => {
    const repo = world.repository('come-since')
    const id = await postItem(world, repo)
    const number = unheard(() => life(repo, id))
    const end = world.gh.drop(() => true)
    world.gh.as(OWNER).comment(repo, 1, 'Thanks')
    await world.gh.settled()
    end()
    await look()
    await expectLived(repo, id, number)
  })

  it('ends as if we had been told, by hand; a second time does nothing', async () => {
    const repo = world.repository('by-hand')
    const id = await postItem(world, repo)
    const number = unheard(() => life(repo, id))
    expect(await byHand(repo)).toEqual({
      code: 0,
      said:
        'The bridge looks again at 1 pull request now.\n' +
        'The bridge runs 1 comment with commands that nobody answered now.\n',
    })
    await expectLived(repo, id, number)
    const before = await world.sql('SELECT commit_hash FROM dolt_log')
    const comments = world.gh.deliveries.length
    expect(await byHand(repo)).toEqual({ code: 0, said: 'The bridge looks again at 1 pull request now.\n' })
    await look()
    expect(await world.sql('SELECT commit_hash FROM dolt_log')).toEqual(before)
    expect(world.gh.deliveries).toHaveLength(comments)
    await expectLived(repo, id, number)
  })

  it('lets an item go when its pull request was closed, or its label taken off', async () => {
    const repo = world.repository('let-go')
    const [closed, unlabelled] = [await inReview(world, repo), await inReview(world, repo, 'ann', 'Other')]
    const label = await postItem(world, repo, 'Labelled')
    const number = openPull(world, repo, 'bob', { draft: true })
    world.gh.as('mia').label(repo, number, `wl:${label}`)
    await world.idle()
    unheard(() => {
      world.gh.as('bob').close(repo, closed.number)
      world.gh.as('ann').editBody(repo, unlabelled.number, 'Nothing')
      world.gh.as('mia').deleteLabel(repo, `wl:${label}`)
    })
    await look()
    for (const id of [closed.id, unlabelled.id, label])
      expect(await recorded(world, id)).toMatchObject({ status: 'open', holder: null, completions: [] })
  })

  it('runs commands of every kind of comment once, in their order, and answers them', async () => {
    const repo = world.repository('said')
    const [id, free] = [await postItem(world, repo), await postItem(world, repo, 'Free')]
    const number = openPull(world, repo, 'bob', { body: `Wanted: ${id}`, file: 'src/own.ts' })
    await world.idle()
    const { number: thread } = world.gh.as(OWNER).openIssue(repo, { title: 'Talk' })
    world.gh.user('cleo')
    const claim = unheard(() => {
      world.gh.as('mia').reviewComment(repo, number, { path: 'src/own.ts', body: '/wl stamp quality=5' })
      world.gh.as('cleo').comment(repo, thread, `/wl claim ${free}`)
      world.gh.as(OWNER).comment(repo, thread, '> /wl claim quoted\n\nNo command.')
      return world.gh.as('bob').comment(repo, thread, `/wl claim ${free}`)
    })
    await look()
    expect((await recorded(world, id)).stamps).toMatchObject([{ author: 'mia', valence: { quality: 5 } }])
    expect(await recorded(world, free)).toMatchObject({ status: 'claimed', holder: 'cleo' })
    expect(world.gh.reactions(claim.id)).toMatchObject([{ content: 'confused' }])
    expect(lastSaid(repo, thread)).toContain('claimed by `cleo`')
    const talk = world.said(repo, thread)
    await look()
    expect(world.said(repo, thread)).toEqual(talk)
    expect(await deadLetters(world.ops)).toEqual([])
  })

  it('does nothing more when GitHub delivers it after all: what was refused is not granted later', async () => {
    const repo = world.repository('after-all')
    const id = await postItem(world, repo)
    for (const login of ['bob', 'ann']) world.gh.user(login)
    const from = world.gh.deliveries.length
    const end = world.gh.drop(() => true)
    for (const line of ['bob: /wl claim', 'ann: /wl claim', 'bob: /wl unclaim']) {
      const [login, command] = line.split(': ') as [string, string]
      world.gh.as(login).comment(repo, 1, command)
    }
    await world.gh.settled()
    end()
    const missed = world.gh.deliveries.slice(from).map(({ guid }) => guid)
    expect((await byHand(repo)).said).toContain('runs 3 comments')
    const said = world.said(repo, 1)
    expect(said.filter((text) => text.includes('claimed by `bob`'))).toHaveLength(1)
    for (const guid of missed) await world.gh.redeliver(guid)
    await world.idle()
    expect(await recorded(world, id)).toMatchObject({ status: 'open', holder: null })
    expect(world.said(repo, 1)).toEqual(said)
  })

  it('runs what its author edited, only the lines that are new since we answered', async () => {
    const repo = world.repository('edited')
    const [first, second] = [await postItem(world, repo, 'First'), await postItem(world, repo, 'Second')]
    const { number } = world.gh.as(OWNER).openIssue(repo, { title: 'Talk' })
    world.gh.user('bob')
    world.gh.user('cleo')
    world.gh.as('cleo').comment(repo, number, `/wl claim ${first}`)
    await world.idle()
    const comment = world.gh.as('bob').comment(repo, number, `/wl claim ${first}\n/wl clam`)
    await world.idle()
    expect(lastSaid(repo, number)).toContain('claimed by `cleo`')
    world.gh.as('cleo').comment(repo, number, `/wl unclaim ${first}`)
    await world.idle()
    world.gh.clock.advance(5)
    unheard(() => world.gh.as('bob').editComment(repo, comment.id, `/wl claim ${first}\n/wl claim ${second}`))
    await look()
    expect(await recorded(world, second)).toMatchObject({ status: 'claimed', holder: 'bob' })
    expect(await recorded(world, first)).toMatchObject({ status: 'open', holder: null })
  })

  it('runs nothing of a comment that somebody else edited, but names it', async () => {
    const repo = world.repository('others')
    const { id, number } = await inReview(world, repo)
    const comment = unheard(() => {
      const written = world.gh.as(OWNER).comment(repo, number, 'Well done')
      world.gh.as('mia').editComment(repo, written.id, '/wl stamp quality=5')
      return written
    })
    const { said } = await byHand(repo)
    expect(said).toContain('1 command nobody answered and the bridge does not run.')
    expect(said).toContain(
      `${comment.html_url} (edited by somebody else, so not surely its author’s words) ada: "/wl stamp`,
    )
    expect((await recorded(world, id)).stamps).toEqual([])
    await look()
    expect((await recorded(world, id)).stamps).toEqual([])
    expect(world.gh.reactions(comment.id)).toEqual([])
  })

  it('leaves commands older than a week to a person: the log names each once, the command line each time', async () => {
    const repo = world.repository('old')
    const { id, number } = await inReview(world, repo)
    await look()
    world.gh.clock.advance(-8 * DAY_SECONDS)
    const [old, older] = unheard(() => [
      world.gh.as('mia').comment(repo, number, '/wl stamp quality=4'),
      world.gh.as('mia').review(repo, number, { state: 'COMMENT', body: '/wl stamp quality=3' }),
    ])
    world.gh.clock.advance(8 * DAY_SECONDS)
    // The bridge was away for ten days.
    await world.ops(`UPDATE reconciled SET mark = mark - interval '10 days'`)
    unheard(() => world.gh.as('mia').editTitle(repo, number, 'Touched'))
    await look()
    await look()
    expect((await recorded(world, id)).stamps).toEqual([])
    const told = (url: string) => world.log.filter((line) => line.includes('left for a person') && line.includes(url))
    for (const { html_url: url } of [old, older]) expect(told(url)).toHaveLength(1)
    for (let times = 0; times < 2; times++) {
      const { said } = await byHand(repo)
      expect(said).toContain(`${old.html_url} (older than a week) mia: "/wl stamp quality=4"`)
      expect(said).toContain(`${older.html_url} (older than a week) mia: "/wl stamp quality=3"`)
    }
    const { code, document, err } = await runForJson(world, 'reconcile', '--repo', repo)
    await world.idle()
    const left = [old, older].map(({ html_url: url }, nth) => ({
      why: 'old',
      url,
      login: 'mia',
      line: `/wl stamp quality=${4 - nth}`,
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    }))
    const counted = { pullRequests: 1, commands: 0, labelledIssues: 0, reverts: 0, isRunning: true }
    expect({ code, document, err }).toEqual({ code: 0, document: { repository: repo, ...counted, left }, err: '' })
    expect((await recorded(world, id)).stamps).toEqual([])
  })

  it('gives an item to the pull request that was first to name it, of several that nobody told us of', async () => {
    const repo = world.repository('rivals')
    const [byLabel, byLine] = [await postItem(world, repo, 'By label'), await postItem(world, repo, 'By line')]
    const numbers = unheard(() => {
      const [one, two] = [openPull(world, repo, 'ann'), openPull(world, repo, 'bob')]
      world.gh.as('mia').label(repo, two, `wl:${byLabel}`)
      world.gh.clock.advance(2)
      world.gh.as('mia').label(repo, one, `wl:${byLabel}`)
      const three = openPull(world, repo, 'bob', { body: `Wanted: ${byLine}` })
      world.gh.clock.advance(2)
      return [one, two, three, openPull(world, repo, 'ann', { body: `Wanted: ${byLine}` })]
    })
    await look()
    expect(await recorded(world, byLabel)).toMatchObject({ status: 'in_review', holder: 'bob' })
    expect(await recorded(world, byLine)).toMatchObject({ status: 'in_review', holder: 'bob' })
    expect(lastSaid(repo, numbers[0]!)).toMatch(/\*\*(Waiting|Taken)\*\*/)
  })

  it('posts issues that got the label, as who put it', async () => {
    const repo = world.repository('labelled')
    world.gh.as(OWNER).writeFile(repo, '.github/wasteland.yml', 'post: wanted-label\n')
    await world.idle()
    const issue = unheard(() => {
      const made = world.gh.as(OWNER).openIssue(repo, { title: 'Post me' })
      world.gh.as('mia').label(repo, made.number, 'wanted')
      return made
    })
    await look()
    const [row] = await world.sql('SELECT posted_by, status FROM wanted WHERE description LIKE ?', [
      `${issue.html_url}%`,
    ])
    expect(row).toEqual({ posted_by: 'mia', status: 'open' })
    expect(world.said(repo, issue.number)).toHaveLength(1)
    await look()
    expect(world.said(repo, issue.number)).toHaveLength(1)
  })

  it('flags what was reverted, though nobody told us of the work, the revert or the revert of that', async () => {
    const repo = world.repository('reverted')
    const stays = await postItem(world, repo, 'Stays')
    const comes = await postItem(world, repo, 'Comes back')
    const pushed = await postItem(world, repo, 'Reverted by a push')
    const numbers = unheard(() => {
      const merged = (id: string) => {
        const number = openPull(world, repo, 'bob', { body: `Wanted: ${id}`, file: `src/${id}.ts` })
        world.gh.as('mia').merge(repo, number)
        return number
      }
      const revert = (number: number) => {
        const { number: by } = world.gh.as('mia').revertPullRequest(repo, number)
        world.gh.as('mia').merge(repo, by)
        return by
      }
      const [one, two, three] = [merged(stays), merged(comes), merged(pushed)]
      revert(one)
      revert(revert(two))
      const { merge_commit_sha: sha } = world.gh.pull(repo, three)
      world.gh.as('mia').commit(repo, {
        message: `Revert "Count"\n\nThis reverts commit ${sha}.`,
        files: { [`src/${pushed}.ts`]: null },
      })
      return [one, two, three]
    })
    await look()
    const isFlagged = (number: number) => world.said(repo, number)[0]!.includes('Reverted by')
    const [one, two, three] = numbers as [number, number, number]
    const stands = await world.ops('SELECT url, stands FROM reverts ORDER BY url')
    expect(stands.filter((row) => String(row['url']).includes(`/${repo}/`) && row['stands'] === true)).toHaveLength(2)
    expect([one, two, three].map(isFlagged)).toEqual([true, false, true])
  })

  it('is found when our own store is lost too, however old the pull request', async () => {
    const repo = world.repository('lost')
    const [drafted, gone] = [await postItem(world, repo, 'Drafted'), await inReview(world, repo, 'ann', 'Gone')]
    world.gh.clock.advance(-60 * DAY_SECONDS)
    const number = unheard(() => openPull(world, repo, 'bob', { draft: true, body: `Wanted: ${drafted}` }))
    world.gh.clock.advance(60 * DAY_SECONDS)
    await look(async () => {
      removeEmbeddedPostgres(join(world.config.dataDir, 'postgres'))
      unheard(() => world.gh.as('ann').editBody(repo, gone.number, 'Nothing'))
    })
    expect(await recorded(world, drafted)).toMatchObject({ status: 'claimed', holder: 'bob' })
    expect(world.said(repo, number)).toHaveLength(1)
    expect(await recorded(world, gone.id)).toMatchObject({ status: 'open', completions: [] })
  })

  it('is all found when a look was broken off in the midst', async () => {
    const repo = world.repository('broken-off')
    const id = await postItem(world, repo)
    const number = unheard(() => life(repo, id))
    world.gh.fault({ path: /broken-off\/issues\/comments/, status: 502 })
    world.gh.fault({ path: /broken-off\/pulls\/comments/, drop: true })
    await look()
    await expectLived(repo, id, number)
  })

  it('is found in a repository beside one that always fails', async () => {
    const [bad, good] = [world.repository('always-fails'), world.repository('beside')]
    const id = await postItem(world, good)
    const number = unheard(() => life(good, id))
    const end = world.gh.fault({ path: new RegExp(`^/repos/${bad}/`), status: 500, times: 1e6 })
    ahead += HOUR
    await world.restart()
    while ((await recorded(world, id)).stamps.length === 0) await sleep(50)
    end()
    await world.idle()
    await expectLived(good, id, number)
  })

  it('is told what is wrong by the command line, in one sentence', async () => {
    const said = async (...args: string[]) => runBeside(world, 'reconcile', ...args)
    const usage = { code: 2, said: 'Not understood. Expected: wasteland-bridge reconcile --repo owner/name [--json]\n' }
    expect(await said()).toEqual(usage)
    expect(await said('--repo', 'nonsense')).toEqual(usage)
    expect(await said('--repo', `${OWNER}/none`)).toMatchObject({
      code: 1,
      said: expect.stringContaining('not installed on ada/none'),
    })
    world.gh.user('stranger')
    world.gh.repository('stranger/own')
    world.gh.as('stranger').installApp({ account: 'stranger' })
    await world.idle()
    const stranger = await said('--repo', 'stranger/own')
    expect(stranger).toMatchObject({ code: 1, said: expect.stringContaining('Admit it first: wasteland-bridge admit') })
  })

  it('waits for the bridge when none runs', async () => {
    const repo = world.repository('alone')
    const id = await postItem(world, repo)
    let number = 0
    await world.restart(async () => {
      number = unheard(() => life(repo, id))
      const { said } = await runBeside(world, 'reconcile', '--repo', repo)
      expect(said).toContain('The bridge looks again at 1 pull request when it runs.')
    })
    await world.idle()
    await expectLived(repo, id, number)
  })

  it('leaves a command to its delivery for a minute, and runs it at the next comparison', async () => {
    const repo = world.repository('under-way')
    const id = await postItem(world, repo)
    world.gh.user('bob')
    // GitHub's clock is the bridge's from here on.
    world.gh.clock.advance((Date.now() + ahead + HOUR - world.gh.clock.now()) / 1000)
    const claim = () => world.gh.as('bob').comment(repo, 1, '/wl claim')
    await look(async () => void unheard(claim))
    expect((await recorded(world, id)).status).toBe('open')
    await look()
    expect(await recorded(world, id)).toMatchObject({ status: 'claimed', holder: 'bob' })
  })
})
