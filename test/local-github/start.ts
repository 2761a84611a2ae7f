import { createSign } from 'node:crypto'
import { afterEach } from 'vitest'
import { startLocalGitHub, type LocalGitHub, type LocalGitHubOptions } from '../../local-github/local-github.ts'
import { openApi } from './openapi.ts'
import { webhooks } from './webhooks.ts'

// oxlint-disable-next-line typescript/no-explicit-any -- GitHub's JSON
type Json = any
export type Answered = { status: number; headers: Headers; body: Json }
export type Call = (method: string, path: string, body?: unknown, token?: string, accept?: string) => Promise<Answered>

type AsApp = (method: string, path: string, body?: unknown, accept?: string) => Promise<Answered>

const running: LocalGitHub[] = []
afterEach(async () => {
  for (const gh of running.splice(0)) await gh.close()
})

/**
 * A local GitHub with `acme/tool`, an App installed on it, alice who maintains it and the contributor bob.
 * `unlawful` collects what GitHub's schemas forbid, in every answer and every webhook.
 */
export async function start(options: LocalGitHubOptions = {}) {
  const gh = await startLocalGitHub(options)
  running.push(gh)
  const unlawful: string[] = []
  gh.onExchange((exchange) => {
    const { template } = exchange
    if (!exchange.faulty && template !== null) unlawful.push(...openApi().problems({ ...exchange, template }))
  })
  gh.organization('acme', { members: { alice: 'admin' } })
  gh.repository('acme/tool', { files: { 'README.md': '# tool\n', 'src/a.ts': 'one\ntwo\nthree\n' }, labels: ['bug'] })
  gh.user('bob', { name: 'Bob' })
  const installation = gh.as('alice').installApp({ account: 'acme' })

  const call: Call = async (method, path, body, token, accept) => {
    const answer = await fetch(`${gh.url}/api/v3${path}`, {
      method,
      headers: { ...(token && { authorization: `token ${token}` }), ...(accept && { accept }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
    })
    const text = await answer.text()
    const isJson = answer.headers.get('content-type')?.includes('json') !== false
    const read = text === '' ? null : isJson ? JSON.parse(text, exactly) : text
    return { status: answer.status, headers: answer.headers, body: read }
  }
  const { body } = await call('POST', `/app/installations/${installation}/access_tokens`, undefined, appJwt(gh))
  const asApp: AsApp = (method, path, json, accept) => call(method, path, json, body.token, accept)
  const checkWebhooks = () => gh.deliveries.flatMap((delivery) => webhooks().problems(delivery))
  return { gh, unlawful, call, asApp, installation, checkWebhooks }
}

/** Numbers beyond 2^53, as those of deliveries, stay whole. */
function exactly(_key: string, value: unknown, context?: { source: string }): unknown {
  return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)
    ? BigInt(context!.source)
    : value
}

export function appJwt(gh: LocalGitHub): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const now = Math.floor(Date.now() / 1000)
  const unsigned = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iat: now - 30, exp: now + 300, iss: gh.app.id })}`
  return `${unsigned}.${createSign('RSA-SHA256').update(unsigned).sign(gh.app.privateKey, 'base64url')}`
}

/** bob's pull request #1 from his fork. */
export function openPull(gh: LocalGitHub, about: { draft?: boolean; body?: string; labels?: string[] } = {}) {
  return gh.as('bob').openPullRequest({
    repo: 'acme/tool',
    title: 'Add b',
    head: 'feature',
    commits: [{ message: 'Add b', files: { 'src/b.ts': 'b\n', 'src/a.ts': 'one\n2\nthree\n' } }],
    ...about,
  })
}
