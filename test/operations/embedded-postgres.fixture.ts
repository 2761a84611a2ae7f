// Starts the embedded Postgres in a folder, says so, and runs until it is told to end.
import { embeddedPostgresUrl, startEmbeddedPostgres } from '../../src/operations/embedded-postgres.ts'
import { silent } from '../ops/fake-server.ts'

const [dir = ''] = process.argv.slice(2)
console.log(JSON.stringify({ starting: process.pid }))
const postgres = await startEmbeddedPostgres({ dir, log: silent })
console.log(JSON.stringify({ pid: postgres.pid(), url: await embeddedPostgresUrl(dir) }))
process.on('SIGTERM', () => void postgres.stop())
