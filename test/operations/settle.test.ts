import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import pg from 'pg'
import { expect, it } from 'vitest'
import { Unavailable } from '../../src/domain/errors.ts'
import { settle } from '../../src/operations/postgres/store.ts'

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
