import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Account } from '../../src/domain/rig.ts'
import type { Imports } from '../../src/domain/imports.ts'
import { graphqlFaults } from '../../local-github/graphql/faults.ts'
import { until } from '../ops/fake-server.ts'
import { makeDue, unfinishedJobs } from '../queue-rows.ts'
import { asked, ended, importsBeside, sayAlone } from './importing.ts'
import { startWorld, type World } from './world.ts'

const HOUR_MS = 3_600_000

describe('an import on its way', () => {
  let world: World
  let repo: string
  let imports: Imports & { close(): Promise<void> }
  beforeAll(async () => {
    world = await startWorld({ importer: 'ops' })
    repo = world.repository('talk')
    imports = await importsBeside(world)
  }, 120_000)
  afterAll(async () => {
    await imports.close()
    await world.close()
  })

  async function begin(login: string): Promise<string> {
    const requested = await imports.request({ login, by: { way: 'operator' } })
    if ('refused' in requested) throw new Error(requested.refused)
    return requested.job
  }
  const account = ({ id, login }: { id: number; login: string }): Account => ({ id, login, type: 'User' })
  const slow = (login: string, delayMs: number) => world.gh.fault({ path: /^\/graphql$/, asking: login, delayMs })
  const stateOf = async (job: string) => (await imports.find(job))!.state
  const rows = (login: string) => world.ops('SELECT * FROM imports WHERE login = $1 ORDER BY created_at', [login])

  it('with the installation’s token it stops at half of the limit, and goes on after it', async () => {
    world.gh.person('lia', 'prolific_maintainer')
    const { points } = world.gh.limits
    world.gh.limits.points = 12
    let spent = 0
    const over = world.gh.onExchange(({ answer }) => void (spent += answer?.data?.rateLimit?.cost ?? 0))
    const opened = sayAlone(world, repo, 'lia')
    await until(async () => (await rows('lia'))[0]?.['waits_until'] != null)
    const { id } = (await rows('lia'))[0]!
    expect((await imports.find(id))!.waitsUntil!.getTime()).toBeGreaterThan(Date.now() + HOUR_MS / 2)
    // The last request may cost more than a point. What answers people ask besides is not the import's.
    over()
    expect(spent).toBeGreaterThan(6)
    expect(spent).toBeLessThanOrEqual(9)
    world.gh.limits.points = points
    // The import says that it waits before the queue has put its job off.
    await until(async () => (await unfinishedJobs(world.ops, ['imports']))[0]?.['state'] === 'retry')
    await makeDue(world.ops)
    const number = await opened
    expect(world.said(repo, number)).toEqual([expect.stringMatching(/^Imported the character sheet of lia/)])
  })

  it('is cancelled while GitHub keeps it waiting: nothing is written, and the next one in line begins', async () => {
    world.gh.person('hana', 'newcomer')
    const mend = world.gh.fault(graphqlFaults.hang({ asking: 'hana', times: 100 }))
    const job = await begin('hana')
    await until(async () => (await stateOf(job)) === 'fetching')
    expect(await imports.cancel(job, { id: 4711 })).toBe(false)
    expect(await imports.cancel(job, 'operator')).toBe(true)
    expect(await imports.cancel(job, 'operator')).toBe(false)
    await world.idle()
    mend()
    expect(await imports.find(job)).toMatchObject({ state: 'cancelled', endedAt: expect.any(Date) })
    expect(await imports.sheet('hana')).toBeUndefined()
  })

  it('waits behind those of the same token, says how long, and can be cancelled there', async () => {
    world.gh.person('ivy', 'newcomer')
    world.gh.person('jon', 'newcomer')
    world.gh.person('kim', 'newcomer')
    slow('ivy', 2_500)
    const [first, second, third] = [await begin('ivy'), await begin('jon'), await begin('kim')]
    await until(async () => (await stateOf(first)) === 'fetching')
    expect(await imports.find(second)).toMatchObject({
      state: 'queued',
      queue: { before: 1, seconds: expect.any(Number) },
    })
    expect(await imports.find(third)).toMatchObject({ state: 'queued', queue: { before: 2 } })
    expect(await imports.cancel(second, 'operator')).toBe(true)
    expect(await imports.find(third)).toMatchObject({ queue: { before: 1 } })
    expect(await ended(imports, third)).toMatchObject({ state: 'done', sheet: { handle: 'kim', changed: true } })
    expect(await stateOf(first)).toBe('done')
    expect(await stateOf(second)).toBe('cancelled')
    expect(asked(world).filter((body) => body.includes('"jon"'))).toEqual([])
  })

  it('keeps the handle of who was renamed between two imports', async () => {
    const mae = account(world.gh.person('mae', 'reviewer'))
    await sayAlone(world, repo, 'mae')
    world.gh.renameUser('mae', 'mae-of-old')
    await world.ops(`UPDATE imports SET ended_at = ended_at - interval '2 days' WHERE login = 'mae'`)
    const number = await sayAlone(world, repo, 'mae-of-old')
    expect(world.said(repo, number)).toEqual([
      expect.stringMatching(/^Imported the character sheet of mae-of-old, kept under the handle `mae`/),
    ])
    expect(await imports.sheetOf(mae)).toMatchObject({ handle: 'mae', person: { login: 'mae-of-old', id: mae.id } })
  })

  it('stops where the login is another’s by now, and follows who was renamed since they asked', async () => {
    const nia = account(world.gh.person('nia', 'reviewer'))
    const { token } = world.gh.user('nia')
    world.gh.renameUser('nia', 'nia-two')
    const ask = () => imports.request({ login: 'nia', by: { way: 'form', person: nia, token } })
    const followed = (await ask()) as { job: string }
    expect(await ended(imports, followed.job)).toMatchObject({ state: 'done', sheet: { handle: 'nia-two' } })
    await world.ops(`UPDATE imports SET ended_at = ended_at - interval '2 days' WHERE login = 'nia'`)
    world.gh.person('nia', 'newcomer')
    const stopped = (await ask()) as { job: string }
    expect(await ended(imports, stopped.job)).toMatchObject({
      state: 'failed',
      failure: expect.stringMatching(/the login nia now is another person’s, so nothing was imported/),
    })
    expect(await rows('nia')).toMatchObject([{ token: null }, { token: null }])
  })

  it.each([
    ['answers 502 to', graphqlFaults.timeout, 'is:unmerged', ['counts']],
    ['has no resources for', graphqlFaults.resourceLimits, 'totalCommitContributions', ['years', 'reviews']],
  ])('is written with what is missing, where GitHub %s a stage', async (way, fault, asking, missing) => {
    const login = `patient-${way.length}`
    world.gh.person(login, 'prolific_maintainer')
    const mend = world.gh.fault({ ...fault({ times: 1000 }), asking })
    expect(await ended(imports, await begin(login))).toMatchObject({ state: 'done' })
    mend()
    const { json } = (await imports.sheet(login)) as { json: { source: { missing: string[] } } }
    expect(json.source.missing).toEqual(missing)
  })
})
