import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { readAppFile } from '../../src/github/app-file.ts'

const app = readAppFile(readFileSync(new URL('../../app.yml', import.meta.url), 'utf8'))

/** GitHub's published description, read by path: importing the package takes 12 s. */
const OpenApi = z.object({
  components: z.object({
    schemas: z.object({
      'app-permissions': z.object({ properties: z.record(z.string(), z.object({ enum: z.array(z.string()) })) }),
    }),
  }),
  'x-webhooks': z.record(
    z.string(),
    z.object({
      post: z.object({
        'x-github': z.object({ subcategory: z.string(), 'supported-webhook-types': z.array(z.string()) }),
      }),
    }),
  ),
})
const published = new URL('../../node_modules/@octokit/openapi/generated/api.github.com.json', import.meta.url)
const github = OpenApi.parse(JSON.parse(readFileSync(published, 'utf8')))

/** From GitHub's "Webhook events and payloads": any of these permissions, at read, lets an App subscribe. */
const EVENT_NEEDS: Record<string, string[]> = {
  pull_request: ['pull_requests'],
  pull_request_review: ['pull_requests'],
  pull_request_review_comment: ['pull_requests'],
  issue_comment: ['issues', 'pull_requests'],
  issues: ['issues'],
  label: ['metadata'],
  push: ['contents'],
  status: ['statuses'],
  repository: ['metadata'],
  member: ['members'],
  membership: ['members'],
  team: ['members'],
  organization: ['members'],
}

test.each(app.permissions)('permission $name: $access is one that GitHub knows, with a reason', (permission) => {
  const known = github.components.schemas['app-permissions'].properties[permission.name]
  expect(known?.enum).toContain(permission.access)
  expect(permission.reason.length).toBeGreaterThan(20)
})

test.each(app.events)('event $name is one that GitHub sends to Apps, with a reason', ({ name, reason }) => {
  const events = Object.values(github['x-webhooks']).map(({ post }) => post['x-github'])
  const sent = events.filter(({ subcategory }) => subcategory === name)
  expect(sent.flatMap((event) => event['supported-webhook-types'])).toContain('app')
  expect(reason.length).toBeGreaterThan(20)
})

test.each(app.events)('event $name needs no permission that is not listed', ({ name }) => {
  const permissions = app.permissions.map((permission) => permission.name)
  expect(EVENT_NEEDS[name]?.some((needed) => permissions.includes(needed))).toBe(true)
})

test('only what the App answers with is writable, and nothing is admin', () => {
  const writable = app.permissions.filter(({ access }) => access !== 'read').map(({ name, access }) => [name, access])
  expect(Object.fromEntries(writable)).toEqual({ pull_requests: 'write', issues: 'write', checks: 'write' })
})

test('a name in both lists keeps its two reasons apart', () => {
  const issues = [...app.permissions, ...app.events].filter(({ name }) => name === 'issues')
  expect(new Set(issues.map(({ reason }) => reason)).size).toBe(2)
})

test('an App that anybody may install is refused', () => {
  const open =
    'name: a\ndescription: b\nurl: https://a.example\npublic: true\ndefault_permissions: {}\ndefault_events: []\n'
  expect(() => readAppFile(open)).toThrow('public')
})
