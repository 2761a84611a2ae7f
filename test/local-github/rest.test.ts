import { expect, test } from 'vitest'
import { appJwt, openPull, start } from './start.ts'

const repo = '/repos/acme/tool'

test('a rename redirects, by 301 to read and 307 to write', async () => {
  const { gh, asApp } = await start()
  gh.as('alice').renameRepository('acme/tool', 'tools')
  const moved = await asApp('GET', `${repo}/labels?per_page=5`)
  const { id } = gh.deliveries.at(-1)?.payload.repository ?? {}
  expect([moved.status, moved.headers.get('location')]).toEqual([
    301,
    `${gh.url}/api/v3/repositories/${id}/labels?per_page=5`,
  ])
  expect((await asApp('GET', `/repositories/${id}/labels`)).body).toMatchObject([{ name: 'bug' }])
  expect((await asApp('POST', `${repo}/labels`, { name: 'x' })).status).toBe(307)
})

test('the permission endpoint folds old names and tells the truth in booleans', async () => {
  const { gh, asApp, unlawful } = await start()
  const owner = gh.as('alice')
  gh.user('carol')
  owner.setRole('acme/tool', 'bob', 'maintain')
  owner.setRole('acme/tool', 'carol', { name: 'Sheriff', base: 'triage' })
  const of = async (login: string) => {
    const { status, body } = await asApp('GET', `${repo}/collaborators/${login}/permission`)
    return status === 200
      ? [
          body.permission,
          body.role_name,
          Object.keys(body.user.permissions).filter((key) => body.user.permissions[key]),
        ]
      : status
  }
  expect(await of('alice')).toEqual(['admin', 'admin', ['admin', 'maintain', 'push', 'triage', 'pull']])
  expect(await of('bob')).toEqual(['write', 'maintain', ['maintain', 'push', 'triage', 'pull']])
  expect(await of('carol')).toEqual(['read', 'Sheriff', ['triage', 'pull']])
  gh.user('dave')
  expect(await of('dave')).toEqual(['read', 'read', ['pull']])
  owner.privatize('acme/tool')
  expect(await of('dave')).toEqual(['none', '', []])
  expect(await of('nobody')).toBe(404)
  expect(unlawful).toEqual([])
})

test('each answer of the API is as late as the latency says, and many at once are no later', async () => {
  const { gh, asApp } = await start()
  const timed = async (count: number) => {
    const began = performance.now()
    await Promise.all(Array.from({ length: count }, (_, n) => asApp('GET', `${repo}/labels?per_page=${n + 1}`)))
    return performance.now() - began
  }
  gh.setLatency(200)
  // A timer may fire within the millisecond before its time.
  for (const count of [1, 8]) {
    const took = await timed(count)
    expect(took).toBeGreaterThanOrEqual(199)
    expect(took).toBeLessThan(8 * 200)
  }
  const query = '{ viewer { login } }'
  const began = performance.now()
  const answer = await fetch(`${gh.url}/api/graphql`, {
    method: 'POST',
    headers: { authorization: `token ${gh.as('alice').token}` },
    body: JSON.stringify({ query }),
  })
  expect(await answer.json()).toEqual({ data: { viewer: { login: 'alice' } } })
  expect(performance.now() - began).toBeGreaterThanOrEqual(199)
  const { headers } = await fetch(`${gh.url}/acme/tool`)
  expect(headers.get('content-type')).toContain('html')
  gh.setLatency(0)
  expect(await timed(1)).toBeLessThan(199)
})

test('lists come in pages with links', async () => {
  const { gh, asApp } = await start()
  const { number } = openPull(gh)
  for (let n = 1; n <= 5; n++) gh.as('bob').comment('acme/tool', number, `${n}`)
  const second = await asApp('GET', `${repo}/issues/${number}/comments?per_page=2&page=2`)
  expect(second.body.map(({ body }: { body: string }) => body)).toEqual(['3', '4'])
  const at = (page: number) => `<${gh.url}/api/v3${repo}/issues/${number}/comments?per_page=2&page=${page}>`
  expect(second.headers.get('link')).toBe(
    `${at(1)}; rel="prev", ${at(3)}; rel="next", ${at(3)}; rel="last", ${at(1)}; rel="first"`,
  )
})

