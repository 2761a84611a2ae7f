import { afterAll, beforeAll, expect, it } from 'vitest'
import { inReview, openPull, OWNER, postItem, startWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const scrape = async () => {
  const answer = await fetch(`${world.bridge.url}/metrics`)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  return answer.text()
}

const commits = async () => Number((await world.sql('SELECT count(*) AS n FROM dolt_log'))[0]!['n'])

/** The value of a sample, given with its labels. */
const value = (text: string, sample: string) => {
  const line = text.split('\n').find((line) => line.startsWith(`wasteland_bridge_${sample} `))
  return line === undefined ? undefined : Number(line.split(' ').at(-1))
}

it('/metrics tells what the bridge did, and of nobody', async () => {
  const before = await commits()
  const repo = world.repository('secret-plans')
  const { number } = await inReview(world, repo, 'bob')
  world.gh.as('mia').comment(repo, number, '/wl stamp quality=4')
  world.gh.as('bob').comment(repo, number, '/wl stamp quality=4')
  world.gh.as('bob').comment(repo, number, '/wl mytoken')
  await world.idle()
  const text = await scrape()
  const came = world.gh.deliveries.filter(({ event }) => event === 'issue_comment').length
  const expected = {
    'deliveries_total{event="issue_comment",status="202"}': came,
    'commands_total{command="post",result="done"}': 1,
    'commands_total{command="stamp",result="done"}': 1,
    'commands_total{command="stamp",result="refused"}': 1,
    'commands_total{command="unknown",result="refused"}': 1,
    'jobs_waiting{queue="deliveries"}': 0,
    'oldest_job_age_seconds{queue="deliveries"}': 0,
    'jobs_in_hand{queue="deliveries"}': 0,
    'dead_letters{queue="deliveries"}': 0,
    ledger_turns_waiting: 0,
  }
  expect(Object.fromEntries(Object.keys(expected).map((sample) => [sample, value(text, sample)]))).toEqual(expected)
  expect(value(text, 'ledger_commits_total')).toBe((await commits()) - before)
  expect(value(text, 'ledger_commit_seconds_count')).toBeGreaterThan(0)
  expect(value(text, 'github_rate_limit_remaining{account="installation",resource="core"}')).toBeLessThan(5000)
  expect(value(text, 'github_rate_limit_remaining{account="app",resource="core"}')).toBeLessThan(5000)
  for (const part of ['ledger', 'operations', 'queue', 'github', 'disk'])
    expect([part, value(text, `ready{part="${part}"}`)]).toEqual([part, 1])
  expect(text).not.toMatch(new RegExp(`\\b(${OWNER}|mia|bob|secret-plans|mytoken)\\b`))
})

it('/metrics counts what waits, and for how long', async () => {
  const repo = world.repository('waiting')
  const id = await postItem(world, repo)
  const end = world.gh.fault({ path: new RegExp(`^/repos/${repo}/`), status: 503, times: 1000 })
  openPull(world, repo, 'bob', { body: `Wanted: ${id}` })
  await expect
    .poll(async () => value(await scrape(), 'job_retries_total{queue="deliveries",reason="deferred"}'))
    .toBeGreaterThan(0)
  await expect.poll(async () => value(await scrape(), 'jobs_waiting{queue="deliveries"}')).toBeGreaterThan(0)
  await expect.poll(async () => value(await scrape(), 'oldest_job_age_seconds{queue="deliveries"}')).toBeGreaterThan(0)
  end()
  await world.idle()
  expect(value(await scrape(), 'jobs_waiting{queue="deliveries"}')).toBe(0)
})

it('/readyz and /metrics say that GitHub refuses the App’s credentials, until it takes them again', async () => {
  const readyz = async () => (await fetch(`${world.bridge.url}/readyz`)).text()
  // That of the App itself would end the start.
  const end = world.gh.fault({ path: /^\/app\/|access_tokens$/, status: 401, times: 1000 })
  await world.restart()
  await expect.poll(readyz).toContain('github: does not accept our credentials.')
  expect(value(await scrape(), 'ready{part="github"}')).toBe(0)
  end()
  const repo = world.repository('accepted-again')
  await postItem(world, repo)
  expect(await readyz()).toBe('ready\n')
})
