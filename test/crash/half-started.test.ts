import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type LocalGitHub, startLocalGitHub } from '../../local-github/local-github.ts'
import { removeEmbeddedPostgres } from '../../src/operations/embedded-postgres.ts'
import { prepareStores } from '../prepared-stores.ts'
import { environmentOf } from './bridge-process.ts'

const START = join(import.meta.dirname, '../../src/start.js')

let gh: LocalGitHub
let dataDir: string
beforeEach(async () => {
  gh = await startLocalGitHub()
  dataDir = mkdtempSync(join(tmpdir(), 'half-started-'))
  await prepareStores(dataDir)
})
afterEach(async () => {
  await gh.close()
  removeEmbeddedPostgres(join(dataDir, 'postgres'))
  rmSync(dataDir, { recursive: true })
})

/** Runs the bridge where the program lacks a file; its exit code, and what it complains of. */
async function serveWithout(file: string) {
  const hook = `import { registerHooks } from 'node:module'
    registerHooks({
      resolve(name, context, next) {
        if (name.endsWith(${JSON.stringify(file)})) throw new Error('Cannot find ' + name)
        return next(name, context)
      },
    })`
  const options = [
    '--disable-warning=ExperimentalWarning',
    '--import',
    `data:text/javascript,${encodeURIComponent(hook)}`,
  ]
  const child = spawn(process.execPath, [...options, START, 'serve'], {
    cwd: tmpdir(),
    stdio: ['ignore', 'ignore', 'pipe'],
    env: environmentOf(gh, { dataDir }),
  })
  const [complaint, [code]] = await Promise.all([text(child.stderr), once(child, 'close')])
  return { complaint, code: code as number | null }
}

it.each(['/bridge.ts', '/run-bridge.ts', '/compose.ts'])(
  'a bridge whose program is not whole (%s) says so in a sentence, ends with 1, and leaves no server',
  async (file) => {
    const { complaint, code } = await serveWithout(file)
    expect(complaint).toMatch(/^The bridge cannot be loaded \(Cannot find .*\)\. .*start it again\.\n$/)
    expect(code).toBe(1)
    for (const server of ['dolt', 'postgres']) expect(existsSync(join(dataDir, server, 'server.json'))).toBe(false)
  },
)
