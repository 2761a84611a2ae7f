import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { expect } from 'vitest'
import type { Row, World } from './world.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const pick = (row: Row, ...names: string[]) => Object.fromEntries(names.map((name) => [name, row[name]]))

/**
 * What must hold of the ledger whatever was said: every block_hash is that of its row, both links agree, each
 * subject's passbook counts from 0 and each stamp in it names the one before.
 */
export async function expectSound(world: World): Promise<void> {
  const completions = await world.sql('SELECT * FROM completions')
  for (const row of completions) {
    const fields = pick(row, 'id', 'wanted_id', 'completed_by', 'evidence', 'completed_at', 'hop_uri')
    expect(row['block_hash']).toBe(sha256(canonicalize(fields)!))
  }
  const stamps = await world.sql('SELECT * FROM stamps ORDER BY subject, stamp_index')
  for (const [n, row] of stamps.entries()) {
    const rest = pick(
      row,
      'message',
      'created_at',
      'prev_stamp_hash',
      'valence',
      'severity',
      'context_id',
      'skill_tags',
    )
    const fields = { ...pick(row, 'id', 'author', 'subject'), ...rest, confidence: Number(row['confidence']) }
    expect(row['block_hash']).toBe(sha256(canonicalize(fields)!))
    const before = stamps[n - 1]?.['subject'] === row['subject'] ? stamps[n - 1] : undefined
    expect(row['stamp_index']).toBe(before === undefined ? 0 : before['stamp_index'] + 1)
    expect(row['prev_stamp_hash']).toBe(before === undefined ? null : sha256(before['id']))
    expect(completions.filter((one) => one['id'] === row['context_id'])).toHaveLength(1)
  }
  for (const row of completions) {
    const stamp = stamps.find((one) => one['id'] === row['stamp_id'])
    expect(row['validated_by'] ?? null).toBe(stamp?.['author'] ?? null)
    expect(stamp?.['context_id'] ?? row['id']).toBe(row['id'])
    const on = stamps.filter((one) => one['context_id'] === row['id'])
    expect(row['stamp_id'] === null).toBe(on.length === 0)
    for (const one of on) expect(one['subject']).toBe(row['completed_by'])
  }
}

/** Comments as `login` and waits; returns the bridge's newest comment there. */
export async function say(world: World, repo: string, number: number, login: string, text: string): Promise<string> {
  world.gh.user(login)
  world.gh.as(login).comment(repo, number, text)
  await world.idle()
  return world.said(repo, number).at(-1)!
}
