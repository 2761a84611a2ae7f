import { tracingChannel } from 'node:diagnostics_channel'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openPull, postItems, recorded, startWorld, type World } from './world.ts'

/*
 * What a stamp at rest sends to the two stores until it is committed, statement by statement and in order: each is a
 * round trip, and most of what the stores have to do. More or other ones fail. What the queue sends depends on when it is woken, and is left out.
 */

/** `select head wanted rigs`, `insert stamps`, `GET_LOCK`: the verb and the tables, or the function. */
function nameOf(statement: string): string {
  const text = statement.replaceAll(/[`"]/g, '').replaceAll(/\s+/g, ' ').trim()
  const called = /^(?:SELECT|CALL) (GET_LOCK|DOLT_COMMIT)/.exec(text)?.[1]
  if (called !== undefined) return called
  const tables = [...text.matchAll(/(?:\bfrom|\binto|^update) (\w+)/gi)].map(([, table]) => table!)
  const head = text.includes('DOLT_HASHOF') ? ['head'] : []
  return [/^\w+/.exec(text)![0].toLowerCase(), ...new Set([...head, ...tables])].join(' ')
}

const OF_QUEUE = /\b(jobs|queue_processes|job_deaths|dead_letters)\b/

const DOLT = [
  // The tasks of the issue that the item was posted from are asked of GitHub with the rest of the pull request.
  'select wanted',
  // Whether the command has run, and who stamps.
  'select head rigs',
  // The sync, and whether the ledger is as it was then.
  'select head wanted rigs completions dolt_branches',
  'select head',
  // Where the item was posted: its poster may have said otherwise since the sync.
  'select head',
  'GET_LOCK',
  'start',
  // All that the transaction decides on.
  'select head wanted completions rigs rig_links stamps',
  'update wanted',
  'update completions',
  'insert stamps',
  'DOLT_COMMIT',
  'commit',
]

const POSTGRES = [
  'select request_budgets',
  'select pull_request_items',
  // Whether the command has run.
  'select indexed_heads commands_run items_begun ended_ties',
  // The head that it judges.
  'select pull_request_heads',
  'insert comment_heads',
  // The sync.
  'select pull_request_items rechecks',
  // Once all is read of GitHub: the author may have declined meanwhile.
  'select opt_outs',
  'select opt_outs pull_request_items',
  'insert pull_request_heads',
  // Where the item was posted, and who stamps.
  'select indexed_heads items_posted',
  'select opt_outs',
  // In the transaction, where people may have declined meanwhile.
  'select indexed_heads commands_run items_begun ended_ties opt_outs',
]

describe('statements of a stamp at rest', () => {
  let world: World
  beforeAll(async () => {
    // No scheduled job in between.
    world = await startWorld({ clock: { now: () => new Date(), pollIntervalMs: 24 * 3_600_000 } })
    await world.idle()
  }, 120_000)
  afterAll(() => world.close())

  it('are as few as their dependencies allow', async () => {
    const repo = world.repository('stamped')
    const ids = await postItems(world, [repo, repo])
    const numbers = ids.map((id) => openPull(world, repo, 'bob', { body: `Wanted: ${id}` }))
    await world.idle()
    world.gh.as('mia').comment(repo, numbers[0]!, '/wl stamp quality=4')
    await world.idle()

    const original = pg.Client.prototype.query
    const [dolt, postgres]: [string[], string[]] = [[], []]
    let isCommitted = false
    const query = tracingChannel<'mysql2:query', { query: string }>('mysql2:query')
    const seen = {
      start: ({ query: text }: { query: string }) => {
        if (!isCommitted) dolt.push(nameOf(text))
        isCommitted ||= text === 'COMMIT'
      },
    }
    query.start.subscribe(seen.start as never)
    const asked = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...given) {
      const [first] = given as unknown as [string | { text: string }]
      const text = typeof first === 'string' ? first : first.text
      if (!isCommitted && !OF_QUEUE.test(text)) postgres.push(nameOf(text))
      return original.apply(this, given)
    })
    world.gh.as('mia').comment(repo, numbers[1]!, '/wl stamp quality=4')
    await world.idle()
    query.start.unsubscribe(seen.start as never)
    asked.mockRestore()

    expect((await recorded(world, ids[1]!)).status).toBe('completed')
    expect(dolt).toEqual(DOLT)
    expect(postgres).toEqual(POSTGRES)
  })
})
