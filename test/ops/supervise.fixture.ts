// Starts a supervised server, prints its pid, and then ends as told: "exit", "throw" or not at all.
import { startChildServer } from '../../src/ops/child-server.ts'
import { fakeServer } from './fake-server.ts'

const [dir = '', port = '', how = ''] = process.argv.slice(2)
const server = await startChildServer(fakeServer(dir, Number(port)))
console.log(JSON.stringify({ pid: server.pid() }))
if (how === 'exit') process.exit(0)
if (how === 'throw') throw new Error('for the test')
