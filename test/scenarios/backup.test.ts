import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { removeEmbeddedPostgres } from '../../src/operations/embedded-postgres.ts'
import { ownDataDir } from '../../src/ops/data-dir.ts'
import { lackingFor, startServer } from '../operations/servers.ts'
import { runBeside, runForJson } from './cli.ts'
import { inReview, openPull, postItem, recorded, startWorld, type World } from './world.ts'

let world: World
let home: string
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'backup of a '))))
afterEach(() => rmSync(home, { recursive: true, force: true }))

async function backUp(...args: string[]): Promise<string> {
  const { code, said } = await runBeside(world, 'backup', ...args)
  expect(said).toMatch(
    /^Backed up: .*\n\d+\.\d MB: (the ledger \(commons(, pile)?\), )?the operations store, .*hmac\.key.*\.\n/,
  )
  expect(code).toBe(0)
  return /^Backed up: (.*)$/m.exec(said)![1]!
}

/** The disk is lost, and an empty one in its place. */
function loseDisk() {
  const { dataDir } = world.config
  removeEmbeddedPostgres(join(dataDir, 'postgres'))
  for (const name of readdirSync(dataDir)) rmSync(join(dataDir, name), { recursive: true })
}

/** The document of `--json`, of a backup that was made or restored. */
const documentOf = (folder: string, ledger: string[]) => ({
  folder,
  dataDir: world.config.dataDir,
  made: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  megabytes: expect.any(Number),
  ledger,
  operations: { postgres: expect.stringMatching(/^18\./), tables: expect.any(Number), rows: expect.any(Number) },
  files: expect.arrayContaining(['hmac.key']),
})

const restore = async (from: string) => (await runBeside(world, 'backup', '--restore', from)).said
const sheets = () => world.sql('SELECT handle FROM pile.boot_blocks')

/** Too long to be in a file by chance. */
const IMPORTED = 'pam-who-was-imported'

