import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runBeside, runForJson } from './cli.ts'
import { openPull, postItem, recorded, startWorld, type World } from './world.ts'

describe('wasteland-bridge redeliver', { timeout: 240_000 }, () => {
  let world: World
  let comparisons = 0
  const clock = {
    now: () => new Date(),
    pollIntervalMs: 3_600_000,
    jobEnded: (name: string) => void (comparisons += name === 'repositories' ? 1 : 0),
  }
  /** Waits for the comparison with which a bridge starts again: it finds by itself what is missed before it. */
  async function compared(before: number) {
    while (comparisons === before) await sleep(20)
    await world.idle()
  }
  beforeAll(async () => {
    world = await startWorld({ clock })
    await world.idle()
  }, 120_000)
  afterAll(() => world.close())

  const redeliver = (...args: string[]) => runBeside(world, 'redeliver', ...args)

  /** A pull request in review for an item, of which we did not hear. */
  async function missedPull(name: string): Promise<string> {
    const repo = world.repository(name)
    const id = await postItem(world, repo)
    const end = world.gh.drop(() => true)
    openPull(world, repo, 'bob', { body: `Wanted: ${id}` })
    await world.gh.settled()
    end()
    return id
  }
  const statusOf = async (id: string) => (await recorded(world, id)).status

  it('beside a running bridge has GitHub send again what it missed, and says when there is nothing', async () => {
    // Of its installation GitHub told before there was anybody to hear.
    await redeliver()
    await world.idle()
    expect(await redeliver()).toEqual({ code: 0, said: 'Nothing is missing.\n' })
    const id = await missedPull('beside')
    expect(await redeliver()).toEqual({ code: 0, said: 'Asked GitHub to send 1 delivery again.\n' })
    await world.idle()
    expect(await statusOf(id)).toBe('in_review')
    expect(await redeliver()).toEqual({ code: 0, said: 'Nothing is missing.\n' })
  })

  it('says that what fails again may still come, and does not ask for it at once', async () => {
    const id = await missedPull('again')
    const end = world.gh.drop(() => true)
    await redeliver()
    await world.gh.settled()
    end()
    const from = world.gh.requests.length
    expect(await redeliver()).toEqual({
      code: 0,
      said: '1 delivery asked for before may still come; look again in a few minutes.\n',
    })
    expect(world.gh.requests.slice(from).filter(({ method }) => method === 'POST')).toEqual([])
    await world.ops(`UPDATE missed_deliveries SET asked_at = asked_at - interval '2 minutes'`)
    expect((await redeliver()).said).toBe('Asked GitHub to send 1 delivery again.\n')
    await world.idle()
    expect(await statusOf(id)).toBe('in_review')
  })

  it('fetches what GitHub will not send again', async () => {
    const id = await missedPull('fetched')
    world.gh.fault({ method: 'POST', path: /\/attempts$/, status: 422 })
    expect(await redeliver()).toEqual({ code: 0, said: 'Fetched 1 delivery from GitHub’s list.\n' })
    await world.idle()
    expect(await statusOf(id)).toBe('in_review')
  })

  it('with --json tells programs the same, in one document, and what stopped it on standard error', async () => {
    const json = () => runForJson(world, 'redeliver')
    const nothing = { asked: 0, fetched: 0, waiting: 0, lost: [], stopped: false, isRunning: true }
    expect(await json()).toEqual({ code: 0, document: nothing, err: '' })
    const id = await missedPull('programs')
    expect(await json()).toEqual({ code: 0, document: { ...nothing, asked: 1 }, err: '' })
    await world.idle()
    expect(await statusOf(id)).toBe('in_review')
    const end = world.gh.fault({ status: 502, path: /^\/app\/hook/ })
    const broken = await json()
    end()
    expect(broken).toEqual({
      code: 1,
      document: { ...nothing, stopped: true },
      err: expect.stringMatching(/^Stopped: .*again a little later/),
    })
  })

  it('while no bridge runs fetches what it missed, for when one does', async () => {
    const id = await missedPull('alone')
    let before = 0
    await world.restart(async () => {
      // One that was ended counts too.
      before = comparisons
      expect(await redeliver()).toEqual({
        code: 0,
        said: 'Fetched 1 delivery from GitHub’s list. The bridge works on them when it runs.\n',
      })
      expect(await redeliver()).toEqual({ code: 0, said: 'Nothing is missing.\n' })
    })
    await compared(before)
    expect(await statusOf(id)).toBe('in_review')
  })

  it.each<[string, { status: number; headers?: Record<string, string> }, RegExp]>([
    ['refuses', { status: 403 }, /^GitHub answered 403: it does not show us .*APP_ID and the private key .*doctor/],
    ['does not know us', { status: 401 }, /^Stopped: .*wasteland-bridge doctor/],
    [
      'asks to wait',
      { status: 429, headers: { 'retry-after': '600' } },
      /^Stopped: .*again after \d{4}-.*goes on where/,
    ],
    ['is broken', { status: 502 }, /^Stopped: .*again a little later/],
  ])('says what to do when GitHub %s', async (_, fault, words) => {
    const end = world.gh.fault({ ...fault, path: /^\/app\/hook/ })
    const { code, said } = await redeliver()
    end()
    expect(said).toMatch(words)
    expect(code).toBe(1)
  })

  it('names what GitHub does not give, each time it is asked', async () => {
    const id = await missedPull('gone')
    const end = world.gh.fault({ path: /hook\/deliveries\/\d/, status: 404, times: 2 })
    const first = await redeliver()
    end()
    expect(first).toEqual({
      code: 1,
      said: expect.stringMatching(
        /^GitHub does not give 1 delivery again: [0-9a-f-]{36}\.\nwasteland-bridge reconcile/,
      ),
    })
    expect(await redeliver()).toEqual(first)
    const { document, ...rest } = await runForJson(world, 'redeliver')
    const [guid] = /[0-9a-f-]{36}/.exec(first.said)!
    expect({ ...rest, document }).toEqual({ code: 1, err: '', document: expect.objectContaining({ lost: [guid] }) })
    expect(await statusOf(id)).toBe('open')
  })

  it('takes no other argument than --json, and says so', async () => {
    expect(await redeliver('--all')).toEqual({
      code: 2,
      said: "Not understood (Unknown option '--all'). Expected: wasteland-bridge redeliver [--json]\n",
    })
  })
})
