import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { sql } from 'kysely'
import pg from 'pg'
import { expect, it } from 'vitest'
import { Unavailable } from '../../src/domain/errors.ts'
import { openOperations, settle } from '../../src/operations/postgres/store.ts'
import { newDatabase, query, startServer } from './servers.ts'

it('a store that takes a connection and says nothing is away, by a client as by a pool', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  const at = { host: '127.0.0.1', port, user: 'a', password: 'b', database: 'c', connectionTimeoutMillis: 200 }
  const client = new pg.Client(at)
  client.on('error', () => {})
  const pool = new pg.Pool(at)
  await expect(settle(client.connect())).rejects.toThrow(Unavailable)
  await expect(settle(pool.query('SELECT 1'))).rejects.toThrow(Unavailable)
  await pool.end()
  silent.close()
})

it('a store that is lost in the midst of a transaction is away, though the rollback tells it in words of its own', async () => {
  const server = await startServer()
  const url = await newDatabase(server)
  const db = openOperations(url)
  try {
    const work = db.transaction().execute(async (tx) => {
      const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(tx)
      await query(url, 'SELECT pg_terminate_backend($1)', [rows[0]!.pid])
      await expect.poll(() => query(url, 'SELECT 1 FROM pg_stat_activity WHERE pid = $1', [rows[0]!.pid])).toEqual([])
      await sql`SELECT 1`.execute(tx)
    })
    await expect(settle(work)).rejects.toThrow(Unavailable)
  } finally {
    await db.destroy()
    await server.stop()
  }
})
