import { join } from 'node:path'
import type { ServerLog, ServerSpec } from '../../src/ops/child-server.ts'
import { answers } from '../../src/ops/port.ts'
import { identify } from '../../src/ops/process-identity.ts'

export const silent: ServerLog = { info() {}, warn() {}, error() {} }

// Answers on the port, and outlives a connection that is reset before it is accepted; ends at once while the file `broken` lies in its folder; ignores SIGTERM beside `deaf`.
const PROGRAM = `
  const { existsSync } = require('node:fs')
  const [dir, port] = process.argv.slice(1)
  if (existsSync(dir + '/broken')) { console.error('I am broken'); process.exit(3) }
  if (existsSync(dir + '/deaf')) process.on('SIGTERM', () => {})
  require('node:net').createServer((socket) => socket.on('error', () => {}).end()).listen(Number(port), '127.0.0.1')
`

/** A small server of Node's that the supervisor can be tried on. */
export function fakeServer(dir: string, port: number): ServerSpec {
  return {
    name: 'Fake',
    command: process.execPath,
    args: ['-e', PROGRAM, dir, String(port)],
    env: {},
    cwd: dir,
    logFile: join(dir, 'server.log'),
    recordFile: join(dir, 'server.json'),
    isReady: () => answers(port),
    readyWithinMs: 5_000,
    log: silent,
  }
}

/** Waits until `condition` holds, 10 seconds at most. */
export async function until(condition: () => boolean | Promise<boolean>, what = 'the awaited'): Promise<void> {
  const end = Date.now() + 10_000
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`${what} did not come within 10 seconds`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** Whether a process has that pid and is no zombie. */
export function isAlive(pid: number | undefined): boolean {
  return pid !== undefined && identify(pid) !== undefined
}
