import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Exchange } from '../../local-github/faults.ts'
import { countDue, makeDue } from '../queue-rows.ts'
import { runBeside } from './cli.ts'
import { openPull, OWNER, postItem, postItems, recorded, startWorld, type World } from './world.ts'

/*
 * What each command and event asks of GitHub, call by call: `warm`, within a minute of the same; and what is asked
 * besides when it is `cold`, a minute after. Each costs an installation of its hourly limit, and whoever waits for the
 * answer its time; one that is answered by 304 (`same`) costs the time alone.
 */

const NAME = '/repos/{owner}/{repo}'
/** One look at a pull request. */
const LOOK = 'graphql PullRequest'
/** Between the ends of two checks. */
const GAP_MS = 20
/** Its diff, which names its head and base. */
const CHANGES = [`GET ${NAME}/compare/{basehead}`]
/** The tasks of the issue that an item was posted from, where it is not known before the look. */
const TASKS = 'graphql userContentEdits'
/** The status comment and the check run, by one request. */
const EDIT_STATUS = ['graphql updateIssueComment, updateCheckRun']
/** The same with the reaction to a command. */
const EDIT_AND_REACT = ['graphql updateIssueComment, updateCheckRun, addReaction']
const EDIT_STATUS_OF_NEW_HEAD = ['graphql updateIssueComment, createCheckSuite, createCheckRun']
/** A first comment or check: the look at the pull request tells that it is not there yet. */
const COMMENT = [`POST ${NAME}/issues/{issue_number}/comments`]
/** The issue of an item that is completed says so. */
const ON_ISSUE = COMMENT
const CHECK = ['graphql createCheckSuite, createCheckRun']
/** On an issue GitHub is asked whether the comment is there, and for the texts of comments of ours. */
const FIRST_ON_ISSUE = ['graphql CommentAuthors', ...COMMENT]
const MORE_ON_ISSUE = [...FIRST_ON_ISSUE, 'graphql CommentTexts']
const REACTION = `POST ${NAME}/issues/comments/{comment_id}/reactions`
/** The file of settings, and the repository that may have the owner's. */
const SETTINGS = [`GET ${NAME}/contents/{path}`, `GET ${NAME}`]
const ROLE = `GET ${NAME}/collaborators/{username}/permission`
const ISSUE = [`GET ${NAME}`, `GET ${NAME}/issues/{issue_number}`]

