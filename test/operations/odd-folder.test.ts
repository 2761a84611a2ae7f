import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { UserError } from '../../src/domain/errors.ts'
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../../src/operations/embedded-postgres.ts'
import { migrateOperations, pendingMigrations } from '../../src/operations/postgres/migrations.ts'
import { refuseNameless } from '../../src/operations/postgres/postgres-user.ts'
import { openOperations } from '../../src/operations/postgres/store.ts'
import { silent } from '../ops/fake-server.ts'

it('the embedded Postgres lives in a folder with blanks, %, $ and \\ in its name', async () => {
  const home = mkdtempSync(join(tmpdir(), 'odd %41\\b $x-'))
  const dir = join(home, 'postgres')
  const server = await startEmbeddedPostgres({ dir, log: silent })
  const db = openOperations(server.url)
  await migrateOperations(db)
  expect(await pendingMigrations(db)).toEqual([])
  await db.destroy()
  await server.stop()
  expect(existsSync(join(dir, 'cluster', 'PG_VERSION'))).toBe(true)
  removeEmbeddedPostgres(dir)
  rmSync(home, { recursive: true })
})

it('a user whom nobody has named is told to set DATABASE_URL', () => {
  const nobody = () => {
    throw Object.assign(new Error('uv_os_get_passwd returned ENOENT'), { code: 'ERR_SYSTEM_ERROR' })
  }
  expect(() => refuseNameless(nobody)).toThrow(UserError)
  expect(() => refuseNameless(nobody)).toThrow(/Set DATABASE_URL/)
  expect(() => refuseNameless()).not.toThrow()
})
