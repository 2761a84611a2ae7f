import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { send } from '../crash/signed.ts'
import { expectRefused } from './talk.ts'
import { inReview, message, openPull, OWNER, recorded, startWorld, type World } from './world.ts'

describe('what a stamp needs', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  }, 120_000)
  afterAll(() => world.close())

  /** A repository with these settings. */
  function withSettings(name: string, yaml: string): string {
    const repo = world.repository(name)
    world.gh.as(OWNER).writeFile(repo, '.github/wasteland.yml', yaml)
    return repo
  }

  const status = (repo: string, number: number) => world.said(repo, number)[0]!

  /** Conclusion and title of the check run at the head. */
  function check(repo: string, number: number): string {
    const runs = world.gh
      .checkRuns(repo, world.gh.pull(repo, number).head.sha)
      .filter((run) => run['name'] === 'Wasteland')
    const run = runs.at(-1)!
    return `${run['conclusion'] ?? run['status']}: ${run['output'].title}`
  }

  it('is nothing but the right to it where settings ask for no more', async () => {
    const repo = world.repository('plain')
    const { number } = await inReview(world, repo)
    expect(check(repo, number)).toBe('neutral: Ready for a stamp')
    world.gh.as('mia').comment(repo, number, '/wl stamp quality=4')
    await world.idle()
    expect(check(repo, number)).toBe('success: Stamped')
    world.gh.as('bob').push(repo, number, { files: { 'src/a.ts': 'other\n' } })
    await world.idle()
    expect(check(repo, number)).toBe('neutral: Stamped, and changed since')
  })

  it('is shown in a suite that comes to an end: where no item is named, and when somebody asks again', async () => {
    const repo = world.repository('suites')
    const { number } = await inReview(world, repo)
    const sha = world.gh.as(OWNER).commit(repo, { branch: 'other', files: { 'src/o.ts': 'o\n' } })
    await world.idle()
    const { repository, sender, installation } = world.gh.deliveries.findLast(
      ({ payload }) => (payload as { repository?: { full_name: string } }).repository?.full_name === repo,
    )!.payload as Record<string, unknown>
    const suite = async (action: string, head: string, app: number = world.gh.app.id) => {
      const check_suite = { id: 1, head_sha: head, status: 'queued', conclusion: null, app: { id: app } }
      const payload = { action, repository, sender, installation, check_suite } as never
      await send(world.gh, world.bridge, { guid: randomUUID(), event: 'check_suite', payload })
      await world.idle()
      return world.gh.checkRuns(repo, head).map((run) => `${run['conclusion']}: ${run['output'].title}`)
    }
    const none = 'neutral: No wanted item'
    expect(await suite('requested', sha, 15368)).toEqual([])
    expect(await suite('requested', sha)).toEqual([none])
    expect(await suite('requested', sha)).toEqual([none])
    expect(await suite('rerequested', sha)).toEqual([none, none])
    const head = world.gh.pull(repo, number).head.sha
    const ready = 'neutral: Ready for a stamp'
    expect(await suite('requested', head)).toEqual([ready])
    expect(await suite('rerequested', head)).toEqual([ready, ready])
    world.gh.as('mia').comment(repo, number, '/wl stamp quality=4')
    await world.idle()
    // The newest run is the one that GitHub shows, so that is the one that is kept right.
    expect(check(repo, number)).toBe('success: Stamped')
  })

  it('is shown at a head of which the suite tells before its pull request does', async () => {
    const { gh } = world
    const repo = world.repository('early')
    const { number } = await inReview(world, repo)
    const { repository, sender, installation } = gh.deliveries.findLast(
      ({ payload }) => (payload as { repository?: { full_name: string } }).repository?.full_name === repo,
    )!.payload as Record<string, unknown>
    const end = gh.drop(() => true)
    gh.as('bob').push(repo, number, { files: { 'src/a.ts': 'two\n' } })
    await gh.settled()
    end()
    const head = gh.pull(repo, number).head.sha
    const check_suite = { id: 1, head_sha: head, status: 'queued', conclusion: null, app: { id: gh.app.id } }
    const payload = { action: 'requested', repository, sender, installation, check_suite } as never
    await send(gh, world.bridge, { guid: randomUUID(), event: 'check_suite', payload })
    await world.idle()
    const runs = gh.checkRuns(repo, head).map((run) => `${run['conclusion']}: ${run['output'].title}`)
    expect(runs).toEqual(['neutral: Ready for a stamp'])
  })

  it('is checks, approvals and no request for changes, each at this head', async () => {
    const { gh } = world
    const repo = withSettings('gated', 'gates: { checks: true, approvals: 1, changes: true }')
    const { id, number } = await inReview(world, repo)
    expect(status(repo, number)).toContain('- ⏳ Checks: none has reported on this head yet.')
    expect(status(repo, number)).toContain('- ☐ Approvals: 0 of 1 at this head.')
    expect(check(repo, number)).toBe('action_required: Not ready for a stamp: 1 of 3 criteria met')
    // A stranger's word is no review here.
    gh.user('eve')
    gh.as('eve').review(repo, number, { state: 'APPROVE' })
    gh.as('mia').review(repo, number, { state: 'REQUEST_CHANGES', body: 'No.' })
    await world.idle()
    expect(status(repo, number)).toContain('- ☐ Approvals: 0 of 1 at this head.')
    expect(status(repo, number)).toContain('- ☐ Changes are asked for by `mia`.')
    await expectRefused(world, { repo, number }, 'mia', '/wl stamp quality=4', /3 criteria of 3 not met/)
    // Who may not stamp is told that, and not what is missing.
    await expectRefused(world, { repo, number }, 'eve', '/wl stamp quality=4', /^Only people with the GitHub role/)
    gh.as('mia').review(repo, number, { state: 'APPROVE' })
    await world.idle()
    expect(check(repo, number)).toBe('in_progress: Waiting for checks')
    const { sha } = gh.pull(repo, number).head
    gh.as(OWNER).addCheckRun(repo, { sha, name: 'test', conclusion: 'success' })
    await world.idle()
    expect(status(repo, number)).toContain('- ☑ Checks: 1 of 1 passed.')
    expect(check(repo, number)).toBe('neutral: Ready for a stamp')
    gh.as('bob').push(repo, number, { files: { 'src/a.ts': 'two\n' } })
    await world.idle()
    expect(status(repo, number)).toContain('- ☐ Approvals: 0 of 1 at this head, 1 of an older head.')
    gh.as('mia').review(repo, number, { state: 'APPROVE' })
    gh.as(OWNER).addCheckRun(repo, { sha: gh.pull(repo, number).head.sha, name: 'test', conclusion: 'success' })
    await world.idle()
    gh.as('mia').comment(repo, number, '/wl stamp quality=4')
    await world.idle()
    expect((await recorded(world, id)).status).toBe('completed')
  })

  it('can be left out for a reason, which the ledger keeps', async () => {
    const repo = withSettings('over', 'gates: { checks: true, approvals: 2 }')
    const { id, number } = await inReview(world, repo)
    world.gh.as('mia').comment(repo, number, '/wl stamp quality=4 override="CI is down\nall week"')
    world.gh.as('mia').comment(repo, number, '/wl stamp quality=4 override="CI is down all week"')
    await world.idle()
    expect((await recorded(world, id)).status).toBe('completed')
    const said = await message(world, `wl accept: ${id}`)
    expect(said).toContain('\nUnmet: checks; approvals\nOverride: CI is down all week')
  })

  it('has each task under the issue’s acceptance heading ticked by somebody who may stamp', async () => {
    const { gh } = world
    const repo = world.repository('accepted')
    gh.user('cat')
    gh.as(OWNER).setRole(repo, 'cat', 'write')
    const list = (one: string, two: string) =>
      `Count.\n\n## Acceptance\n- [${one}] counts to \`10\`\n- [${two}] tests @ada\n`
    const issue = gh.as('cat').openIssue(repo, { title: 'Count', body: list(' ', 'x') })
    gh.as('cat').comment(repo, issue.number, '/wl post')
    await world.idle()
    const number = openPull(world, repo, 'bob', { body: `Closes #${issue.number}` })
    await world.idle()
    const text = status(repo, number)
    expect(text).toContain('- ☐ Acceptance: `` counts to `10` ``, not ticked on the issue of the item.')
    expect(text).toContain('- ☐ Acceptance: `tests @ada`, ticked by `cat`, who may not stamp this work.')
    await expectRefused(world, { repo, number }, 'mia', '/wl stamp quality=4', /2 criteria of 2 not met/)
    gh.as('mia').editBody(repo, issue.number, list('x', ' '))
    gh.as('mia').editBody(repo, issue.number, list('x', 'x'))
    await world.idle()
    expect(status(repo, number)).toContain('- ☑ Acceptance: `tests @ada`, ticked by `mia`.')
    expect(check(repo, number)).toBe('neutral: Ready for a stamp')
    // The same tick put again by somebody else counts for nobody.
    gh.as('cat').editBody(repo, issue.number, list('x', ' '))
    gh.as('cat').editBody(repo, issue.number, list('x', 'x'))
    await world.idle()
    expect(check(repo, number)).toBe('action_required: Not ready for a stamp: 1 of 2 criteria met')
  })

  it('is no task where the issue lists none under that heading, which is said where settings ask for it or there are others', async () => {
    const { gh } = world
    const text = async (repo: string, body: string) => {
      const issue = gh.as(OWNER).openIssue(repo, { title: 'Count', body })
      gh.as(OWNER).comment(repo, issue.number, '/wl post')
      await world.idle()
      const number = openPull(world, repo, 'bob', { body: `Closes #${issue.number}` })
      await world.idle()
      return status(repo, number)
    }
    const none = '☑ Acceptance: the issue of the item has no task under a heading `Acceptance`, so none is asked for.'
    const asked = withSettings('asked', 'gates: { acceptance: true }')
    expect(await text(asked, 'Count.')).toContain(none)
    const plain = world.repository('unasked')
    expect(await text(plain, 'Count.')).not.toContain('Acceptance')
    expect(await text(plain, '## To do\n- [ ] count')).toContain(`${none} Tasks elsewhere in it do not count (1).`)
    expect(await text(plain, '## ✅ **Acceptance criteria** (must)\n- [ ] count')).toContain(
      '☐ Acceptance: `count`, not ticked on the issue of the item.',
    )
  })

  it('is not what the author of the work ticks, whatever their role', async () => {
    const { gh } = world
    const repo = world.repository('own-ticks')
    const issue = gh.as('mia').openIssue(repo, { title: 'Count', body: '## Acceptance\n- [x] counts' })
    gh.as('mia').comment(repo, issue.number, '/wl post')
    await world.idle()
    const number = openPull(world, repo, 'mia', { body: `Closes #${issue.number}` })
    await world.idle()
    expect(status(repo, number)).toContain('ticked by `mia`, who may not stamp this work')
    gh.as(OWNER).comment(repo, number, '/wl stamp quality=4')
    await world.idle()
    expect(world.said(repo, number).at(-1)).toContain('not ready for a stamp')
  })

  it('is not met by tasks that cannot be read: too many edits hide them, and so does an issue that is gone', async () => {
    const { gh } = world
    const repo = world.repository('unread')
    gh.user('cat')
    const issues = ['busy', 'gone'].map((title) =>
      gh.as('cat').openIssue(repo, { title, body: '## Acceptance\n- [ ] counts' }),
    )
    for (const { number } of issues) gh.as(OWNER).comment(repo, number, '/wl post')
    await world.idle()
    const rows = await world.sql('SELECT id, description FROM wanted WHERE description LIKE ?', [`%${repo}/%`])
    const [busy, gone] = issues.map(({ html_url: url }) => {
      const { id } = rows.find(({ description }) => String(description).startsWith(`${url} `))!
      return openPull(world, repo, 'bob', { body: `Wanted: ${id}` })
    })
    await world.idle()
    gh.setHookActive(false)
    for (let n = 0; n <= 2000; n++) gh.as('cat').editBody(repo, issues[0]!.number, `${n}\n## Acceptance\n- [x] counts`)
    gh.as(OWNER).deleteIssue(repo, issues[1]!.number)
    gh.setHookActive(true)
    for (const number of [busy!, gone!]) gh.as('bob').editTitle(repo, number, 'Look again')
    await world.idle()
    expect(status(repo, busy!)).toContain('- ☐ Acceptance: the issue of the item was edited too often')
    expect(check(repo, busy!)).toBe('action_required: Not ready for a stamp: 0 of 1 criterion met')
    expect(status(repo, gone!)).toContain('- ☐ Acceptance: the issue of the item cannot be read')
    await expectRefused(world, { repo, number: busy! }, 'mia', '/wl stamp quality=4', /1 criterion of 1 not met/)
  })
})
