import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const PROGRAM = `
import { runGuarded, suspendGuard } from '${new URL('../../src/ops/suspend-guard.ts', import.meta.url).href}'
const told = (assertNotSuspended) => { try { assertNotSuspended(); return 'ours' } catch (error) { return error.name } }
const checks = []
await runGuarded(async () => checks.push(suspendGuard()))
const outside = suspendGuard()
process.kill(process.pid, 'SIGSTOP')
await runGuarded(async () => checks.push(suspendGuard()))
console.log([...checks, outside].map(told).join(' '))
`

it('work that was begun before the process was stopped is stale, and what is begun after it is not', async () => {
  const run = promisify(execFile)(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    '--input-type=module',
    '-e',
    PROGRAM,
  ])
  const state = async () => (await promisify(execFile)('ps', ['-o', 'stat=', '-p', String(run.child.pid)])).stdout
  await expect.poll(state, { timeout: 60_000 }).toMatch(/^T/)
  // Longer than the silence that counts as a stop.
  await new Promise((resolve) => setTimeout(resolve, 7_500))
  run.child.kill('SIGCONT')
  expect((await run).stdout.trim()).toBe('Unavailable ours ours')
})
