import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type LocalGitHub, startLocalGitHub } from '../../local-github/local-github.ts'
import { type Visit, visit } from '../../local-github/visit.ts'

let gh: LocalGitHub
let browser: Visit
let issue: { number: number }
beforeEach(async () => {
  gh = await startLocalGitHub({ app: { owner: 'ada' } })
  for (const login of ['ada', 'bob']) gh.user(login)
  gh.repository('ada/engine')
  gh.repository('ada/secret', { visibility: 'private' })
  issue = gh.as('ada').openIssue('ada/engine', { title: 'Count <b>' })
  browser = visit(gh.url)
})
afterEach(() => gh.close())

const search = (query: string) => `/search?type=pullrequests&q=${encodeURIComponent(query)}`

describe('what there is', () => {
  test.each([
    ['/', ['ada/engine', 'Count &lt;b&gt;', '/bob']],
    ['/ada', ['ada/engine']],
    ['/bob', ['No public repository.']],
    ['/ada/engine', ['#1 Count &lt;b&gt;', 'action="/ada/engine/new"']],
    ['/ada/engine/issues', ['#1 Count']],
    ['/ada/engine/pulls', ['Nothing yet.']],
  ])('is listed at %s', async (path, said) => {
    const page = await browser.get(path)
    expect(page.status).toBe(200)
    for (const text of said) expect(page.text).toContain(text)
    expect(page.text).not.toContain('secret')
  })

  test.each([
    ['/carol', ['carol/http-lib</a> 14000 stars']],
    ['/carol?tab=repositories&type=source', ['carol/http-lib']],
    ['/carol/http-lib', ['14000 stars', '1300 forks']],
    ['/carol/http-lib/forks', ['1300 forks']],
    ['/carol/http-lib/stargazers', ['14000 stars']],
    [search('is:pr is:merged is:public author:carol -user:carol'), ['upstream-', '/x0</a> #']],
    [search('is:pr is:public reviewed-by:carol -author:carol -user:carol'), ['pull requests']],
    [search(''), ['0 pull requests']],
  ])('is shown of what a sheet leads to: %s', async (path, said) => {
    gh.person('carol', 'prolific_maintainer')
    const page = await browser.get(path)
    expect(page.status).toBe(200)
    for (const text of said) expect(page.text).toContain(text)
  })

  test('is a picture of everybody', async () => {
    const { id } = gh.person('carol', 'prolific_maintainer')
    const picture = await browser.get(`/avatars/u/${id}?s=160`)
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/svg+xml'])
    expect(picture.text).toMatch(/^<svg [^>]+>.*>C<\/text><\/svg>$/)
    expect((await browser.get('/avatars/u/999999999')).status).toBe(404)
  })

  test('is shown of a commit', async () => {
    const sha = gh.as('ada').writeFile('ada/engine', 'src/a.ts', 'a\n')
    const shown = await browser.get(`/ada/engine/commit/${sha}`)
    expect([shown.status, shown.text.includes('src/a.ts')]).toEqual([200, true])
  })

  test.each(['/nobody', '/ada/none', '/ada/secret', '/ada/engine/issues/9', '/a/b/c/d', '/ada/engine/commit/abc'])(
    'is said of %s that it is none',
    async (path) => {
      const page = await browser.get(path)
      expect([page.status, page.text.includes('There is no such page here')]).toEqual([404, true])
    },
  )
})