test('an unchanged answer is 304 for its ETag and costs nothing of the limit, for the token that got it', async () => {
  const { gh } = await start()
  const ask = (login: string, etag = '') =>
    fetch(`${gh.url}${repo}`, {
      headers: { authorization: `token ${gh.as(login).token}`, ...(etag !== '' && { 'if-none-match': etag }) },
    })
  const first = await ask('bob')
  const etag = first.headers.get('etag')!
  expect(etag).toMatch(/^W\/"[0-9a-f]{64}"$/)
  const again = await ask('bob', etag)
  const told = [again.status, await again.text(), again.headers.get('content-type'), again.headers.get('etag')]
  expect(told).toEqual([304, '', null, etag])
  const used = async (answer: Response) => answer.headers.get('x-ratelimit-used')
  expect([await used(first), await used(again), await used(await ask('bob'))]).toEqual(['1', '1', '2'])
  expect((await ask('alice', etag)).status).toBe(200)
})

test('tokens open what they may and no more', async () => {
  const { gh, call, asApp } = await start()
  gh.repository('carol/secret', { private: true })
  gh.repository('carol/open')
  expect(await call('GET', repo, undefined, 'ghp_unknown')).toMatchObject({
    status: 401,
    body: { message: 'Bad credentials', status: '401', documentation_url: 'https://docs.github.com/rest' },
  })
  expect((await asApp('GET', '/repos/carol/secret')).status).toBe(404)
  expect((await asApp('GET', '/repos/carol/open')).status).toBe(200)
  expect(await asApp('POST', '/repos/carol/open/issues', { title: 'x' })).toMatchObject({
    status: 403,
    body: { message: 'Resource not accessible by integration' },
  })
  expect((await call('POST', `${repo}/issues`, { title: 'x' })).status).toBe(401)
  expect((await asApp('GET', '/app')).status).toBe(401)
  gh.clock.advance(3601)
  expect((await asApp('GET', repo)).status).toBe(401)
})

test('a token can be limited to repositories and permissions', async () => {
  const { gh, call, installation } = await start()
  gh.repository('acme/other', { private: true })
  const limits = { repositories: ['other'], permissions: { metadata: 'read', issues: 'read' } }
  const { body } = await call('POST', `/app/installations/${installation}/access_tokens`, limits, appJwt(gh))
  expect((await call('GET', '/repos/acme/other/issues', undefined, body.token)).status).toBe(200)
  expect((await call('POST', '/repos/acme/other/issues', { title: 'x' }, body.token)).status).toBe(403)
  expect((await call('GET', '/installation/repositories', undefined, body.token)).body.total_count).toBe(1)
})

test('the deliveries API lists attempts and redelivers under the same GUID', async () => {
  const { gh, call } = await start()
  openPull(gh)
  await gh.settled()
  const byApp = (method: string, path: string) => call(method, path, undefined, appJwt(gh))
  const { body, headers } = await byApp('GET', '/app/hook/deliveries?per_page=1&status=failure')
  expect(body).toMatchObject([{ event: 'pull_request', action: 'opened', status_code: 502, redelivery: false }])
  const next = /<(.*)>; rel="next"/.exec(headers.get('link') ?? '')?.[1]?.replace(`${gh.url}/api/v3`, '') ?? ''
  expect((await byApp('GET', next)).body).toMatchObject([{ event: 'installation' }])
  expect((await byApp('POST', `/app/hook/deliveries/${body[0].id}/attempts`)).status).toBe(202)
  await gh.settled()
  const after = await byApp('GET', '/app/hook/deliveries')
  expect(after.body[0]).toMatchObject({ guid: body[0].guid, redelivery: true })
  expect(after.body).toHaveLength(3)
})

test('a locked conversation takes no comment from strangers and integrations', async () => {
  const { gh, asApp } = await start()
  const { number } = openPull(gh)
  gh.as('alice').lockConversation('acme/tool', number)
  expect(await asApp('POST', `${repo}/issues/${number}/comments`, { body: 'x' })).toMatchObject({
    status: 403,
    body: { message: 'Unable to create comment because issue is locked.' },
  })
  expect(() => gh.as('bob').comment('acme/tool', number, 'x')).toThrow('locked')
  expect(gh.as('alice').comment('acme/tool', number, 'x').id).toBeGreaterThan(0)
})

test('an archived repository is read-only', async () => {
  const { gh, asApp } = await start()
  gh.as('alice').archive('acme/tool')
  expect(await asApp('POST', `${repo}/issues`, { title: 'x' })).toMatchObject({
    status: 403,
    body: { message: 'Repository was archived so is read-only.' },
  })
})

