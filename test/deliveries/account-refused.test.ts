import type { Probot } from 'probot'
import { describe, expect, it } from 'vitest'
import { Unavailable } from '../../src/domain/errors.ts'
import { work, type Job, type WorkDeps } from '../../src/deliveries/work.ts'
import { AccountRefused, GitHubRefused } from '../../src/github/errors.ts'

const log = { info() {}, warn() {} }
const place = { installation_id: 1, repository_id: 2, owner: 'acme', repo: 'app', number: 3 }
const JOBS: Record<string, Job> = {
  revisit: { revisit: place },
  reconcile: { reconcile: place },
  revert: { revert: place },
}

function failing(data: Job, error: Error): Promise<unknown> {
  const deps = { installation: () => Promise.reject(error), now: () => new Date() } as unknown as WorkDeps
  const job = { id: 'x', data, lastTry: true, deadly: false } as Parameters<typeof work>[3]
  return work(deps, {} as Probot, log, job).catch((fault: unknown) => fault)
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

  it('tells the author of a command nothing, also at its last try', async () => {
    const refused = Object.assign(new AggregateError([new AccountRefused(403, undefined)]), { event: {} })
    const probot = { receive: () => Promise.reject(refused) } as unknown as Probot
    const deps = new Proxy({} as WorkDeps, { get: () => () => Promise.reject(new Error('reached')) })
    const delivery = { guid: 'g', name: 'push', payload: {} }
    const job = { id: 'g', data: { delivery }, lastTry: true, deadly: false } as unknown as Parameters<typeof work>[3]
    await expect(work(deps, probot, log, job)).rejects.toBeInstanceOf(Unavailable)
  })
})