describe('a person at these pages', () => {
  const at = () => `/ada/engine/issues/${issue.number}`

  test('comments as anybody, and labels, closes and reopens as who may', async () => {
    const said = await browser.post(at(), { who: 'bob', act: 'comment', body: '/wl help' })
    expect([said.status, said.location]).toEqual([303, `${at()}?as=bob&wait=1`])
    expect(gh.comments('ada/engine', 1).map(({ body, user }) => [user.login, body])).toEqual([['bob', '/wl help']])
    const page = await browser.get(said.location!)
    expect(page.text).toContain('<option selected>bob</option>')
    expect(page.text).toContain(`content="2; url=${gh.url}${at()}?as=bob&amp;wait=2"`)
    await browser.post(at(), { who: 'ada', act: 'label', label: 'wanted' })
    expect(gh.issue('ada/engine', 1).labels.map(({ name }: { name: string }) => name)).toEqual(['wanted'])
    await browser.post(at(), { who: 'ada', act: 'unlabel', label: 'wanted' })
    await browser.post(at(), { who: 'ada', act: 'close' })
    expect(gh.issue('ada/engine', 1)).toMatchObject({ labels: [], state: 'closed' })
    await browser.post(at(), { who: 'ada', act: 'reopen' })
    expect(gh.issue('ada/engine', 1).state).toBe('open')
  })

  test('sees what the face of a reaction means', async () => {
    const comment = gh.as('bob').comment('ada/engine', issue.number, 'x')
    gh.as('ada').react('ada/engine', { comment: comment.id }, '+1')
    gh.as('ada').react('ada/engine', { comment: comment.id }, 'confused')
    expect((await browser.get(at())).text).toContain('<footer>👍 +1, 😕 confused</footer>')
  })

  test('opens an issue and a pull request, marks it ready and merges it', async () => {
    const opened = await browser.post('/ada/engine/new', { who: 'bob', kind: 'issue', title: 'Second', body: 'x' })
    expect(opened.location).toContain('/ada/engine/issues/2?')
    const pull = await browser.post('/ada/engine/new', {
      who: 'bob',
      kind: 'pull',
      title: 'Third',
      body: 'Wanted: w-1',
    })
    expect(pull.location).toContain('/ada/engine/pull/3?')
    const path = '/ada/engine/pull/3'
    await browser.post(path, { who: 'bob', act: 'draft' })
    expect((await browser.get(path)).text).not.toContain('value="merge"')
    await browser.post(path, { who: 'bob', act: 'ready' })
    expect((await browser.post(path, { who: 'bob', act: 'merge' })).status).toBe(422)
    await browser.post(path, { who: 'ada', act: 'merge' })
    expect(gh.pull('ada/engine', 3).merged).toBe(true)
    expect((await browser.get(path)).text).toContain('<span class="state merged">merged</span>')
  })

  test.each([
    [{ who: 'nobody', act: 'comment', body: 'x' }],
    [{ who: 'bob', act: 'comment', body: ' ' }],
    [{ who: 'bob', act: 'merge' }],
    [{ who: 'bob', act: 'nothing' }],
    [{ who: 'bob', act: 'label', label: 'wanted' }],
    [{ who: 'ada', act: 'constructor' }],
  ])('is told what is not possible: %j', async (form) => {
    const answer = await browser.post(at(), form)
    expect([422, 404]).toContain(answer.status)
    expect(answer.text).toContain('Not done')
    expect(gh.comments('ada/engine', 1)).toEqual([])
  })

  test.each([
    ['of another site', { origin: 'https://evil.example' }],
    ['that says no origin', { origin: 'null' }],
    ['under a name that leads to this machine', { host: 'evil.example', origin: 'http://evil.example' }],
  ])('is nobody %s', async (_, headers) => {
    const answer = await send(at(), { who: 'ada', act: 'comment', body: 'x' }, headers)
    expect(answer).toBe(403)
    expect(gh.comments('ada/engine', 1)).toEqual([])
  })

  /** With a Host of its own, which fetch does not send. */
  async function send(path: string, form: Record<string, string>, headers: Record<string, string>): Promise<number> {
    const { request } = await import('node:http')
    const body = new URLSearchParams(form).toString()
    const { port } = new URL(gh.url)
    const type = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(body.length) }
    return new Promise((resolve, reject) => {
      const asked = request(
        { host: '127.0.0.1', port, path, method: 'POST', headers: { ...type, ...headers } },
        (answer) => {
          answer.resume()
          resolve(answer.statusCode!)
        },
      )
      asked.on('error', reject).end(body)
    })
  }
})
