import { describe, expect, test } from 'vitest'
import type { PageDeps } from '../../src/http/page-deps.ts'
import { testApp } from './test-app.ts'

const HTML = { accept: 'text/html,application/xhtml+xml' }

function site(publicUrl?: string, isUp = true) {
  const app = testApp({ publicUrl, stores: () => (isUp ? ({} as PageDeps) : undefined) })
  return (path: string, headers: Record<string, string> = HTML, method = 'GET') =>
    app.request(`http://bridge.example${path}`, { method, headers })
}

const WASTELAND = 'https://github.com/gastownhall/wasteland'

describe('the first page', () => {
  test('says what this is, and leads on', async () => {
    const page = await site()('/')
    const text = await page.text()
    expect(page.status).toBe(200)
    expect(text).toContain('A Wasteland on GitHub')
    expect(text).toContain('<code>/wl board</code> in a comment on any issue or pull request')
    for (const href of ['/', '/import', '/import/forget', '/readyz', '/metrics', WASTELAND])
      expect(text).toContain(`href="${href}"`)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  test('below a path of PUBLIC_URL leads there', async () => {
    const text = await (await site('https://a.example/wasteland')('/')).text()
    const links = [...text.matchAll(/(?:href|action)="(\/[^"]*)"/g)].map(([, link]) => link)
    expect(links.filter((link) => !link!.startsWith('/wasteland/'))).toEqual([])
  })

  test('names a rig’s page to whoever types its name', async () => {
    const to = async (handle: string) => {
      const answer = await site('https://a.example/b')(`/rigs?handle=${encodeURIComponent(handle)}`)
      return [answer.status, answer.headers.get('location')]
    }
    expect(await to(' @Bob ')).toEqual([303, '/b/rigs/bob'])
    expect(await to('//evil.example')).toEqual([400, null])
    expect((await site()('/rigs')).status).toBe(200)
  })
})

describe('an address without a page', () => {
  test.each(['/leaderboard', '/wanted/w-0123456789', '/setup', '/import.php', '/%3Cscript%3E', '//evil.example/'])(
    'such as %s answers a browser with a page that leads on',
    async (path) => {
      const page = await site()(path)
      const text = await page.text()
      expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=UTF-8'])
      expect(text).toContain('There is no such page')
      expect(text).toContain('href="/import"')
      expect(text).not.toMatch(/<script|evil/)
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    },
  )

  test.each([
    ['a program', '/leaderboard', { accept: '*/*' }, 'GET'],
    ['one that says nothing', '/leaderboard', {}, 'GET'],
    ['whoever looks at the address for webhooks', '/api/github/webhooks', HTML, 'GET'],
    ['a program that posts', '/nothing', { accept: 'application/json' }, 'POST'],
  ])('answers %s with a line of text', async (_, path, headers, method) => {
    const answer = await site()(path, headers, method)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, expect.stringMatching(/^text\/plain/)])
    expect(await answer.text()).toMatch(/^404 Not Found: .+\n$/)
  })

  test.each([
    ['/import/', '/import'],
    ['/import//?a=b', '/import?a=b'],
    ['/rigs/bob/', '/rigs/bob'],
    ['/rigs/', '/rigs'],
    ['/setup/', '/setup'],
    ['/import/forget/', '/import/forget'],
  ])('with a slash at its end leads on: %s', async (path, to) => {
    const answer = await site('https://a.example/b')(path, {})
    expect([answer.status, answer.headers.get('location')]).toEqual([308, `/b${to}`])
    expect((await site()(path, {}, 'POST')).status).toBe(404)
  })

  test.each(['//evil.example/', '/\\evil.example/', '/import/%2F%2Fevil/', '/import/../../x/a/b/c/'])(
    'leads to nobody else: %s',
    async (path) => {
      expect((await site()(path)).headers.get('location')).toBeNull()
    },
  )

  test('says while the bridge starts that its pages come', async () => {
    const early = site(undefined, false)
    for (const path of ['/import', '/import/', '/rigs/bob']) {
      const page = await early(path)
      expect([page.status, page.headers.get('retry-after')]).toEqual([503, '10'])
      expect(await page.text()).toMatch(/Not ready yet[^]*not set up, or still starting[^]*href="\/readyz"/)
    }
    expect((await early('/importer')).status).toBe(404)
  })
})

test('there are an icon and words for robots', async () => {
  for (const path of ['/favicon.ico', '/favicon.svg']) {
    const icon = await site()(path)
    expect([icon.status, icon.headers.get('content-type')]).toEqual([200, 'image/svg+xml'])
  }
  const robots = await site('https://a.example/b')('/robots.txt')
  expect(await robots.text()).toBe(
    'User-agent: *\nDisallow: /b/import\nDisallow: /b/rigs\nDisallow: /b/sign-in\nDisallow: /b/setup\n',
  )
})
