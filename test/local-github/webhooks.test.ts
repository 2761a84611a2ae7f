import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { Delivery } from '../../local-github/local-github.ts'
import { openPull, start } from './start.ts'
import { webhooks } from './webhooks.ts'

const names = (deliveries: readonly Delivery[]) =>
  deliveries.map(({ event, action }) => (action === null ? event : `${event}.${action}`))
const receivers: { close(): void }[] = []
afterEach(() => receivers.splice(0).forEach((receiver) => receiver.close()))

/** A receiver that keeps what comes and answers as told. */
async function receiver(status: (n: number) => number = () => 202) {
  const got: { headers: NodeJS.Dict<string | string[]>; body: string }[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => {
      got.push({ headers: request.headers, body })
      response.writeHead(status(got.length)).end('seen')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  receivers.push(server)
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` }
}

test('everything a person does sends webhooks that GitHub could have sent', async () => {
  const { gh, checkWebhooks } = await start()
  const [alice, bob] = [gh.as('alice'), gh.as('bob')]
  const repo = 'acme/tool'
  alice.writeFile(repo, '.github/wasteland.yml', 'a: 1\n')
  const { number } = openPull(gh, { draft: true, body: 'text', labels: ['bug'] })
  alice.label(repo, number, 'bug', 'new')
  alice.unlabel(repo, number, 'BUG')
  bob.push(repo, number, { files: { 'src/c.ts': 'c\n' } })
  bob.forcePush(repo, number, { files: { 'src/d.ts': 'd\n' } })
  bob.readyForReview(repo, number)
  bob.convertToDraft(repo, number)
  bob.readyForReview(repo, number)
  bob.editTitle(repo, number, 'Other title')
  bob.editBody(repo, number, 'Fixes #2')
  alice.commit(repo, { branch: 'next', files: { n: 'n\n' } })
  alice.changeBase(repo, number, 'next')
  alice.changeBase(repo, number, 'main')
  const issue = bob.openIssue(repo, { title: 'A bug', body: 'bad' })
  alice.label(repo, issue.number, 'bug')
  alice.unlabel(repo, issue.number, 'bug')
  const said = bob.comment(repo, number, 'hello')
  bob.editComment(repo, said.id, 'hello all')
  bob.deleteComment(repo, said.id)
  const review = alice.review(repo, number, {
    state: 'REQUEST_CHANGES',
    body: 'no',
    comments: [{ path: 'src/d.ts', body: 'why' }],
  })
  alice.editReview(repo, number, review.id, 'not yet')
  alice.dismissReview(repo, number, review.id)
  alice.review(repo, number, { state: 'APPROVE' })
  const inCode = alice.reviewComment(repo, number, { path: 'src/d.ts', body: 'hm' })
  const reply = bob.replyToReviewComment(repo, number, inCode.id, 'so')
  bob.editReviewComment(repo, reply.id, 'so!')
  bob.deleteReviewComment(repo, reply.id)
  alice.addCheckRun(repo, { sha: gh.pull(repo, number).head.sha, name: 'ci', conclusion: 'success' })
  alice.addStatus(repo, { sha: gh.pull(repo, number).head.sha, context: 'ci/old', state: 'failure' })
  alice.renameLabel(repo, 'new', 'newer')
  alice.deleteLabel(repo, 'newer')
  alice.lockConversation(repo, number, 'spam')
  alice.unlockConversation(repo, number)
  bob.close(repo, number)
  bob.reopen(repo, number)
  alice.merge(repo, number, 'merge')
  bob.reopen(repo, issue.number)
  alice.close(repo, issue.number, 'not_planned')
  bob.deleteBranch('bob/tool', 'feature')
  alice.setRole(repo, 'bob', 'write')
  alice.setRole(repo, 'bob', { name: 'Sheriff', base: 'admin' })
  alice.setRole(repo, 'bob', 'none')
  alice.archive(repo)
  alice.unarchive(repo)
  alice.privatize(repo)
  alice.publicize(repo)
  alice.renameRepository(repo, 'tools')
  gh.repository('acme/more')
  alice.suspendApp('acme')
  alice.comment('acme/tools', number, 'nobody hears this')
  alice.unsuspendApp('acme')
  alice.removeFromInstallation('acme', 'acme/more')
  alice.addToInstallation('acme', 'acme/more')
  gh.user('carol')
  gh.as('carol').installApp({ account: 'carol' })
  alice.transferRepository('acme/tools', 'carol')
  gh.as('carol').deleteRepository('carol/tools')
  alice.uninstallApp('acme')

  expect(checkWebhooks()).toEqual([])
  expect(names(gh.deliveries)).toMatchInlineSnapshot(`
    [
      "installation.created",
      "push",
      "pull_request.opened",
      "label.created",
      "pull_request.labeled",
      "pull_request.labeled",
      "pull_request.unlabeled",
      "pull_request.synchronize",
      "pull_request.synchronize",
      "pull_request.ready_for_review",
      "pull_request.converted_to_draft",
      "pull_request.ready_for_review",
      "pull_request.edited",
      "pull_request.edited",
      "push",
      "pull_request.edited",
      "pull_request.edited",
      "issues.opened",
      "issues.labeled",
      "issues.unlabeled",
      "issue_comment.created",
      "issue_comment.edited",
      "issue_comment.deleted",
      "pull_request_review.submitted",
      "pull_request_review_comment.created",
      "pull_request_review.edited",
      "pull_request_review.dismissed",
      "pull_request_review.submitted",
      "pull_request_review.submitted",
      "pull_request_review_comment.created",
      "pull_request_review.submitted",
      "pull_request_review_comment.created",
      "pull_request_review_comment.edited",
      "pull_request_review_comment.deleted",
      "check_run.created",
      "check_run.completed",
      "check_suite.completed",
      "status",
      "label.edited",
      "label.deleted",
      "pull_request.locked",
      "pull_request.unlocked",
      "pull_request.closed",
      "pull_request.reopened",
      "push",
      "pull_request.closed",
      "issues.closed",
      "issues.reopened",
      "issues.closed",
      "member.added",
      "member.edited",
      "member.removed",
      "repository.archived",
      "repository.unarchived",
      "repository.privatized",
      "repository.publicized",
      "repository.renamed",
      "installation.suspend",
      "installation.unsuspend",
      "installation_repositories.removed",
      "installation_repositories.added",
      "installation.created",
      "repository.transferred",
      "repository.deleted",
      "installation.deleted",
    ]
  `)
})

test('a label sends pull_request.labeled with the whole label, and sender and installation', async () => {
  const { gh, installation } = await start()
  const { number } = openPull(gh)
  gh.as('alice').label('acme/tool', number, 'wl:w-1')
  const labeled = gh.deliveries.at(-1)?.payload
  expect(labeled).toMatchObject({
    action: 'labeled',
    number,
    label: { name: 'wl:w-1', color: 'ededed', default: false, description: null },
    pull_request: { labels: [{ name: 'wl:w-1' }], user: { login: 'bob' }, head: { repo: { full_name: 'bob/tool' } } },
    repository: { full_name: 'acme/tool' },
    organization: { login: 'acme' },
    installation: { id: installation },
    sender: { login: 'alice', type: 'User' },
  })
})

test('deliveries are signed, in order, and fail once without being tried again', async () => {
  const hook = await receiver((n) => (n === 2 ? 500 : 202))
  const { gh } = await start({ hookUrl: hook.url })
  const { number } = openPull(gh)
  gh.as('bob').comment('acme/tool', number, 'hello')
  await gh.settled()
  expect(hook.got.map(({ headers }) => headers['x-github-event'])).toEqual([
    'installation',
    'pull_request',
    'issue_comment',
  ])
  for (const { headers, body } of hook.got) {
    const signature = createHmac('sha256', gh.app.webhookSecret).update(body).digest('hex')
    expect(headers['x-hub-signature-256']).toBe(`sha256=${signature}`)
    expect(headers['x-github-delivery']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/)
  }
  expect(gh.deliveries.map(({ attempts }) => attempts.map(({ statusCode }) => statusCode))).toEqual([
    [202],
    [500],
    [202],
  ])
  await gh.redeliver(gh.deliveries[1]?.guid ?? '')
  expect(hook.got.at(-1)?.headers['x-github-delivery']).toBe(hook.got[1]?.headers['x-github-delivery'])
  expect(gh.deliveries[1]?.attempts.map(({ redelivery }) => redelivery)).toEqual([false, true])
})

test('deliveries can be held, turned around, repeated and lost', async () => {
  const hook = await receiver()
  const { gh } = await start({ hookUrl: hook.url })
  await gh.settled()
  gh.hold()
  const { number } = openPull(gh)
  gh.as('bob').comment('acme/tool', number, 'hello')
  await gh.settled()
  expect(hook.got).toHaveLength(1)
  gh.release({ order: 'reverse' })
  await gh.settled()
  expect(hook.got.slice(1).map(({ headers }) => headers['x-github-event'])).toEqual(['issue_comment', 'pull_request'])
  const stop = gh.drop(({ event }) => event === 'issue_comment')
  gh.as('bob').comment('acme/tool', number, 'lost')
  await gh.settled()
  stop()
  expect(gh.deliveries.at(-1)?.attempts[0]).toMatchObject({ statusCode: 502 })
  await gh.redeliverAll()
  expect(hook.got).toHaveLength(3 + 4)
})

test('what the App does itself is told with its bot as sender', async () => {
  const { gh, asApp, checkWebhooks } = await start()
  const { number } = openPull(gh)
  await asApp('POST', `/repos/acme/tool/issues/${number}/comments`, { body: 'beep' })
  const { event, payload } = gh.deliveries.at(-1) as Delivery
  expect(event).toBe('issue_comment')
  expect(payload.sender).toMatchObject({ login: 'wasteland-bridge[bot]', type: 'Bot' })
  expect(payload.comment.performed_via_github_app).toMatchObject({ id: gh.app.id })
  expect(checkWebhooks()).toEqual([])
})

test('the schemas do find a fault', async () => {
  const { gh } = await start()
  openPull(gh)
  const { event, action, payload } = gh.deliveries.at(-1) as Delivery
  const broken = { ...payload, pull_request: { ...payload.pull_request, number: 'one' } }
  expect(webhooks().problems({ event, action, payload: broken })).toContain(
    'pull_request$opened/pull_request/number must be integer {"type":"integer"}',
  )
})

test('the App hears of the repositories it is installed on and of no others', async () => {
  const { gh } = await start()
  gh.user('dave')
  gh.repository('dave/in')
  gh.repository('dave/out')
  gh.as('dave').installApp({ account: 'dave', repositories: ['dave/in'] })
  gh.as('bob').openIssue('dave/in', { title: 'heard' })
  gh.as('bob').openIssue('dave/out', { title: 'not heard' })
  expect(names(gh.deliveries.slice(1))).toEqual(['installation.created', 'issues.opened'])
  gh.as('dave').uninstallApp('dave')
  gh.as('bob').openIssue('dave/in', { title: 'not heard' })
  expect(names(gh.deliveries).at(-1)).toBe('installation.deleted')
})

test('a pull request whose fork is gone still sends its webhooks', async () => {
  const { gh, checkWebhooks } = await start()
  const { number } = openPull(gh)
  gh.as('bob').deleteFork('acme/tool')
  gh.as('alice').label('acme/tool', number, 'bug')
  gh.as('alice').review('acme/tool', number, { state: 'APPROVE' })
  expect(gh.deliveries.at(-1)?.payload.pull_request.head.repo).toBeNull()
  gh.deleteUser('bob')
  gh.as('alice').unlabel('acme/tool', number, 'bug')
  expect(gh.deliveries.at(-1)?.payload.pull_request).toMatchObject({ user: { login: 'ghost' }, head: { user: null } })
  expect(checkWebhooks()).toEqual([])
})
