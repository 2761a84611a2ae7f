import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PREPARED_IN } from './prepared-stores.ts'

/** Vitest's workers end without a word, so the folder is made and removed around them all. */
export async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'wasteland-prepared-'))
  process.env[PREPARED_IN] = folder
  return () => rm(folder, { recursive: true, force: true })
}
