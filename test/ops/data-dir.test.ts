import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DataDirTaken, hmacKey, ownDataDir } from '../../src/ops/data-dir.ts'
import { runFixture } from './run-fixture.ts'

const OWNER = fileURLToPath(new URL('own-data-dir.fixture.ts', import.meta.url))
const mode = (path: string) => statSync(path).mode & 0o777

let home: string
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'data-dir-'))))
afterEach(() => rmSync(home, { recursive: true, force: true }))

describe('the data folder', () => {
  it('is made with no way in for others', () => {
    const dir = join(home, 'deep', 'data')
    const ownership = ownDataDir(dir)
    expect(mode(dir)).toBe(0o700)
    ownership.release()
  })

  it('refuses a second owner, naming the folder and the process that holds it', async () => {
    const first = runFixture(OWNER, [home])
    const { pid } = (await first.nextLine()) as { pid: number }
    expect(pid).toBe(first.child.pid)
    expect(() => ownDataDir(home)).toThrow(DataDirTaken)
    expect(() => ownDataDir(home)).toThrow(
      `The data folder ${home} is in use by another wasteland-bridge (process ${pid}, since`,
    )
    first.child.kill('SIGKILL')
    await first.ended
  })

  it('that cannot be made is an error that says what to do', () => {
    writeFileSync(join(home, 'file'), '')
    expect(() => ownDataDir(join(home, 'file', 'data'))).toThrow(
      /^The data folder .* cannot be used \(ENOTDIR.*\)\. Let this user write there, or name another one with DATA_DIR\.$/,
    )
  })

  it('is free again when its owner is killed', async () => {
    const first = runFixture(OWNER, [home])
    await first.nextLine()
    first.child.kill('SIGKILL')
    await first.ended
    ownDataDir(home).release()
  })

  it('has one owner inside one process too, until it is released', () => {
    const ownership = ownDataDir(home)
    expect(() => ownDataDir(home)).toThrow(`process ${process.pid}`)
    ownership.release()
    ownDataDir(home).release()
  })

  it('goes to exactly one of several processes that start at once', async () => {
    const all = Array.from({ length: 5 }, () => runFixture(OWNER, [home]))
    const answers = (await Promise.all(all.map((each) => each.nextLine()))) as { pid?: number; key: string }[]
    expect(answers.filter((answer) => answer.pid !== undefined)).toHaveLength(1)
    expect(new Set(answers.map((answer) => answer.key)).size).toBe(1)
    for (const { child } of all) child.kill('SIGKILL')
    await Promise.all(all.map((each) => each.ended))
  })
})

describe('the key of markers and opt-outs', () => {
  it('has 32 bytes, stays the same and is for its owner only', () => {
    const key = hmacKey(home)
    expect(key).toHaveLength(32)
    expect(hmacKey(home)).toEqual(key)
    expect(mode(join(home, 'hmac.key'))).toBe(0o600)
  })

  it('is not replaced when its file is damaged', () => {
    writeFileSync(join(home, 'hmac.key'), 'short')
    expect(() => hmacKey(home)).toThrow('has 5 bytes where a key has 32')
  })
})
