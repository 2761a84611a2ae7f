import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256 } from '../../src/domain/hash.ts'
import { openPull, OWNER, postItem, startWorld, type World } from '../scenarios/world.ts'

// `wl` and `gt` write into the same commons while we work: their statements, restated, between two of our steps.

let world: World
let repo: string
let people = 0

beforeAll(async () => {
  world = await startWorld()
  repo = world.repository('beside')
}, 120_000)
afterAll(() => world?.close())

/** An item with a pull request in review. */
async function submitted(): Promise<{ id: string; number: number; login: string; completion: string }> {
  const login = `worker-${++people}`
  const id = await postItem(world, repo, `Item of ${login}`)
  const number = openPull(world, repo, login, { body: `Wanted: ${id}` })
  await world.idle()
  const [row] = await world.sql('SELECT id FROM completions WHERE wanted_id = ?', [id])
  return { id, number, login, completion: String(row!['id']) }
}

async function byWl(message: string, ...statements: [string, ...unknown[]][]) {
  for (const [statement, ...values] of statements) await world.sql(statement, values)
  await world.sql("CALL DOLT_COMMIT('-Am', ?, '--author', 'root <root@localhost>')", [message])
}

const wlStamp = (id: string, completion: string, subject: string): [string, ...unknown[]] => [
  `INSERT INTO stamps (id, author, subject, valence, confidence, severity, context_id, context_type, skill_tags, message, created_at)
   VALUES (?, 'walter', ?, '{"quality": 2, "reliability": 2}', 1.0, 'leaf', ?, 'completion', NULL, NULL, NOW())`,
  id,
  subject,
  completion,
]

async function stamp(number: number, text = '/wl stamp quality=4') {
  const { id } = world.gh.as(OWNER).comment(repo, number, text)
  await world.idle()
  return world.gh.reactions(id).map(({ content }) => content)
}

const statusOf = async (id: string) => (await world.sql('SELECT status FROM wanted WHERE id = ?', [id]))[0]?.['status']

describe('beside wl', () => {
  it('an item closed without a stamp is refused in words, and nothing is half done', async () => {
    const { id, number, completion } = await submitted()
    await byWl(`wl close: ${id}`, [
      "UPDATE wanted SET status='completed', updated_at=NOW() WHERE id=? AND status='in_review'",
      id,
    ])
    expect(await stamp(number)).toEqual(['confused'])
    expect(world.said(repo, number).at(-1)).toContain('cannot be judged')
    expect(await statusOf(id)).toBe('completed')
    expect(await world.sql('SELECT id FROM stamps WHERE context_id = ?', [completion])).toEqual([])
  })

  it('a completion that wl accepted keeps that link, and ours is a second stamp that goes on in the passbook', async () => {
    const { id, number, login, completion } = await submitted()
    const theirs = `s-${'0'.repeat(12)}${people.toString().padStart(4, '0')}`
    await byWl(
      `wl accept: ${id}`,
      wlStamp(theirs, completion, login),
      ["UPDATE completions SET validated_by='walter', stamp_id=?, validated_at=NOW() WHERE id=?", theirs, completion],
      ["UPDATE wanted SET status='completed', updated_at=NOW() WHERE id=? AND status='in_review'", id],
    )
    expect(await stamp(number)).toEqual(['+1'])
    expect(await world.sql('SELECT stamp_id, validated_by FROM completions WHERE id = ?', [completion])).toEqual([
      { stamp_id: theirs, validated_by: 'walter' },
    ])
    expect(
      await world.sql('SELECT stamp_index, prev_stamp_hash FROM stamps WHERE subject = ? AND author = ?', [
        login,
        OWNER,
      ]),
    ).toEqual([{ stamp_index: 1, prev_stamp_hash: sha256(theirs) }])
  })

  it('an item that wl gave to somebody else is not taken back', async () => {
    const { id, number } = await submitted()
    await byWl(
      `wl reject by walter: ${id}`,
      ['DELETE FROM completions WHERE wanted_id=?', id],
      ["UPDATE wanted SET status='claimed', claimed_by='walter', updated_at=NOW() WHERE id=?", id],
    )
    expect(await stamp(number)).toEqual(['confused'])
    world.gh.as(OWNER).close(repo, number)
    await world.idle()
    expect(await world.sql('SELECT status, claimed_by FROM wanted WHERE id = ?', [id])).toEqual([
      { status: 'claimed', claimed_by: 'walter' },
    ])
  })

  it('an item that wl withdrew is left alone', async () => {
    const id = await postItem(world, repo, 'Withdrawn')
    await byWl(`wl delete: ${id}`, [
      "UPDATE wanted SET status='withdrawn', updated_at=NOW() WHERE id=? AND status='open'",
      id,
    ])
    openPull(world, repo, 'late', { body: `Wanted: ${id}` })
    await world.idle()
    expect(await statusOf(id)).toBe('withdrawn')
    expect(await world.sql('SELECT id FROM completions WHERE wanted_id = ?', [id])).toEqual([])
  })
})
