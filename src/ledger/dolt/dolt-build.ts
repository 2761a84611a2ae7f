import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { PINNED } from './dolt-version.ts'

const HALF_AN_HOUR = 30 * 60_000
const KEPT_OUTPUT = 2_000

/**
 * Builds the pinned Dolt with `go install` into the folder `into` and gives the path of the binary, not yet
 * tried. Takes 3 to 5 minutes on two cores; needs Go (1.26.2, or one that may fetch it) and a C compiler.
 * The child inherits our environment: Go needs its HOME, proxies and the like. Throws with the reason.
 */
export async function buildDolt(into: string, goBinary: string): Promise<string> {
  // `env` sets GOBIN on top of what is inherited, without us reading the environment.
  await run('env', [`GOBIN=${into}`, goBinary, 'install', PINNED.module])
  return join(into, 'dolt')
}

function run(command: string, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: HALF_AN_HOUR,
    })
    const onExit = () => void child.kill()
    process.once('exit', onExit)
    let output = ''
    child.stderr.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-KEPT_OUTPUT)))
    child.once('error', reject)
    child.once('close', (code) => {
      process.off('exit', onExit)
      if (code === 0) return resolve()
      // 127 is what `env` ends with when there is no such program.
      reject(new Error(code === 127 ? 'there is no Go here (go.dev/dl)' : lastLines(output) || `it ended with ${code}`))
    })
  })
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-3).join(' / ')
}
