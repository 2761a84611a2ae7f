import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely'
import { describe, expect, it, vi } from 'vitest'
import { Unavailable } from '../../src/domain/errors.ts'
import { work, type Job, type WorkDeps } from '../../src/deliveries/work.ts'
import { AccountRefused, GitHubRefused } from '../../src/github/errors.ts'

/** A store without rows. */
const EMPTY = {
  wasteland: 'w',
  db: new Kysely({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  }),
}
const log = { info() {}, warn() {} }
const place = { installation_id: 1, repository_id: 2, owner: 'acme', repo: 'app', number: 3 }
const JOBS: Record<string, Job> = {
  revisit: { revisit: place },
  reconcile: { reconcile: place },
  revert: { revert: place },
}

function failing(data: Job, error: Error): Promise<unknown> {
  const deps = { store: EMPTY, installation: () => Promise.reject(error), now: () => new Date() } as unknown as WorkDeps
  const job = { id: 'x', data, lastTry: true, deadly: false } as Parameters<typeof work>[2]
  return work(deps, log, job).catch((fault: unknown) => fault)
}

describe('a job whose account refuses us', () => {
  it.each(Object.entries(JOBS))('waits ten minutes and uses up no try: %s', async (_, data) => {
    const fault = (await failing(data, new AccountRefused(403, undefined))) as Unavailable
    expect(fault).toBeInstanceOf(Unavailable)
    const minutes = (fault.retryAt!.getTime() - Date.now()) / 60_000
    expect([minutes > 9, minutes <= 10]).toEqual([true, true])
  })

  it.each(['revisit', 'revert'])('is told from one that lacks a right, which fails: %s', async (kind) => {
    expect(await failing(JOBS[kind]!, new GitHubRefused(403, undefined))).toBeInstanceOf(GitHubRefused)
  })

  const command = {
    v: 1,
    type: 'review',
    delivery: 'g',
    name: 'pull_request_review.submitted',
    repository: { installation: 1, id: 2, owner: 'acme', repo: 'app' },
    comment: { ref: { kind: 'review', id: 4 }, number: 3, text: '/wl stamp quality=4', textAt: '2026-11-30T00:00:00Z' },
  }

  it.each([
    ['refuses us', new AccountRefused(403, undefined), 0],
    ['does not', new GitHubRefused(403, undefined), 1],
  ])('tells the author of a command nothing, also at its last try: %s', async (_, refused, replies) => {
    const reply = vi.fn(async () => {})
    const deps = {
      installation: async () => ({}),
      repliedAt: async () => undefined,
      reply,
      get store() {
        throw refused
      },
    } as unknown as WorkDeps
    const data = { event: command, isAnswered: true }
    const job = { id: 'g', data, lastTry: true, deadly: false } as unknown as Parameters<typeof work>[2]
    await expect(work(deps, log, job)).rejects.toBeInstanceOf(replies === 0 ? Unavailable : GitHubRefused)
    expect(reply).toHaveBeenCalledTimes(replies)
  })
})
