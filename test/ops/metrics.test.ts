import { describe, expect, test, vi } from 'vitest'
import { createMetrics, type MetricSources } from '../../src/ops/metrics.ts'

const known = {
  events: new Set(['issue_comment', 'push']),
  commands: new Set(['stamp']),
  queues: ['deliveries', 'imports'],
}

function start(sources: Partial<MetricSources> = {}) {
  return createMetrics(known, () => ({ readiness: async () => [], ...sources }))
}

/** The samples whose name begins so, without the prefix that all have. */
async function samples(metrics: ReturnType<typeof start>, name: string): Promise<string[]> {
  const lines = (await metrics.text()).split('\n')
  return lines.flatMap((line) => (line.startsWith(`wasteland_bridge_${name}`) ? line.slice(17) : []))
}

describe('what is counted', () => {
  test('deliveries: by GitHub’s own names of events, whatever the sender says', async () => {
    const metrics = start()
    metrics.delivered('push', 202)
    metrics.delivered('push', 202)
    metrics.delivered('push', 503)
    for (let n = 0; n < 100; n++) metrics.delivered(`made up ${n}`, 401)
    expect(await samples(metrics, 'deliveries')).toEqual([
      'deliveries_total{event="push",status="202"} 2',
      'deliveries_total{event="push",status="503"} 1',
      'deliveries_total{event="other",status="401"} 100',
    ])
  })

  test('commands: by the registry’s names, whatever people write', async () => {
    const metrics = start()
    metrics.commanded('stamp', 'done')
    for (const name of ['my-token', 'bob', 'constructor']) metrics.commanded(name, 'refused')
    expect(await samples(metrics, 'commands')).toEqual([
      'commands_total{command="stamp",result="done"} 1',
      'commands_total{command="unknown",result="refused"} 3',
    ])
  })

  test('jobs that are not done: those that come again apart from the dead letters', async () => {
    const metrics = start()
    metrics.jobEnded('deliveries', 'deferred')
    metrics.jobEnded('deliveries', 'retried')
    metrics.jobEnded('imports', 'dead')
    expect(await samples(metrics, 'job')).toEqual([
      'job_retries_total{queue="deliveries",reason="deferred"} 1',
      'job_retries_total{queue="deliveries",reason="retried"} 1',
      'jobs_failed_total{queue="deliveries"} 0',
      'jobs_failed_total{queue="imports"} 1',
    ])
  })

  test('what the writer wrote: its turns, and the time of a Dolt commit where there was one', async () => {
    const metrics = start({ transactionsWaiting: () => 7 })
    metrics.wrote({ transactions: 40, commits: 3, seconds: 0.02 })
    metrics.wrote({ transactions: 1, commits: 0, seconds: 4 })
    const all = await samples(metrics, 'ledger')
    expect(all).toEqual(
      expect.arrayContaining([
        'ledger_commits_total 3',
        'ledger_turns_waiting 7',
        'ledger_batch_turns_sum 41',
        'ledger_batch_turns_bucket{le="1"} 1',
        'ledger_commit_seconds_sum 0.02',
        'ledger_commit_seconds_count 1',
      ]),
    )
  })
})

describe('what is read when somebody looks', () => {
  test('is what it is then', async () => {
    let jobs = 3
    const metrics = start({
      readiness: async () => [
        ['ledger', undefined],
        ['disk', '4 MB are free in DATA_DIR.'],
      ],
      stored: async () => [{ queue: 'deliveries', waiting: jobs, oldestSeconds: jobs * 2, deadLetters: 1 }],
      inHand: () => ({ deliveries: jobs }),
      limits: () => (jobs === 3 ? [{ account: 'app', resource: 'core', left: 4990, of: 5000 }] : []),
    })
    const names = ['ready', 'jobs_waiting', 'oldest', 'dead', 'jobs_in', 'github']
    const all = async () => (await Promise.all(names.map((name) => samples(metrics, name)))).flat()
    expect(await all()).toEqual([
      'ready{part="ledger"} 1',
      'ready{part="disk"} 0',
      'jobs_waiting{queue="deliveries"} 3',
      'oldest_job_age_seconds{queue="deliveries"} 6',
      'dead_letters{queue="deliveries"} 1',
      'jobs_in_hand{queue="deliveries"} 3',
      'github_rate_limit_remaining{account="app",resource="core"} 4990',
      'github_rate_limit{account="app",resource="core"} 5000',
    ])
    jobs = 0
    expect(await samples(metrics, 'jobs_waiting')).toEqual(['jobs_waiting{queue="deliveries"} 0'])
    expect(await samples(metrics, 'github')).toEqual([])
  })

  test.each([
    ['is away', () => Promise.reject(new Error('postgres://user:password@host'))],
    ['does not answer', () => new Promise<never>(() => {})],
  ])('of a store that %s is left out, and the rest is told', async (_, away) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    let stored: MetricSources['stored'] = async () => [
      { queue: 'deliveries', waiting: 1, oldestSeconds: 1, deadLetters: 0 },
    ]
    const metrics = start({ stored: () => stored!(), inHand: () => ({ deliveries: 2 }) })
    expect(await samples(metrics, 'jobs_waiting')).toHaveLength(1)
    stored = away
    const text = metrics.text()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(await text).toContain('wasteland_bridge_jobs_in_hand{queue="deliveries"} 2')
    expect(await text).not.toMatch(/^wasteland_bridge_(jobs_waiting|oldest_job_age_seconds|dead_letters)\b/m)
    expect(await text).not.toContain('password')
    vi.useRealTimers()
  })

  test('is read once for all who look at once', async () => {
    const stored = vi.fn(async () => [])
    const metrics = start({ stored })
    const texts = await Promise.all(Array.from({ length: 20 }, () => metrics.text()))
    expect(new Set(texts).size).toBe(1)
    expect(stored).toHaveBeenCalledOnce()
  })
})

test('each metric has a sentence of help, and two bridges in one process count apart', async () => {
  const [one, other] = [start(), start()]
  one.delivered('push', 202)
  expect(await samples(other, 'deliveries_total')).toEqual([])
  const text = await one.text()
  const names = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name!)
  expect(names.length).toBeGreaterThan(12)
  for (const name of names) {
    expect(name).toMatch(/^wasteland_bridge_[a-z_]+$/)
    expect(text).toMatch(new RegExp(`^# HELP ${name} [A-Z].{10,}\\.$`, 'm'))
  }
})
