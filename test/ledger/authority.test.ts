import { describe, expect, it } from 'vitest'
import { createAuthority } from '../../src/ledger/engine/authority.ts'
import { factLines, type RigFact } from '../../src/ledger/engine/facts.ts'

const rig = (handle: string, id: number, more: Partial<RigFact> = {}): RigFact => ({
  handle,
  trust: 1,
  type: 'human',
  parent: null,
  uri: `entity://github/${handle}/${id}`,
  ...more,
})

/** The authority after these commits, each of which says one fact; read from the history, not from the turns. */
async function after(...facts: RigFact[]) {
  const commits = facts.map((fact, at) => ({
    hash: String(at),
    message: `Rig\n\n${factLines([{ rig: fact }]).join('\n')}`,
    date: new Date(0),
    sequence: at + 1,
    signed: true,
  }))
  const authority = createAuthority({
    head: async () => 'head',
    since: async () => ({ commits, whole: true, head: 'head', vouches: [], unsigned: false }),
    baseAt: async () => [],
  })
  await authority.refresh()
  return authority
}

describe('a rig that was removed', () => {
  it('is none, and what it was stays known of its account', async () => {
    const suspended = rig('sid', 7, { trust: -1, gone: true })
    const authority = await after(rig('sid', 7), rig('sid', 7, { trust: -1 }), suspended)
    expect(authority.rigOf('github', 7)).toBeUndefined()
    expect(authority.goneOf('github', 7)).toEqual(suspended)
    expect(authority.goneOf('ghes.example.org', 7)).toBeUndefined()
  })

  it('stays known when another account took its handle', async () => {
    const authority = await after(rig('sid', 7, { trust: -1, gone: true }), rig('sid', 8))
    expect(authority.goneOf('github', 7)?.trust).toBe(-1)
    expect(authority.rigOf('github', 8)?.trust).toBe(1)
    expect(authority.goneOf('github', 8)).toBeUndefined()
  })

  it('and registered again is gone no more', async () => {
    const authority = await after(rig('sid', 7, { gone: true }), rig('sid', 7))
    expect(authority.goneOf('github', 7)).toBeUndefined()
    expect(authority.rigOf('github', 7)?.handle).toBe('sid')
  })
})