describe('calls of GitHub', () => {
  let world: World
  let time = Date.now()
  beforeAll(async () => {
    // No scheduled job in between, and no minute that ends by itself.
    world = await startWorld({ clock: { now: () => new Date(time), pollIntervalMs: 24 * 3_600_000 } })
    await world.idle()
  }, 120_000)
  afterAll(() => world.close())

  /** The calls until all is done, sorted, and how many of them were answered by 304. */
  async function callsOf(act: () => unknown): Promise<{ calls: string[]; same: number }> {
    const seen: Exchange[] = []
    const stop = world.gh.onExchange((exchange) => void seen.push(exchange))
    // GitHub's times are whole seconds: what changes within one may be answered by 304.
    world.gh.clock.advance(2)
    await act()
    await world.idle()
    stop()
    return { calls: seen.map(nameOf).toSorted(), same: seen.filter(({ unchanged }) => unchanged).length }
  }

  function nameOf({ method, path, template, body }: Exchange): string {
    if (path !== '/graphql') return `${method} ${template}`
    const { query } = body as { query: string }
    if (query.startsWith('mutation Publish')) return `graphql ${query.match(/\w+(?=\(input:)/g)!.join(', ')}`
    return `graphql ${/(?<=query )\w+|closedByPullRequestsReferences|userContentEdits|addReaction/.exec(query)?.[0]}`
  }

  /** Does the same twice and compares: cold, what is asked `besides`, and warm. */
  async function expectCalls(
    acts: [() => unknown, () => unknown],
    { warm, besides, same }: { warm: readonly string[]; besides: readonly string[]; same: number },
  ) {
    time += 61_000
    expect((await callsOf(acts[0])).calls, 'cold').toEqual([...warm, ...besides].toSorted())
    expect(await callsOf(acts[1]), 'warm').toEqual({ calls: warm.toSorted(), same })
  }

  const both = (act: (n: 0 | 1) => unknown): [() => unknown, () => unknown] => [() => act(0), () => act(1)]

  /** Two pull requests of bob's in review, each for an item of its own. */
  async function twoInReview(name: string): Promise<{ repo: string; numbers: [number, number]; ids: string[] }> {
    const repo = world.repository(name)
    const ids = await postItems(world, [repo, repo])
    const [one, two] = ids.map((id) => openPull(world, repo, 'bob', { body: `Wanted: ${id}` }))
    await world.idle()
    // Looked at once more when all is made: how often they were until then is chance, and so what is known by then.
    for (const number of [one!, two!]) world.gh.as('bob').editTitle(repo, number, 'Count them')
    await world.idle()
    return { repo, numbers: [one!, two!], ids }
  }

  async function expectStatus(ids: readonly string[], status: string) {
    for (const id of ids) expect((await recorded(world, id)).status).toBe(status)
  }

  it('/wl stamp on a pull request', async () => {
    const { repo, numbers, ids } = await twoInReview('stamped')
    const warm = [LOOK, ...CHANGES, ...EDIT_AND_REACT, ...ON_ISSUE]
    const stamp = both((n) => world.gh.as('mia').comment(repo, numbers[n], '/wl stamp quality=4'))
    await expectCalls(stamp, { warm, besides: [...SETTINGS, ROLE], same: 0 })
    await expectStatus(ids, 'completed')
  })

  it('/wl stamp in an approval, whose verdict is shown with the stamp', async () => {
    const { repo, numbers, ids } = await twoInReview('approved')
    const warm = [LOOK, ...CHANGES, ...EDIT_AND_REACT, ...ON_ISSUE]
    const approve = { state: 'APPROVE', body: '/wl stamp quality=4' } as const
    const stamp = both((n) => world.gh.as('mia').review(repo, numbers[n], approve))
    await expectCalls(stamp, { warm, besides: [...SETTINGS, ROLE], same: 0 })
    await expectStatus(ids, 'completed')
  })

  it('/wl reject', async () => {
    const { repo, numbers, ids } = await twoInReview('rejected')
    const warm = [LOOK, ...EDIT_AND_REACT, ...COMMENT]
    const reject = both((n) => world.gh.as('mia').comment(repo, numbers[n], '/wl reject reason="No tests"'))
    await expectCalls(reject, { warm, besides: [...SETTINGS, ROLE], same: 0 })
    await expectStatus(ids, 'claimed')
  })

  it('/wl stamp, reject, correct and undo of who has no right cost the same for one commit as for forty, and five lines no more than one', async () => {
    const { repo, numbers, ids } = await twoInReview('unrightful')
    for (let n = 0; n < 40; n++)
      world.gh.as('bob').push(repo, numbers[0], { message: `Count ${n}`, files: { [`src/n${n}.ts`]: 'one\n' } })
    // Commits in the stranger's own name: each would be asked for, to see how much of the work is theirs.
    world.gh.user('eve')
    for (let n = 0; n < 10; n++)
      world.gh
        .as('bob')
        .push(repo, numbers[0], { message: `Eve ${n}`, author: 'eve', files: { [`src/e${n}.ts`]: 'x\n' } })
    await world.idle()
    const warm = [LOOK, ...COMMENT, REACTION]
    const say = async (line: string, besides: readonly string[]) => {
      const { calls } = await callsOf(() => world.gh.as('eve').comment(repo, numbers[0], line))
      expect({ line, calls }).toEqual({ line, calls: [...warm, ...besides].toSorted() })
    }
    time += 61_000
    await say('/wl stamp quality=4', [...SETTINGS, ROLE])
    await say('/wl reject reason="no"', [])
    await say('/wl correct quality=1 reason="no"', [])
    await say('/wl undo', [])
    await say(Array.from({ length: 5 }, (_, n) => `/wl stamp quality=${n + 1}`).join('\n'), [])
    await say('/wl stamp quality=1\n/wl reject reason="a"\n/wl correct quality=2 reason="b"\n/wl undo', [])
    expect(world.said(repo, numbers[0]).at(-5)).toMatch(/^Only people with the GitHub role admin or maintain/)
    await expectStatus(ids, 'in_review')
  })

  it('five questions in one comment share one look', async () => {
    const { repo, numbers } = await twoInReview('asked')
    const ask = both((n) =>
      world.gh.as('bob').comment(repo, numbers[n], Array<string>(5).fill('/wl status').join('\n')),
    )
    const warm = [LOOK, ...COMMENT, REACTION]
    await expectCalls(ask, { warm, besides: SETTINGS, same: 0 })
  })

  it('two commands in one comment, which look each for itself', async () => {
    const { repo, numbers, ids } = await twoInReview('twice')
    const warm = [LOOK, ...CHANGES, ...EDIT_AND_REACT, ...ON_ISSUE, LOOK, ...COMMENT]
    const stampAndAsk = both((n) => world.gh.as('mia').comment(repo, numbers[n], '/wl stamp quality=4\n/wl status'))
    await expectCalls(stampAndAsk, { warm, besides: [...SETTINGS, ROLE], same: 0 })
    await expectStatus(ids, 'completed')
  })

  it('a label', async () => {
    const repo = world.repository('labelled')
    const ids = await postItems(world, [repo, repo])
    const numbers = [openPull(world, repo, 'bob'), openPull(world, repo, 'bob')]
    await world.idle()
    const warm = [LOOK, ...COMMENT, ...CHECK]
    const label = both((n) => world.gh.as('mia').label(repo, numbers[n]!, `wl:${ids[n]}`))
    await expectCalls(label, { warm, besides: SETTINGS, same: 0 })
    await expectStatus(ids, 'in_review')
  })

  it('a pull request that is opened with a line of its description', async () => {
    const repo = world.repository('opened')
    const ids = await postItems(world, [repo, repo])
    const warm = [LOOK, TASKS, ...COMMENT, ...CHECK]
    const open = both((n) => openPull(world, repo, 'bob', { body: `Wanted: ${ids[n]}` }))
    await expectCalls(open, { warm, besides: SETTINGS, same: 0 })
    await expectStatus(ids, 'in_review')
  })

  it('a push', async () => {
    const { repo, numbers } = await twoInReview('pushed')
    const warm = [LOOK, ...EDIT_STATUS_OF_NEW_HEAD]
    const more = { files: { 'src/more.ts': 'more\n' } }
    const push = both((n) => world.gh.as('bob').push(repo, numbers[n], more))
    await expectCalls(push, { warm, besides: SETTINGS, same: 0 })
  })

  it('a check that ends', async () => {
    const { repo, numbers } = await twoInReview('checked')
    const warm = [LOOK, ...EDIT_STATUS]
    const check = both((n) => {
      const { sha } = world.gh.pull(repo, numbers[n]).head
      world.gh.as(OWNER).addCheckRun(repo, { sha, name: 'tests', conclusion: 'success' })
    })
    await expectCalls(check, { warm, besides: SETTINGS, same: 0 })
  })

  it('a check that ends and changes nothing that is shown', async () => {
    const { repo, numbers } = await twoInReview('unchanged')
    const { sha } = world.gh.pull(repo, numbers[0]).head
    const end = () => world.gh.as(OWNER).addCheckRun(repo, { sha, name: 'tests', conclusion: 'success' })
    end()
    await world.idle()
    world.gh.clock.advance(60)
    expect(await callsOf(end)).toEqual({ calls: [LOOK], same: 0 })
  })

  /** Refreshes that begin later begin after all that `act` brings about, on a machine of any speed. */
  async function whileDelayed(act: () => Promise<void>): Promise<void> {
    await world.ops(`CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql
      AS $$ BEGIN NEW.start_after := NEW.start_after + interval '1 hour'; RETURN NEW; END $$`)
    // One that joins would bring it forward to a second from now, which is held again.
    await world.ops(`CREATE TRIGGER hold BEFORE INSERT OR UPDATE OF start_after ON jobs FOR EACH ROW
      WHEN (NEW.data ? 'revisit' AND NEW.heartbeat_at IS NULL AND NEW.start_after > now()) EXECUTE FUNCTION hold()`)
    try {
      await act()
      await world.gh.settled()
      await expect.poll(() => countDue(world.ops, 'deliveries'), { timeout: 20_000 }).toBe(0)
    } finally {
      await world.ops('DROP FUNCTION hold CASCADE')
    }
    await makeDue(world.ops)
  }

  it('ten checks that end one after another, within a second: one refresh for all', async () => {
    const { repo, numbers } = await twoInReview('series')
    const { sha } = world.gh.pull(repo, numbers[0]).head
    const { calls } = await callsOf(() =>
      whileDelayed(async () => {
        for (let n = 0; n < 5; n++) {
          world.gh.as(OWNER).addCheckRun(repo, { sha, name: `test ${n}`, conclusion: 'success' })
          await sleep(GAP_MS)
          world.gh.as(OWNER).addStatus(repo, { sha, context: `ci ${n}`, state: 'success' })
          await sleep(GAP_MS)
        }
      }),
    )
    expect(calls).toEqual([LOOK, ...EDIT_STATUS].toSorted())
    expect(world.said(repo, numbers[0])).toEqual([expect.stringContaining('checks 10/10')])
  })

  it('a comment is answered before the refresh for a check that ended before it', async () => {
    const { repo, numbers } = await twoInReview('ahead')
    const { sha } = world.gh.pull(repo, numbers[0]).head
    const { calls } = await callsOf(() =>
      whileDelayed(async () => {
        world.gh.as(OWNER).addCheckRun(repo, { sha, name: 'tests', conclusion: 'success' })
        const isDelayed = `data ? 'revisit' AND start_after > now()`
        await expect.poll(() => world.ops(`SELECT id FROM jobs WHERE ${isDelayed}`), { interval: 10 }).toHaveLength(1)
        world.gh.as('bob').comment(repo, numbers[0], '/wl status')
        await expect.poll(() => world.said(repo, numbers[0]), { timeout: 20_000 }).toHaveLength(2)
        expect(await world.ops(`SELECT id FROM jobs WHERE ${isDelayed}`)).toHaveLength(1)
      }),
    )
    expect(calls.filter((call) => call === LOOK)).toHaveLength(2)
  })

  it('a push with ten checks that end at once: two looks at most, of the push and of one refresh', async () => {
    const { repo, numbers } = await twoInReview('burst')
    const { calls } = await callsOf(() =>
      whileDelayed(async () => {
        world.gh.as('bob').push(repo, numbers[0], { files: { 'src/more.ts': 'more\n' } })
        const { sha } = world.gh.pull(repo, numbers[0]).head
        for (let n = 0; n < 10; n++)
          world.gh.as(OWNER).addCheckRun(repo, { sha, name: `test ${n}`, conclusion: 'success' })
      }),
    )
    // Of eleven events. Checks that end before the push is known need no refresh: the push reads them.
    expect(calls.filter((call) => call === LOOK).length).toBeLessThanOrEqual(2)
    expect(world.said(repo, numbers[0])).toEqual([expect.stringContaining('checks 10/10')])
  })

  it('a comparison of a repository with ten pull requests: five are asked for at once', async () => {
    const repo = world.repository('compared')
    const ids = await postItems(world, Array<string>(10).fill(repo))
    for (const id of ids) openPull(world, repo, 'bob', { body: `Wanted: ${id}` })
    await world.idle()
    const { calls } = await callsOf(() => runBeside(world, 'reconcile', '--repo', repo))
    expect(calls).toContain('graphql PullRequests')
    // The first may be worked on before the others are found.
    expect(calls.filter((call) => call.startsWith('graphql PullRequest')).length).toBeLessThan(10)
  })

  it('any event of a pull request that names no item: one look, or none where no issue of its repository was posted', async () => {
    const [posted, other] = [world.repository('names-none'), world.repository('names-none-2')]
    await postItem(world, posted)
    const counts: Record<string, number[]> = {}
    for (const repo of [posted, other]) {
      const [bob, owner] = [world.gh.as('bob'), world.gh.as(OWNER)]
      const number = openPull(world, repo, 'bob')
      await world.idle()
      const { sha } = world.gh.pull(repo, number).head
      const acts: Record<string, () => unknown> = {
        opened: () => openPull(world, repo, 'bob'),
        edited: () => bob.editTitle(repo, number, 'Another'),
        labelled: () => owner.label(repo, number, 'bug'),
        drafted: () => bob.convertToDraft(repo, number),
        ready: () => bob.readyForReview(repo, number),
        commented: () => owner.comment(repo, number, 'Thank you'),
        reviewed: () => owner.review(repo, number, { state: 'APPROVE', body: 'Good' }),
        'check ended': () => owner.addCheckRun(repo, { sha, name: 'tests', conclusion: 'success' }),
        status: () => owner.addStatus(repo, { sha, context: 'ci', state: 'success' }),
        pushed: () => bob.push(repo, number, { files: { 'src/more.ts': 'more\n' } }),
        closed: () => bob.close(repo, number),
        reopened: () => bob.reopen(repo, number),
        merged: () => owner.merge(repo, number),
      }
      for (const [name, act] of Object.entries(acts))
        counts[name] = [...(counts[name] ?? []), (await callsOf(act)).calls.length]
    }
    const [look, none] = [
      [1, 0],
      [0, 0],
    ]
    expect(counts).toEqual({
      opened: look,
      edited: look,
      labelled: look,
      drafted: look,
      ready: look,
      commented: none,
      reviewed: none,
      'check ended': none,
      status: none,
      pushed: look,
      closed: look,
      reopened: look,
      merged: look,
    })
  })

  it('a status comment that somebody deleted or edited, at the next event: it is written again', async () => {
    const { repo, numbers } = await twoInReview('by-hand')
    const [text] = world.said(repo, numbers[0])
    const owner = world.gh.as(OWNER)
    const own = () => world.gh.comments(repo, numbers[0]).find(({ body }) => body.includes('wasteland-bridge'))!
    const say = (title: string) => () => world.gh.as('bob').editTitle(repo, numbers[0], title)
    owner.editComment(repo, own().id, 'Mine wasteland-bridge')
    await world.idle()
    expect((await callsOf(say('Count more'))).calls).toEqual(
      [LOOK, `PATCH ${NAME}/issues/comments/{comment_id}`].toSorted(),
    )
    expect(world.said(repo, numbers[0])).toEqual([text])
    owner.deleteComment(repo, own().id)
    await world.idle()
    const { sha } = world.gh.pull(repo, numbers[0]).head
    await callsOf(() => owner.addCheckRun(repo, { sha, name: 'tests', conclusion: 'success' }))
    expect(world.said(repo, numbers[0])).toEqual([expect.stringMatching(/^\S/)])
    expect((await callsOf(say('Count on'))).calls).toEqual([LOOK])
  })

  it('a merge of stamped work into a base that moved, whose diff is asked for again', async () => {
    const { repo, numbers } = await twoInReview('merged')
    for (const number of numbers) world.gh.as('mia').comment(repo, number, '/wl stamp quality=4')
    world.gh.as(OWNER).writeFile(repo, 'src/other.ts', 'export {}\n')
    await world.idle()
    const merge = both((n) => world.gh.as(OWNER).merge(repo, numbers[n]))
    await expectCalls(merge, { warm: [LOOK, ...CHANGES, ...EDIT_STATUS], besides: SETTINGS, same: 0 })
  })

  it('/wl post and /wl claim', async () => {
    const repo = world.repository('posted')
    const issues = ['One', 'Two'].map((title) => world.gh.as(OWNER).openIssue(repo, { title }))
    await world.idle()
    const said = [...ISSUE, REACTION]
    const post = both((n) => world.gh.as(OWNER).comment(repo, issues[n]!.number, '/wl post'))
    const posted = [
      ...said,
      ...FIRST_ON_ISSUE,
      'graphql closedByPullRequestsReferences',
      `POST ${NAME}/issues/{issue_number}/labels`,
    ]
    await expectCalls(post, { warm: posted, besides: SETTINGS, same: 1 })
    const claim = both((n) => world.gh.as('bob').comment(repo, issues[n]!.number, '/wl claim'))
    await expectCalls(claim, { warm: [...said, ...MORE_ON_ISSUE], besides: SETTINGS, same: 1 })
  })

  it('whose answers have not changed cost nothing of the limit, and a changed one is seen at once', async () => {
    const { repo, numbers } = await twoInReview('limit')
    const used: number[] = []
    const count = () => void used.push(world.gh.limits.spent())
    const ask = async () => {
      count()
      const { calls, same } = await callsOf(() => world.gh.as('mia').comment(repo, numbers[0], '/wl status'))
      const rest = calls.filter((call) => !call.startsWith('graphql')).length
      expect(world.gh.limits.spent() - used.at(-1)!).toBe(rest - same)
      return same
    }
    // Where one query tells of the whole pull request, there is less to be unchanged.
    const end = world.gh.fault({ path: /^\/graphql/, asking: 'query PullRequest(', status: 403, times: 2 })
    await ask()
    expect(await ask()).toBeGreaterThan(3)
    end()
    world.gh.as(OWNER).writeFile(repo, '.github/wasteland.yml', 'ignore: [bob]\n')
    await world.idle()
    await ask()
    expect(world.said(repo, numbers[0]).at(-1)).toMatch(/Left alone/)
  })
})
