import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The Dolt version that we fetch, and the Go module version with the same code. */
export const PINNED = {
  version: '2.2.0',
  module: 'github.com/dolthub/dolt/go/cmd/dolt@v0.40.5-0.20260715172757-a6690826d767',
} as const

export const OLDEST = '1.83.0'

const TEN_SECONDS = 10_000

/**
 * Runs `dolt version` and gives the version, e.g. "2.2.0".
 * Throws with the reason when it does not run or says something else.
 */
export async function doltVersion(bin: string): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), 'dolt-version-'))
  try {
    return await doltVersionIn(root, bin)
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

/** The same, with a DOLT_ROOT_PATH that persists. */
export async function doltVersionIn(root: string, bin: string): Promise<string> {
  quietRoot(root)
  const output = await outputOf(bin, ['version'], quietEnv(root))
  const version = /^dolt version (\d+\.\d+\.\d+)/m.exec(output)?.[1]
  if (!version) throw new Error(`"${bin} version" said "${firstLine(output)}", which names no version of Dolt`)
  return version
}

/** Whether `version` is `oldest` or newer; both like "1.83.2". */
export function isAtLeast(version: string, oldest: string): boolean {
  const [a, b] = [version, oldest].map((text) => text.split('.').map(Number))
  for (const [index, part] of (b ?? []).entries()) {
    const own = a?.[index] ?? 0
    if (own !== part) return own > part
  }
  return true
}

/** Makes a DOLT_ROOT_PATH in which Dolt neither counts events nor asks the network for newer versions. */
export function quietRoot(root: string): void {
  mkdirSync(join(root, '.dolt'), { recursive: true, mode: 0o700 })
  writeFileSync(
    join(root, '.dolt', 'config_global.json'),
    JSON.stringify({ 'metrics.disabled': 'true', 'versioncheck.disabled': 'true' }),
    { mode: 0o600 },
  )
}

/** The environment of every Dolt we run: its own root, so that a user's settings and ours never meet. */
export function quietEnv(root: string): Record<string, string> {
  return {
    DOLT_ROOT_PATH: root,
    HOME: root,
    DOLT_DISABLE_EVENT_FLUSH: '1',
    PATH: '/usr/local/bin:/usr/bin:/bin',
  }
}

/** Runs a program and gives its standard output; throws with the first line of its standard error. */
export function outputOf(
  bin: string,
  args: string[],
  env: Record<string, string>,
  cwd?: string,
  timeout = TEN_SECONDS,
): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(bin, args, { env, timeout, ...(cwd && { cwd }) }, (error, stdout, stderr) => {
      if (!error) return resolve(stdout)
      const reason = firstLine(stderr) || firstLine(stdout)
      reject(
        new Error(`${bin} ${args[0]} failed: ${reason || firstLine(error.message)}`, {
          cause: error,
        }),
      )
    })
  })
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? ''
}
