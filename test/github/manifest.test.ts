import { readFileSync } from 'node:fs'
import nock from 'nock'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { appManifest, convertManifestCode, ManifestError } from '../../src/github/manifest.ts'

const appYml = readFileSync(new URL('../../app.yml', import.meta.url), 'utf8')
const origin = 'http://localhost:3000'

describe('the manifest', () => {
  test('sends webhooks to the full URL under PUBLIC_URL and the browser back to where it is', () => {
    const manifest = appManifest({ appYml, origin, publicUrl: 'https://bridge.example.org/' })
    expect(manifest).toMatchObject({
      hook_attributes: { url: 'https://bridge.example.org/api/github/webhooks', active: true },
      redirect_url: 'http://localhost:3000/setup/registered',
      callback_urls: ['https://bridge.example.org/import/signed-in'],
      url: 'https://bridge.example.org/',
      public: false,
    })
  })

  test('sends webhooks to the proxy at its own URL', () => {
    const manifest = appManifest({ appYml, origin, webhookProxyUrl: 'https://smee.io/abc' })
    expect(manifest.hook_attributes.url).toBe('https://smee.io/abc')
    expect(manifest.callback_urls).toEqual(['http://localhost:3000/import/signed-in'])
  })

  test('asks for what app.yml lists, and carries a set-up page only when given one', () => {
    const plain = appManifest({ appYml, origin, publicUrl: 'https://b.example' })
    expect(plain.default_permissions).toMatchObject({ metadata: 'read', issues: 'write' })
    expect(plain.default_events).toContain('pull_request')
    expect(plain).not.toHaveProperty('setup_url')
    const named = appManifest({ appYml, origin, publicUrl: 'https://b.example', name: 'ours', setupUrl: `${origin}/` })
    expect(named).toMatchObject({ name: 'ours', setup_url: 'http://localhost:3000/' })
  })
})

describe('the exchange of a code for credentials', () => {
  const apiUrl = 'https://api.github.com'
  const exchange = (code = 'abc123') => convertManifestCode({ apiUrl, code })
  const answer = {
    id: 7,
    slug: 'octoapp',
    html_url: 'https://github.com/apps/octoapp',
    owner: { login: 'octo', type: 'User' },
    pem: '-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\n',
    webhook_secret: 'whs',
    client_id: 'Iv1.1',
    client_secret: 'cs',
  }
  const conversion = () => nock(apiUrl).post('/app-manifests/abc123/conversions')

  beforeEach(() => nock.disableNetConnect())
  afterEach(() => {
    nock.cleanAll()
    nock.enableNetConnect()
  })

  test('gives the credentials', async () => {
    conversion().reply(201, answer)
    expect(await exchange()).toEqual({
      appId: 7,
      privateKey: answer.pem,
      webhookSecret: 'whs',
      clientId: 'Iv1.1',
      clientSecret: 'cs',
      slug: 'octoapp',
      htmlUrl: 'https://github.com/apps/octoapp',
      ownerLogin: 'octo',
    })
  })

  test('asks a GHES at its own API', async () => {
    nock('https://ghes.example').post('/api/v3/app-manifests/abc123/conversions').reply(201, answer)
    const credentials = await convertManifestCode({ apiUrl: 'https://ghes.example/api/v3', code: 'abc123' })
    expect(credentials.appId).toBe(7)
  })

  test.each([
    { title: 'an expired code', status: 404, retryable: false, says: 'for one hour' },
    { title: 'a code GitHub cannot process', status: 422, retryable: false, says: 'for one hour' },
    { title: 'a rate limit', status: 403, retryable: true, says: 'status 403' },
    { title: 'a fault of GitHub’s', status: 502, retryable: true, says: 'status 502' },
  ])('$title is told as a sentence', async ({ status, retryable, says }) => {
    conversion().reply(status, { message: 'no' })
    const error = await exchange().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ManifestError)
    expect(error).toMatchObject({ retryable, message: expect.stringContaining(says) })
  })

  test('a GitHub that cannot be reached may be tried again', async () => {
    conversion().replyWithError('getaddrinfo ENOTFOUND')
    await expect(exchange()).rejects.toMatchObject({ retryable: true, message: expect.stringContaining('be reached') })
  })

  test.each([
    { title: 'no webhook secret', patch: { webhook_secret: null } },
    { title: 'a link that is none', patch: { html_url: 'javascript:alert(1)' } },
    { title: 'no key', patch: { pem: '' } },
  ])('an answer with $title is refused', async ({ patch }) => {
    conversion().reply(201, { ...answer, ...patch })
    await expect(exchange()).rejects.toThrow('lacks a part of the credentials')
  })

  test.each(['', '../../user', 'a b', 'x'.repeat(201)])('the code %j never reaches GitHub', async (code) => {
    await expect(exchange(code)).rejects.toThrow('does not know this code')
  })
})
