// Starts the embedded Dolt in a folder, says so, and runs until it is told to end.
import { embeddedDoltUrl, startEmbeddedDolt } from '../../src/ledger/dolt/embedded-dolt.ts'
import { silent } from '../ops/fake-server.ts'

const [dir = '', bin = ''] = process.argv.slice(2)
console.log(JSON.stringify({ starting: process.pid }))
const dolt = await startEmbeddedDolt({ dir, bin, log: silent })
console.log(JSON.stringify({ pid: dolt.pid(), url: await embeddedDoltUrl(dir, 'commons') }))
process.on('SIGTERM', () => void dolt.stop())
