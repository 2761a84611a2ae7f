import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/**
 * The Chromium that browser tests drive: CHROMIUM, or one on PATH. Undefined where there is none, and such tests are
 * then left out; with CHROMIUM_REQUIRED=1 that throws instead.
 */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = env['CHROMIUM'] || undefined
  const places = (env['PATH'] ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)))
  const found = (named === undefined ? places : [named]).find(isRunnable)
  if (found !== undefined) return found
  if (named !== undefined) throw new Error(`CHROMIUM is ${named}, which is no program that can be run.`)
  if (env['CHROMIUM_REQUIRED'] === '1') {
    throw new Error('CHROMIUM_REQUIRED is set, but there is no Chromium: install one, or name it with CHROMIUM.')
  }
  return undefined
}

/** What a test that needs one is skipped for. */
export const NO_CHROMIUM = 'left out: no Chromium is installed; name one with CHROMIUM'

/** As root, and in containers, Chromium's own sandbox cannot start. Only pages of our own are opened. */
export const CHROMIUM_ARGUMENTS = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu']

function isRunnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
