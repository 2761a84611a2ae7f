import { expect, test } from 'vitest'
import { graphqlFaults } from '../../../local-github/graphql/faults.ts'
import { startPeople } from './ask.ts'

const login = '{ user(login: "reviewer") { login } }'
const whole = { data: { user: { login: 'reviewer' } } }

test.each([
  ['too much', graphqlFaults.resourceLimits(), 200, { errors: [{ type: 'RESOURCE_LIMITS_EXCEEDED' }] }],
  ['the limit', graphqlFaults.rateLimit(), 200, { errors: [{ type: 'RATE_LIMIT' }] }],
  ['the secondary limit', graphqlFaults.secondary(), 403, { message: expect.stringContaining('secondary rate limit') }],
  ['the secondary limit by 429', graphqlFaults.secondary({ status: 429 }), 429, {}],
  ['a timeout', graphqlFaults.timeout(), 502, { errors: [{}] }],
  ['a timeout by 504', graphqlFaults.timeout({ status: 504 }), 504, { errors: [{}] }],
])('%s hits the next request, and no other', async (_name, fault, status, body) => {
  const { gh, send, ask } = await startPeople()
  gh.fault(fault)
  const answer = await send({ query: login })
  expect(answer.status).toBe(status)
  expect(await answer.json()).toMatchObject(body)
  if (status === 403) expect(answer.headers.get('retry-after')).toBe('60')
  expect(await ask(login)).toEqual(whole)
})

test('a fault for a login or a field spares the others', async () => {
  const { gh, ask } = await startPeople()
  const stop = gh.fault(graphqlFaults.resourceLimits({ asking: 'person-000007', times: Infinity }))
  gh.fault(graphqlFaults.timeout({ asking: 'contributionsCollection', times: Infinity }))
  const query = 'query ($login: String!) { user(login: $login) { login } }'
  expect(await ask(query, { login: 'reviewer' })).toEqual(whole)
  expect(await ask(query, { login: 'person-000007' })).toMatchObject({ data: null })
  expect(await ask('{ user(login: "reviewer") { contributionsCollection { startedAt } } }')).toMatchObject({
    data: null,
  })
  stop()
  expect(await ask(query, { login: 'person-000007' })).toMatchObject({ data: { user: { login: 'person-000007' } } })
})

test('a fault hits every n-th request, or a share of them that is the same in every run', async () => {
  const runs = await Promise.all(
    [1, 2].map(async () => {
      const { gh, send } = await startPeople()
      const stop = gh.fault(graphqlFaults.timeout({ every: 3 }))
      const hit = async (count: number) => {
        const statuses: number[] = []
        for (let n = 0; n < count; n++) statuses.push((await send({ query: login })).status)
        return statuses.flatMap((status, at) => (status === 200 ? [] : at))
      }
      expect(await hit(7)).toEqual([2, 5])
      stop()
      gh.fault(graphqlFaults.timeout({ share: 0.1 }))
      return hit(100)
    }),
  )
  expect(runs[0]!.length).toBeGreaterThan(2)
  expect(runs[0]!.length).toBeLessThan(25)
  expect(runs[1]).toEqual(runs[0])
})

test('a hung request is never answered, and the next one is', async () => {
  const { gh, token, ask } = await startPeople()
  await ask(login)
  gh.fault(graphqlFaults.hang())
  const hung = fetch(`${gh.url}/api/graphql`, {
    method: 'POST',
    headers: { authorization: `bearer ${token}` },
    body: JSON.stringify({ query: login }),
    signal: AbortSignal.timeout(200),
  })
  await expect(hung).rejects.toThrow('timeout')
  expect(await ask(login)).toEqual(whole)
})

test('without a token nothing is answered', async () => {
  const { gh } = await startPeople()
  const answer = await fetch(`${gh.url}/api/graphql`, { method: 'POST', body: JSON.stringify({ query: login }) })
  expect(answer.status).toBe(401)
})

test('a token’s points are told, run out with status 200, and come back with the hour', async () => {
  const { gh, send, token } = await startPeople()
  gh.limits.points = 2
  const left = async () => {
    const answer = await send({ query: login })
    const told = ['limit', 'remaining', 'used', 'resource'].map((name) => answer.headers.get(`x-ratelimit-${name}`))
    return {
      told,
      status: answer.status,
      reset: Number(answer.headers.get('x-ratelimit-reset')),
      body: await answer.json(),
    }
  }
  const first = await left()
  expect(first).toMatchObject({ told: ['2', '1', '1', 'graphql'], body: whole })
  expect(first.reset).toBe(gh.clock.now() / 1000 + 3600)
  expect(await left()).toMatchObject({ told: ['2', '0', '2', 'graphql'], body: whole })
  expect(await left()).toMatchObject({
    status: 200,
    told: ['2', '0', '2', 'graphql'],
    body: { errors: [{ type: 'RATE_LIMIT' }] },
  })
  const other = await send({ query: login }, gh.user('other').token)
  expect(await other.json()).toEqual(whole)
  gh.clock.advance(3600)
  expect(await left()).toMatchObject({ told: ['2', '1', '1', 'graphql'], body: whole })
  expect(gh.limits.usage(token)).toEqual({ rest: 0, graphql: 4, points: 3 })
  expect(gh.limits.usage()).toEqual({ rest: 0, graphql: 5, points: 4 })
})

test.each([
  ['no page size', 'followers { nodes { login } }', 'MISSING_PAGINATION_BOUNDARIES'],
  ['a page of 101', 'followers(first: 101) { totalCount }', 'EXCESSIVE_PAGINATION'],
  ['a page of 0', 'followers(first: 0) { totalCount }', 'ARGUMENT_LIMIT'],
  [
    'more than 500,000 nodes',
    'repositories(first: 100) { nodes { issues(first: 100) { nodes { comments(first: 51) { totalCount } } } } }',
    'MAX_NODE_LIMIT_EXCEEDED',
  ],
])('%s is refused', async (_name, field, type) => {
  const { ask, gh, token } = await startPeople()
  const answer = await ask(`{ user(login: "reviewer") { ${field} } }`)
  expect(answer).toMatchObject({ errors: [{ type }] })
  expect(answer.data).toBeUndefined()
  expect(gh.limits.usage(token).points).toBe(0)
})

test('what the schema does not have is an error of the whole query', async () => {
  const { ask } = await startPeople()
  expect((await ask('{ user(login: "reviewer") { shoeSize } }')).errors[0].message).toContain('shoeSize')
  expect((await ask('query ($login: String!) { user(login: $login) { login } }')).errors[0].message).toContain('$login')
  expect((await ask('{ user(')).errors).toHaveLength(1)
})
