import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mysql from 'mysql2/promise'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type EmbeddedDolt, startEmbeddedDolt } from '../../src/ledger/dolt/embedded-dolt.ts'
import { FETCHING_MS, installedDolt } from '../ledger/installed-dolt.ts'
import { silent } from '../ops/fake-server.ts'
import { OWNER, postItem, startWorld, type World } from './world.ts'
import { prepareServer } from '../prepared-stores.ts'

let home: string
let dolt: EmbeddedDolt
let world: World

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'no-pile-'))
  await prepareServer('dolt', join(home, 'dolt'))
  dolt = await startEmbeddedDolt({ dir: join(home, 'dolt'), bin: (await installedDolt()).bin, log: silent })
  const secret = randomBytes(8).toString('hex')
  const root = await mysql.createConnection(dolt.url('commons'))
  await root.query(`CREATE USER bridge IDENTIFIED BY '${secret}'`)
  await root.query('GRANT ALL ON commons.* TO bridge')
  await root.query('DROP DATABASE IF EXISTS pile')
  await root.end()
  world = await startWorld({ config: { LEDGER_URL: `mysql://bridge:${secret}@127.0.0.1:${dolt.port}/commons` } })
}, FETCHING_MS)
afterAll(async () => {
  await world?.close()
  await dolt?.stop()
  rmSync(home, { recursive: true, force: true })
})

it('on a server that gives us no database for the pile, all works but imports, which say so', async () => {
  const repo = world.repository('apart')
  expect(await postItem(world, repo)).toMatch(/^w-/)
  const { number } = world.gh.as(OWNER).openIssue(repo, { title: 'Talk' })
  world.gh.as(OWNER).comment(repo, number, '/wl import')
  await world.idle()
  expect(world.said(repo, number).join()).toContain('Profiles cannot be imported here yet')
  expect(world.log.join()).toMatch(/Create it there \(CREATE DATABASE pile\)[^"]* Until then nobody can import/)
  expect((await fetch(`${world.bridge.url}/import`)).status).toBe(200)
})