test('faults answer wrongly, before or after the work, or cut the line', async () => {
  const { gh, asApp, unlawful } = await start()
  const { number } = openPull(gh)
  const path = `${repo}/issues/${number}/comments`
  const comments = () => gh.comments('acme/tool', number).length
  gh.fault({ method: 'POST', path: /comments$/, status: 429, headers: { 'retry-after': '1' }, times: 2 })
  expect((await asApp('POST', path, { body: 'a' })).headers.get('retry-after')).toBe('1')
  expect((await asApp('POST', path, { body: 'a' })).status).toBe(429)
  expect([(await asApp('POST', path, { body: 'a' })).status, comments()]).toEqual([201, 1])
  gh.fault({ method: 'POST', status: 502, after: true })
  expect([(await asApp('POST', path, { body: 'b' })).status, comments()]).toEqual([502, 2])
  gh.fault({ drop: true })
  await expect(asApp('POST', path, { body: 'c' })).rejects.toThrow('fetch failed')
  expect(comments()).toBe(2)
  gh.fault({ drop: true, after: true })
  await expect(asApp('POST', path, { body: 'd' })).rejects.toThrow('fetch failed')
  expect(comments()).toBe(3)
  expect(unlawful).toEqual([])
})

test('hooks run before and after a request was performed', async () => {
  const { gh, asApp } = await start()
  const seen: unknown[] = []
  const stop = gh.onRequest(
    ({ method, path, auth }) => void seen.push(['before', method, path, auth, gh.issue('acme/tool', 1).labels.length]),
  )
  openPull(gh)
  gh.onRequest(() => void seen.push(['after', gh.issue('acme/tool', 1).labels.length]), 'after')
  await asApp('POST', `${repo}/issues/1/labels`, { labels: ['x'] })
  stop()
  expect(seen).toEqual([
    ['before', 'POST', `${repo}/issues/1/labels`, 'installation', 0],
    ['after', 1],
  ])
})

test('a manifest becomes the App, once', async () => {
  const { gh, call, unlawful } = await start()
  const manifest = {
    name: 'My Bridge',
    url: 'https://bridge.example',
    hook_attributes: { url: 'http://127.0.0.1:9/hook' },
    redirect_url: 'http://127.0.0.1:1/setup',
    default_permissions: { issues: 'write' },
    default_events: ['issues'],
  }
  const form = new URLSearchParams({ manifest: JSON.stringify(manifest) })
  const page = `${gh.url}/organizations/acme/settings/apps/new?state=s1`
  const sent = await fetch(page, { method: 'POST', body: form, redirect: 'manual' })
  const back = new URL(sent.headers.get('location') ?? '')
  expect([back.origin, back.searchParams.get('state')]).toEqual(['http://127.0.0.1:1', 's1'])
  const path = `/app-manifests/${back.searchParams.get('code')}/conversions`
  const { status, body } = await call('POST', path)
  expect([status, body.slug, body.owner.login, gh.app.id]).toEqual([201, 'my-bridge', 'acme', body.id])
  expect(body.pem).toContain('PRIVATE KEY')
  expect((await call('POST', path)).status).toBe(404)
  expect(unlawful).toEqual([])
})

test('a conversation is a page without script, and hostile text stays text', async () => {
  const { gh } = await start()
  const { html_url: page, number } = openPull(gh)
  gh.as('bob').editTitle('acme/tool', number, '<script>alert(1)</script>')
  gh.as('bob').comment('acme/tool', number, '<!-- marker --><img src=x onerror=alert(1)>')
  const text = await (await fetch(page)).text()
  expect(text).not.toMatch(/<script|<img|marker/)
  expect(text).toContain('&lt;img src=x onerror=alert(1)&gt;')
})

test('a timeline keeps the order of what happened within one second', async () => {
  const { gh, asApp } = await start()
  const { number } = openPull(gh, { draft: true })
  const [alice, bob] = [gh.as('alice'), gh.as('bob')]
  alice.label('acme/tool', number, 'bug')
  bob.comment('acme/tool', number, 'hello')
  alice.unlabel('acme/tool', number, 'bug')
  bob.readyForReview('acme/tool', number)
  alice.review('acme/tool', number, { state: 'APPROVE' })
  alice.merge('acme/tool', number)
  const { body } = await asApp('GET', `${repo}/issues/${number}/timeline`)
  expect(body.map(({ event }: { event: string }) => event)).toEqual([
    'committed',
    'labeled',
    'commented',
    'unlabeled',
    'ready_for_review',
    'reviewed',
    'merged',
    'closed',
  ])
})
