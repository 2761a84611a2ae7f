import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { embeddedDoltUrl } from '../../src/ledger/dolt/embedded-dolt.ts'
import { openLedger } from '../../src/ledger/ledger.ts'
import { embeddedPostgresUrl } from '../../src/operations/embedded-postgres.ts'
import { openOperations } from '../../src/operations/postgres/store.ts'
import { openOptOuts } from '../../src/operations/tables/opt-outs.ts'
import { hmacKey } from '../../src/ops/data-dir.ts'
import * as talk from './talk.ts'
import { openPull, OWNER, postItem, recorded, startWorld, type World } from './world.ts'

/* What people take back while the bridge asks GitHub counts, though it was read otherwise before. */

describe('while GitHub is asked', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
    for (const login of ['bo', 'ann', 'cid', 'dee']) world.gh.user(login)
  }, 120_000)
  afterAll(() => world.close())

  /** Does something once, before the first request of this path is answered. */
  function beforeAnswer(path: RegExp, act: () => Promise<void>): { done(): boolean } {
    let isDone = false
    const over = world.gh.onRequest(async (request) => {
      if (!path.test(request.path)) return
      over()
      await act()
      isDone = true
    })
    return { done: () => isDone }
  }

  /** Opts a person out, as another replica does. */
  async function decline(login: string) {
    const { dataDir, GHE_HOST } = world.config
    const db = openOperations(await embeddedPostgresUrl(join(dataDir, 'postgres')))
    const optOuts = await openOptOuts({ db, wasteland: 'commons' }, dataDir, hmacKey(dataDir))
    await optOuts.add(GHE_HOST!, world.gh.user(login).id)
    await db.destroy()
  }

  /** Commits that an item is judged here only, as another replica does. */
  async function judgedHere(id: string) {
    const { dataDir } = world.config
    const ledger = await openLedger(await embeddedDoltUrl(join(dataDir, 'dolt'), 'commons'), { key: hmacKey(dataDir) })
    const commit = { author: 'ada <1+ada@users.noreply.github.com>', subject: `wl update: ${id}`, empty: true }
    await ledger.transact(async () => ({
      value: undefined,
      commit: { ...commit, trailers: { Judged: `here ${id}` } },
    }))
    await ledger.close()
  }

  /** Does something once, after the first answer of Postgres to a statement that `isDue`, before the bridge has it. */
  function afterAnswer(isDue: (statement: string) => boolean, act: () => Promise<void>): { done(): boolean } {
    const original = pg.Client.prototype.query as (...given: unknown[]) => unknown
    let [isBegun, isDone] = [false, false]
    const asked = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(async function (
      this: pg.Client,
      ...given: unknown[]
    ) {
      const [first] = given as [string | { text: string }]
      const isLast = !isBegun && isDue(typeof first === 'string' ? first : first.text)
      isBegun ||= isLast
      const answer = await original.apply(this, given)
      if (isLast) {
        asked.mockRestore()
        await act()
        isDone = true
      }
      return answer
    })
    return {
      done() {
        asked.mockRestore()
        return isDone
      },
    }
  }

  /**
   * The last read before a judgement's transaction: whether its author takes part, which is asked for after the read of
   * where the item was posted.
   */
  function isLastRead() {
    let isChosen = false
    return (statement: string) => {
      const wasChosen = isChosen
      isChosen ||= /from "items_posted"/.test(statement)
      return wasChosen && /from "opt_outs"/.test(statement)
    }
  }

  const linked = async (number: number, repo: string) =>
    (await world.ops('SELECT linked FROM pull_request_items WHERE number = $1 AND repo = $2', [number, repo])).map(
      (row) => row['linked'],
    )

  it('an item is closed to those who validate elsewhere: their stamp is refused', async () => {
    const [board, code] = [world.repository('board'), world.repository('code')]
    world.gh.as(OWNER).setRole(code, 'bo', 'maintain')
    const id = await postItem(world, board, 'Count', '/wl post judged=anywhere')
    const at = { repo: code, number: openPull(world, code, 'ann', { body: `Wanted: ${id}` }) }
    await world.idle()
    const closed = beforeAnswer(/^\/users\/ann$/, () => judgedHere(id))
    expect(await talk.say(world, at, 'bo', '/wl stamp @ann quality=5')).toContain('was posted in `ada/board`')
    expect([closed.done(), (await recorded(world, id)).stamps]).toEqual([true, []])
  })

  it.each([
    ['stamp', '/wl stamp quality=5'],
    ['reject', '/wl reject reason="No tests"'],
  ])('an item is closed to those who validate elsewhere, just before the transaction: no %s', async (act, line) => {
    const [board, code] = [world.repository(`board-${act}`), world.repository(`code-${act}`)]
    world.gh.as(OWNER).setRole(code, 'bo', 'maintain')
    const id = await postItem(world, board, 'Count', '/wl post judged=anywhere')
    const at = { repo: code, number: openPull(world, code, 'ann', { body: `Wanted: ${id}` }) }
    await world.idle()
    const closed = afterAnswer(isLastRead(), () => judgedHere(id))
    expect(await talk.say(world, at, 'bo', line)).toContain(
      `was posted in \`${board}\`, so to ${act} work on it takes the GitHub role`,
    )
    const { stamps, status } = await recorded(world, id)
    expect([closed.done(), stamps, status]).toEqual([true, [], 'in_review'])
  })

  it('an item is closed to those who validate elsewhere, just before the transaction: a stamp is not corrected', async () => {
    const [board, code] = [world.repository('board-correct'), world.repository('code-correct')]
    world.gh.as(OWNER).setRole(code, 'bo', 'maintain')
    const id = await postItem(world, board, 'Count', '/wl post judged=anywhere')
    const at = { repo: code, number: openPull(world, code, 'ann', { body: `Wanted: ${id}` }) }
    await world.idle()
    await talk.say(world, at, 'bo', '/wl stamp quality=3')
    const closed = afterAnswer(isLastRead(), () => judgedHere(id))
    expect(await talk.say(world, at, 'bo', '/wl correct quality=5 reason="Better"')).toContain(
      `was posted in \`${board}\``,
    )
    expect([closed.done(), (await recorded(world, id)).stamps.length]).toEqual([true, 1])
  })

  it.each([
    ['the author of the work', 'fay', 'The author of this pull request takes no part'],
    ['the author of the stamp', 'hal', 'You declined to take part'],
  ])('%s declines just before the transaction: no stamp', async (_, login, words) => {
    const repo = world.repository(`declines-${login}`)
    const [author, validator] = login === 'hal' ? ['gus', 'hal'] : [login, 'mia']
    world.gh.user(validator)
    world.gh.as(OWNER).setRole(repo, validator, 'maintain')
    // Who posts has a rig: a decline is also found where one is registered.
    const { number: issue } = world.gh.as(validator).openIssue(repo, { title: 'Another' })
    world.gh.as(validator).comment(repo, issue, '/wl post')
    const id = await postItem(world, repo)
    const number = openPull(world, repo, author, { body: `Wanted: ${id}` })
    await world.idle()
    const out = afterAnswer(isLastRead(), () => decline(login))
    expect(await talk.say(world, { repo, number }, validator, '/wl stamp quality=4')).toContain(words)
    expect([out.done(), (await recorded(world, id)).stamps]).toEqual([true, []])
  })

  it('the author of a pull request declines: nothing of it is recorded', async () => {
    const [board, code] = [world.repository('posted'), world.repository('settings')]
    const id = await postItem(world, board)
    const out = beforeAnswer(/^\/repos\/ada\/settings\/contents\//, () => decline('cid'))
    const number = openPull(world, code, 'cid', { body: `Wanted: ${id}` })
    await world.idle()
    expect([out.done(), await linked(number, 'settings')]).toEqual([true, []])
    expect((await recorded(world, id)).status).toBe('open')
  })

  it('the author declines just before the transaction: their pull request is not in line for the item', async () => {
    const repo = world.repository('line')
    const id = await postItem(world, repo)
    const original = pg.Client.prototype.query as (...given: unknown[]) => unknown
    let isOut = false
    const asked = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(async function (
      this: pg.Client,
      ...given: unknown[]
    ) {
      if (!isOut && /insert into "pull_request_items"/.test(String(given[0]))) {
        isOut = true
        await decline('dee')
      }
      return original.apply(this, given)
    })
    const number = openPull(world, repo, 'dee', { body: `Wanted: ${id}` })
    await world.idle()
    asked.mockRestore()
    expect([isOut, await linked(number, 'line')]).toEqual([true, [false]])
    expect((await recorded(world, id)).status).toBe('open')
  })
})
