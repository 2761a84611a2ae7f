import {
  chmodSync,
  chownSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { findPostgres, reachableFor } from '../../src/operations/postgres/postgres-binaries.ts'
import { sharedFolder } from '../../src/operations/postgres/postgres-user.ts'
import { NOBODY } from '../ops/nobody.ts'

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 }) // real servers, on machines that may be busy

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'postgres-binaries-'))
  chmodSync(home, 0o755)
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

describe.runIf(NOBODY)('binaries that Postgres’ user cannot reach', () => {
  const native = () => {
    const { postgres } = findPostgres(undefined)
    mkdirSync(join(home, 'closed'), { mode: 0o700 })
    // A real copy: the tests below spoil what is made of it, and must never reach into node_modules.
    const copy = join(home, 'closed', 'native')
    cpSync(dirname(dirname(postgres)), copy, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !path.endsWith('/share'),
    })
    return copy
  }

  it('are copied once to a folder of root’s, from where they run', () => {
    const source = native()
    const copy = reachableFor(NOBODY!, source, [home])
    expect(lstatSync(copy).isDirectory()).toBe(true)
    expect(copy).toMatch(join(home, 'wasteland-bridge', 'postgres-18.'))
    expect([statSync(copy).uid, statSync(copy).mode & 0o777]).toEqual([0, 0o755])
    const made = statSync(copy).ctimeMs
    expect(reachableFor(NOBODY!, source, [home])).toBe(copy)
    expect(statSync(copy).ctimeMs).toBe(made)
  })

  it.each([
    { fault: 'others may write it', spoil: (copy: string) => chmodSync(copy, 0o777) },
    { fault: 'it is somebody else’s', spoil: (copy: string) => chownSync(copy, NOBODY!.uid, 0) },
    { fault: 'it does not run', spoil: (copy: string) => writeFileSync(join(copy, 'bin', 'postgres'), 'x') },
  ])('are copied again when $fault', ({ spoil }) => {
    const source = native()
    const copy = reachableFor(NOBODY!, source, [home])
    expect(lstatSync(copy).isDirectory()).toBe(true)
    spoil(copy)
    expect(reachableFor(NOBODY!, source, [home])).toBe(copy)
    expect([statSync(copy).uid, statSync(copy).mode & 0o777]).toEqual([0, 0o755])
    expect(statSync(join(copy, 'bin', 'postgres')).size).toBeGreaterThan(1_000)
  })
})

describe.runIf(NOBODY)('the folder that root shares with Postgres’ user', () => {
  it('is never one that somebody else has laid out', () => {
    const trap = join(home, 'trap')
    mkdirSync(join(trap, 'wasteland-bridge'), { recursive: true })
    chownSync(join(trap, 'wasteland-bridge'), NOBODY!.uid, NOBODY!.gid)
    const link = join(home, 'link')
    mkdirSync(link)
    symlinkSync('/tmp', join(link, 'wasteland-bridge'))
    const good = join(home, 'good')
    mkdirSync(good)
    expect(sharedFolder(NOBODY!, [trap, link, join(home, 'missing'), good])).toBe(join(good, 'wasteland-bridge'))
    expect(() => sharedFolder(NOBODY!, [trap, link])).toThrow('but none of')
  })
})
