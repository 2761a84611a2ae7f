import { expect, test } from 'vitest'
import { routes } from '../../local-github/rest/routes.ts'
import { openApi } from './openapi.ts'
import { appJwt, openPull, start } from './start.ts'

test('every endpoint is one that GitHub has', () => {
  const strange = routes.filter(({ method, template }) => !openApi().has(method, template))
  expect(strange.map(({ method, template }) => `${method} ${template}`)).toEqual([])
})

test('every endpoint answers as the OpenAPI says', { timeout: 60_000 }, async () => {
  const { gh, unlawful, call, asApp, installation } = await start({ hookUrl: 'http://127.0.0.1:9/' })
  const repo = '/repos/acme/tool'
  gh.team('acme', 'core', { members: ['alice'] })
  const answered = new Set<string>()
  gh.onExchange(({ method, template }) => answered.add(`${method} ${template}`))
  const statuses: [string, number][] = []
  const as = async (who: typeof call, method: string, path: string, body?: unknown) => {
    const answer = await who(method, path, body)
    statuses.push([`${method} ${path}`, answer.status])
    return answer.body
  }
  const byApp: typeof call = (method, path, body) => call(method, path, body, appJwt(gh))
  const byAlice: typeof call = (method, path, body) => call(method, path, body, gh.as('alice').token)

  const sha = openPull(gh).head.sha
  const issue = await as(asApp, 'POST', `${repo}/issues`, { title: 'An issue', body: 'text', labels: ['new'] })
  for (const path of [
    '/app',
    '/app/installations',
    `/app/installations/${installation}`,
    `${repo}/installation`,
    '/orgs/acme/installation',
    '/app/hook/config',
    '/app/hook/deliveries',
    '/rate_limit',
  ]) {
    await as(byApp, 'GET', path)
  }
  await gh.settled()
  const [first] = await as(byApp, 'GET', '/app/hook/deliveries?per_page=1')
  await as(byApp, 'GET', `/app/hook/deliveries/${first.id}`)
  await as(byApp, 'POST', `/app/hook/deliveries/${first.id}/attempts`)
  await as(byAlice, 'GET', '/user')
  for (const path of [
    '/installation/repositories',
    '/users/bob',
    `/user/${gh.as('bob').id}`,
    '/orgs/acme/members/alice',
    '/orgs/acme/memberships/alice',
    '/orgs/acme/teams/core/memberships/alice',
    repo,
    `${repo}/collaborators/bob/permission`,
    `${repo}/collaborators/alice`,
    `${repo}/contents/README.md`,
    `${repo}/contents/src`,
    `${repo}/commits`,
    `${repo}/commits/${sha}`,
    `${repo}/commits/${sha}/pulls`,
    `${repo}/commits/${sha}/status`,
    `${repo}/git/commits/${sha}`,
    `${repo}/git/ref/heads/main`,
    `${repo}/compare/main...bob:feature`,
  ]) {
    await as(asApp, 'GET', path)
  }
  await as(asApp, 'PUT', `${repo}/contents/new.md`, { message: 'new', content: 'bmV3' })

  const comment = await as(asApp, 'POST', `${repo}/issues/1/comments`, { body: 'hello' })
  await as(asApp, 'PATCH', `${repo}/issues/comments/${comment.id}`, { body: 'hello again' })
  const review = await as(byAlice, 'POST', `${repo}/pulls/1/reviews`, { event: 'APPROVE', body: 'good' })
  const pending = await as(byAlice, 'POST', `${repo}/pulls/1/reviews`, {
    comments: [{ path: 'src/b.ts', line: 1, body: 'why?' }],
  })
  await as(byAlice, 'POST', `${repo}/pulls/1/reviews/${pending.id}/events`, { event: 'COMMENT', body: 'see there' })
  await as(byAlice, 'PUT', `${repo}/pulls/1/reviews/${review.id}`, { body: 'very good' })
  const inCode = await as(byAlice, 'POST', `${repo}/pulls/1/comments`, {
    body: 'hm',
    path: 'src/b.ts',
    line: 1,
    commit_id: sha,
  })
  const reply = await as(asApp, 'POST', `${repo}/pulls/1/comments/${inCode.id}/replies`, { body: 'so' })
  await as(asApp, 'PATCH', `${repo}/pulls/comments/${reply.id}`, { body: 'so it is' })
  for (const path of ['issues/1', `issues/comments/${comment.id}`, `pulls/comments/${inCode.id}`]) {
    const reaction = await as(asApp, 'POST', `${repo}/${path}/reactions`, { content: '+1' })
    await as(asApp, 'POST', `${repo}/${path}/reactions`, { content: '+1' })
    await as(asApp, 'GET', `${repo}/${path}/reactions`)
    await as(asApp, 'GET', `${repo}/${path}`)
    await as(asApp, 'DELETE', `${repo}/${path}/reactions/${reaction.id}`)
  }
  await as(asApp, 'POST', `${repo}/issues/1/labels`, { labels: ['wl:w-1', 'two'] })
  await as(asApp, 'PUT', `${repo}/issues/1/labels`, { labels: ['wl:w-1', 'bug'] })
  await as(asApp, 'DELETE', `${repo}/issues/1/labels/${encodeURIComponent('wl:w-1')}`)
  await as(asApp, 'DELETE', `${repo}/issues/1/labels`)
  await as(asApp, 'POST', `${repo}/labels`, { name: 'made', color: 'ff0000', description: 'by hand' })
  await as(asApp, 'GET', `${repo}/labels/made`)
  await as(asApp, 'PATCH', `${repo}/labels/made`, { new_name: 'remade' })
  await as(asApp, 'DELETE', `${repo}/labels/remade`)
  const ours = { auto_trigger_checks: [{ app_id: gh.app.id, setting: false }] }
  await as(asApp, 'PATCH', `${repo}/check-suites/preferences`, ours)
  await as(asApp, 'POST', `${repo}/check-suites`, { head_sha: sha })
  const run = await as(asApp, 'POST', `${repo}/check-runs`, { name: 'Wasteland', head_sha: sha, status: 'in_progress' })
  await as(asApp, 'PATCH', `${repo}/check-runs/${run.id}`, {
    conclusion: 'success',
    output: { title: 'ok', summary: 'fine' },
  })
  await as(asApp, 'GET', `${repo}/check-runs/${run.id}`)
  await as(asApp, 'GET', `${repo}/commits/${sha}/check-runs`)
  await as(asApp, 'PATCH', `${repo}/issues/${issue.number}`, {
    state: 'closed',
    state_reason: 'not_planned',
    title: 'Renamed',
  })
  await as(asApp, 'PUT', `${repo}/issues/${issue.number}/lock`, { lock_reason: 'resolved' })
  await as(asApp, 'DELETE', `${repo}/issues/${issue.number}/lock`)
  await as(asApp, 'PATCH', `${repo}/pulls/1`, { title: 'Add b and more', body: 'text' })
  gh.as('bob').forcePush('acme/tool', 1, { message: 'again', files: { 'src/b.ts': 'bb\n' } })
  await as(byAlice, 'PUT', `${repo}/pulls/1/reviews/${review.id}/dismissals`, { message: 'changed' })
  for (const path of [
    'pulls?state=all',
    'pulls/1',
    'pulls/1/commits',
    'pulls/1/files',
    'pulls/1/reviews',
    `pulls/1/reviews/${review.id}`,
    `pulls/1/reviews/${pending.id}/comments`,
    'pulls/1/comments',
    'pulls/comments',
    'issues?state=all',
    'issues/1/comments',
    'issues/comments',
    'issues/1/events',
    'issues/1/timeline',
    `issues/${issue.number}/timeline`,
    'issues/1/labels',
    'labels',
  ]) {
    await as(asApp, 'GET', `${repo}/${path}`)
  }
  await as(byAlice, 'PUT', `${repo}/pulls/1/merge`, { merge_method: 'squash' })
  await as(asApp, 'GET', `${repo}/pulls/1/merge`)
  await as(asApp, 'GET', `${repo}/pulls/1`)
  await as(asApp, 'GET', `${repo}/issues/1/timeline`)
  await as(asApp, 'DELETE', `${repo}/pulls/comments/${reply.id}`)
  await as(asApp, 'DELETE', `${repo}/issues/comments/${comment.id}`)
  gh.as('bob').commit('bob/tool', { branch: 'second', files: { c: 'c\n' } })
  await as(asApp, 'POST', `${repo}/pulls`, { title: 'Second', head: 'bob:second', base: 'main' })
  gh.as('bob').installApp({ account: 'bob' })
  await as(byApp, 'GET', '/users/bob/installation')
  gh.deleteUser('bob')
  for (const path of ['pulls/1', 'pulls', 'issues/1', 'pulls/1/commits', 'issues/1/timeline'])
    await as(asApp, 'GET', `${repo}/${path}`)

  expect(statuses.filter(([, status]) => status >= 400)).toEqual([])
  expect([...new Set(unlawful)]).toEqual([])
  const silent = routes.map(({ method, template }) => `${method} ${template}`).filter((name) => !answered.has(name))
  expect(silent).toEqual([
    'POST /app/installations/{installation_id}/access_tokens',
    'POST /app-manifests/{code}/conversions',
  ])
})

test('the OpenAPI does find a fault, in a request and in an answer', () => {
  const method = 'POST'
  const template = '/repos/{owner}/{repo}/issues/{issue_number}/comments'
  const found = openApi().problems({ method, template, status: 201, body: { text: 'x' }, answer: { id: 'one' } })
  expect(found.join('\n')).toMatch(/request must have required property 'body'/)
  expect(found.join('\n')).toMatch(/answer\/id must be integer/)
})
