import { describe, expect, it } from 'vitest'
import { conditional, type Fetch } from '../../src/github/conditional.ts'

/** A GitHub whose answers are texts by path, each with an ETag of its own. */
function github(texts: Record<string, string>, headers: Record<string, string> = {}) {
  const asked: string[] = []
  const send: Fetch = async (url, init) => {
    const path = new URL(url).pathname
    const known = new Headers(init?.headers).get('if-none-match')
    const etag = `W/"${encodeURIComponent(texts[path] ?? '')}"`
    const status = texts[path] === undefined ? 404 : known === etag ? 304 : 200
    asked.push(`${path} ${status}`)
    const limits = { 'x-ratelimit-used': String(asked.length) }
    if (status === 304) return new Response(null, { status, headers: { etag, ...limits } })
    const type = { 'content-type': 'application/json; charset=utf-8' }
    return new Response(texts[path] ?? '{}', {
      status,
      headers: { ...type, ...(status === 200 && { etag }), ...headers, ...limits },
    })
  }
  return { send, asked, texts }
}

const ask = async (fetch: Fetch, path: string, authorization = 'token one', method = 'GET') => {
  const answer = await fetch(`https://api.github.com${path}`, { method, headers: { authorization } })
  return { status: answer.status, text: await answer.text(), headers: answer.headers }
}

describe('a question that is asked again', () => {
  it('is answered as before by a 304, with its type, its next page, and the limits of now', async () => {
    const link = '<https://api.github.com/a?page=2>; rel="next"'
    const { send, asked } = github({ '/a': '[1]' }, { link })
    const fetch = conditional(send)
    await ask(fetch, '/a')
    const again = await ask(fetch, '/a')
    expect(asked).toEqual(['/a 200', '/a 304'])
    expect(again).toMatchObject({ status: 200, text: '[1]' })
    const told = ['content-type', 'link', 'x-ratelimit-used'].map((name) => again.headers.get(name))
    expect(told).toEqual(['application/json; charset=utf-8', link, '2'])
  })

  it('has a changed answer at once, and the one after that again by a 304', async () => {
    const { send, asked, texts } = github({ '/a': '[1]' })
    const fetch = conditional(send)
    await ask(fetch, '/a')
    texts['/a'] = '[2]'
    expect((await ask(fetch, '/a')).text).toBe('[2]')
    expect((await ask(fetch, '/a')).text).toBe('[2]')
    expect(asked).toEqual(['/a 200', '/a 200', '/a 304'])
  })

  it('is another for another token, and is not kept for the App itself or a write', async () => {
    const { send, asked } = github({ '/a': '[1]' })
    const fetch = conditional(send)
    for (const token of ['token one', 'token two', 'bearer a.b.c', 'bearer a.b.c']) await ask(fetch, '/a', token)
    await ask(fetch, '/a', 'token one', 'POST')
    await ask(fetch, '/a', 'token one', 'POST')
    expect(asked).toEqual(Array.from({ length: 6 }, () => '/a 200'))
  })

  it('that was gone meanwhile is asked anew', async () => {
    const { send, asked, texts } = github({ '/a': '[1]' })
    const fetch = conditional(send)
    await ask(fetch, '/a')
    delete texts['/a']
    expect((await ask(fetch, '/a')).status).toBe(404)
    texts['/a'] = '[1]'
    expect((await ask(fetch, '/a')).text).toBe('[1]')
    expect(asked).toEqual(['/a 200', '/a 404', '/a 200'])
  })

  it('whose answer broke off is not believed twice', async () => {
    const { send, asked } = github({ '/a': '[1' })
    const fetch = conditional(send)
    await ask(fetch, '/a')
    await ask(fetch, '/a')
    expect(asked).toEqual(['/a 200', '/a 200'])
  })

  it.each([
    { name: 'answers', most: { entries: 2, characters: 1_000 } },
    { name: 'characters', most: { entries: 10, characters: 100 } },
  ])('is forgotten when it is the least used of too many $name', async ({ most }) => {
    const { send, asked } = github({ '/a': '[1]', '/b': '[2]', '/c': '[3]' })
    const fetch = conditional(send, most)
    for (const path of ['/a', '/b', '/a', '/c', '/a', '/b']) await ask(fetch, path)
    expect(asked).toEqual(['/a 200', '/b 200', '/a 304', '/c 200', '/a 304', '/b 200'])
  })

  it('is asked so for a diff too, where it came whole', async () => {
    const whole = 'diff --git a/a b/a\n@@ -0,0 +1,2 @@\n+a\n+b\n'
    const { send, asked } = github({ '/whole': whole, '/half': whole.slice(0, -3) })
    const fetch = conditional(send)
    const headers = { authorization: 'token one', accept: 'application/vnd.github.v3.diff' }
    for (const path of ['whole', 'whole', 'half', 'half'])
      await (await fetch(`https://api.github.com/${path}`, { headers })).text()
    expect(asked).toEqual(['/whole 200', '/whole 304', '/half 200', '/half 200'])
  })
})