describe('wasteland-bridge backup', () => {
  beforeAll(async () => {
    world = await startWorld({ importer: 'ops' })
    world.gh.person(IMPORTED, 'newcomer')
    // A command gives up on a store that does not answer it soon, as on a busy machine.
    const imported = async () => {
      await runBeside(world, 'import', IMPORTED)
      expect(await sheets()).toEqual([{ handle: IMPORTED }])
    }
    await vi.waitFor(imported, { timeout: 60_000 })
  }, 120_000)
  afterAll(() => world.close())

  it('beside the running bridge: all of it comes back on an empty disk, what came later is fetched again, and nothing is done twice', async () => {
    const repo = world.repository('kept')
    const { id, number } = await inReview(world, repo)
    const later = await postItem(world, repo, 'Done after the backup')
    world.gh.as('mia').comment(repo, number, '/wl stamp quality=4')
    await world.idle()
    appendFileSync(join(world.config.dataDir, 'admitted'), 'eve/tools\n')
    const before = await recorded(world, id)
    const said = world.said(repo, number)
    const files = () =>
      ['hmac.key', 'admitted'].map((name) => readFileSync(join(world.config.dataDir, name)).toString('hex'))
    const kept = files()
    const place = await backUp(home)
    expect(readdirSync(home)).toEqual([expect.stringMatching(/^wasteland-\d{8}T\d{6}Z$/)])

    const pull = openPull(world, repo, 'carol', { body: `Wanted: ${later}` })
    await world.idle()
    const saidLater = world.said(repo, pull)
    const doneLater = (await recorded(world, later)).completions
    expect(doneLater).toHaveLength(1)
    await world.restart(async () => {
      loseDisk()
      expect(await restore(place)).toContain('Restored into')
    })
    expect(await recorded(world, id)).toEqual(before)
    expect(await sheets()).toEqual([{ handle: IMPORTED }])
    expect(files()).toEqual(kept)
    await vi.waitFor(async () => expect((await recorded(world, later)).completions).toEqual(doneLater), {
      timeout: 60_000,
      interval: 200,
    })
    await world.gh.redeliverAll()
    await world.idle()
    expect(await recorded(world, id)).toEqual(before)
    expect(world.said(repo, number)).toEqual(said)
    expect(world.said(repo, pull)).toEqual(saidLater)
  })

  it('of a bridge that does not run, for its owner alone; without the pile nobody who was imported is in it', async () => {
    const repo = world.repository('stopped')
    const { id } = await inReview(world, repo)
    await world.restart(async () => {
      const place = await backUp(join(home, 'deep', 'er'), '--no-pile')
      expect(statSync(place).mode & 0o777).toBe(0o700)
      const entries = readdirSync(place, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
      const files = entries.map(({ parentPath, name }) => join(parentPath, name))
      for (const file of files.filter((one) => !one.includes('/dolt/'))) expect(statSync(file).mode & 0o077).toBe(0)
      for (const file of files) expect(readFileSync(file).includes(IMPORTED)).toBe(false)
      loseDisk()
      expect(await restore(place)).toContain('Restored into')
      loseDisk()
      const restored = await runForJson(world, 'backup', '--restore', place)
      expect(restored).toEqual({ code: 0, document: documentOf(place, ['commons']), err: '' })
    })
    expect((await recorded(world, id)).completions).toHaveLength(1)
    expect(await sheets()).toEqual([])
  })

  it('is refused where it would be wrong, in a sentence, and leaves nothing behind', async () => {
    const place = await backUp(home)
    expect(await restore(place)).toMatch(/ is not empty\. A backup is restored into an empty folder/)
    expect(await restore(home)).toMatch(/is no backup: it has no manifest\.json/)
    const dump = join(place, 'operations', 'replies.csv')
    const whole = readFileSync(dump)
    writeFileSync(dump, whole.subarray(1))
    expect(await restore(place)).toMatch(/is damaged: operations\/replies\.csv is not what was written/)
    writeFileSync(dump, whole)
    writeFileSync(join(place, 'dolt', 'more'), '')
    expect(await restore(place)).toMatch(/is damaged: dolt\/more/)
    expect((await runBeside(world, 'backup', 'a', 'b')).said).toMatch(
      /^Not understood\. Expected: wasteland-bridge backup/,
    )
    const empty = { ...world, config: { ...world.config, dataDir: join(home, 'nothing') } }
    expect((await runBeside(empty, 'backup', home)).said).toMatch(/^There is nothing to back up in /)
    expect(existsSync(join(home, 'nothing'))).toBe(false)
  })

  it('tells programs with --json where it lies and what is in it', async () => {
    const { code, document, err } = await runForJson(world, 'backup', home)
    const [name] = readdirSync(home)
    expect({ code, document, err }).toEqual({
      code: 0,
      document: documentOf(join(home, name!), ['commons', 'pile']),
      err: '',
    })
  })

  it('keeps the bridge from starting on what was restored half', () => {
    const half = join(home, 'half')
    mkdirSync(half)
    writeFileSync(join(half, 'restoring'), '')
    expect(() => ownDataDir(half)).toThrow('Empty the folder and restore it again.')
  })
})

describe.skipIf(lackingFor('older') !== undefined)('a backup of a bridge on an older Postgres', () => {
  it('is the way to the embedded one', async () => {
    const server = await startServer('older')
    world = await startWorld({ config: { DATABASE_URL: server.url } })
    try {
      const repo = world.repository('older')
      const { id, number } = await inReview(world, repo)
      world.gh.as('mia').comment(repo, number, '/wl stamp quality=4')
      await world.idle()
      const [before, said] = [await recorded(world, id), world.said(repo, number)]
      const rows = () => world.ops('SELECT key, comment_id, sent_body FROM replies ORDER BY key')
      const replies = await rows()
      await world.restart(async () => {
        const place = await backUp(home)
        loseDisk()
        delete world.config.DATABASE_URL
        expect(await restore(place)).toContain('Restored into')
      })
      expect((await world.ops('SHOW server_version'))[0]!['server_version']).toMatch(/^18\./)
      expect(await rows()).toEqual(replies)
      await world.gh.redeliverAll()
      await world.idle()
      expect([await recorded(world, id), world.said(repo, number)]).toEqual([before, said])
    } finally {
      await world.close()
      await server.stop()
    }
  })
})
