import { randomBytes } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'

/** Writes a file that only its owner can read (0600), atomically: a crash leaves the old one. */
export function writePrivately(file: string, text: string): void {
  const draft = `${file}.${randomBytes(6).toString('hex')}.new`
  writeFileSync(draft, text, { mode: 0o600, flag: 'wx', flush: true })
  renameSync(draft, file)
}

/** Reads the secret in a file (0600), or makes it: 192 random bits that need no escaping in a URL. */
export function keptSecret(file: string): string {
  const kept = readIfThere(file)
  if (kept) return kept
  const secret = randomBytes(24).toString('base64url')
  writePrivately(file, `${secret}\n`)
  return secret
}

/** The file's text without surrounding blanks, or undefined when there is no such file. */
export function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
