import { Octokit } from '@octokit/rest'
import { beforeEach, describe, expect, test } from 'vitest'
import { createRateLimitMonitor, type RateLimitMonitor } from '../../src/github/rate-limit-monitor.ts'
import type { Client } from '../../src/github/client.ts'

const NOW = 1_700_000_000_000
let time: number
let rateLimits: RateLimitMonitor
let logged: string[]
beforeEach(() => {
  time = NOW
  logged = []
  rateLimits = createRateLimitMonitor(
    () => time,
    (owner) => logged.push(owner),
  )
})

interface Said {
  status?: number
  left?: number
  resource?: string
  body?: object
  url?: string
  more?: Record<string, string>
}

/** A client asks, and GitHub answers so. */
async function hear(
  account: number | 'app',
  { status = 200, left, resource = 'core', body = {}, url = '/x', more = {} }: Said,
) {
  const headers = {
    'content-type': 'application/json',
    ...(left !== undefined && {
      'x-ratelimit-remaining': String(left),
      'x-ratelimit-limit': '5000',
      'x-ratelimit-reset': String(NOW / 1000 + 60),
      'x-ratelimit-resource': resource,
    }),
  }
  const fetch = async () => new Response(JSON.stringify(body), { status, headers })
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  const client = rateLimits.on(account, new Octokit({ request: { fetch }, log }) as unknown as Client)
  await client.request(`GET ${url}`, more).catch(() => {})
}

describe('what is left of a limit', () => {
  test('is what was said last, also with a refusal', async () => {
    await hear('app', { left: 4999 })
    await hear('app', { left: 4998, status: 404 })
    expect(rateLimits.limits()).toEqual([{ account: 'app', resource: 'core', left: 4998, of: 5000 }])
  })

  test('of many installations is that of the one with least left, each resource apart', async () => {
    for (const [account, left] of [4000, 12, 3000].entries()) await hear(account, { left })
    await hear(1, { left: 7, resource: 'graphql' })
    await hear(2, { left: 9, resource: 'next-years' })
    expect(rateLimits.limits()).toEqual([
      { account: 'installation', resource: 'core', left: 12, of: 5000 },
      { account: 'installation', resource: 'graphql', left: 7, of: 5000 },
      { account: 'installation', resource: 'other', left: 9, of: 5000 },
    ])
  })

  test('is left out when its hour is over, or when GitHub counts none', async () => {
    await hear(1, { left: 0 })
    time += 60_000
    await hear(2, {})
    expect(rateLimits.limits()).toEqual([])
  })
})

describe('an account that does not let us in', () => {
  const ALLOW_LIST = {
    message:
      'Although you appear to have the correct authorization, the `Acme` organization has an IP allow list enabled, and 192.0.2.1 is not permitted.',
  }
  const SAML = { errors: [{ type: 'FORBIDDEN', message: 'Resource protected by organization SAML enforcement.' }] }
  const ask = (owner: string, said: { status?: number; body?: object }) =>
    hear(7, { ...said, url: '/repos/{owner}/app', more: { owner } })

  test('is named until it answers', async () => {
    await ask('Acme', { status: 403, body: ALLOW_LIST })
    await ask('Zed', { status: 200, body: SAML })
    await ask('acme', { status: 502, body: ALLOW_LIST })
    expect(rateLimits.refusing()).toEqual(['Acme', 'Zed'])
    await ask('Acme', { status: 403, body: ALLOW_LIST })
    expect(logged).toEqual(['Acme', 'Zed'])
    await ask('acme', {})
    expect(rateLimits.refusing()).toEqual(['Zed'])
  })

  test('is not one that refuses something else', async () => {
    await ask('Acme', { status: 403, body: { message: 'Resource not accessible by integration' } })
    await ask('Acme', { status: 404, body: { message: 'IP allow list' } })
    expect(rateLimits.refusing()).toEqual([])
  })
})

describe('the App’s credentials', () => {
  test('are refused from a 401 until the next answer', async () => {
    await hear('app', { status: 401 })
    expect(rateLimits.isRefused()).toBe(true)
    await hear('app', {})
    expect(rateLimits.isRefused()).toBe(false)
  })

  test('are refused where an installation’s token is asked for with them, or the App is gone', async () => {
    await hear(7, { status: 401, url: '/app/installations/7/access_tokens' })
    expect(rateLimits.isRefused()).toBe(true)
    await hear('app', { status: 404, body: { message: 'Integration not found' } })
    expect(rateLimits.isRefused()).toBe(true)
  })

  test('are not refused by what is said of an installation, nor by a GitHub that is down', async () => {
    await hear(7, { status: 401 })
    await hear('app', { status: 500 })
    await hear(7, { status: 403, url: '/app/installations/7/access_tokens' })
    expect(rateLimits.isRefused()).toBe(false)
  })
})
