import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { inject } from 'vitest'

/**
 * A data folder whose stores are made and empty, to start each world from: two clusters and their tables take longer
 * to make than most tests to run. Made once a run, by whichever worker needs it first; `test/template.ts` names the
 * place and removes it.
 */
export async function fillFromTemplate(dataDir: string, make: (dir: string) => Promise<void>): Promise<void> {
  const root = inject('template')
  const ready = join(root, 'ready')
  if (!existsSync(ready)) await makeOnce(root, ready, make)
  // `cp` keeps the owner of the Postgres cluster.
  await promisify(execFile)('cp', ['-a', '--reflink=auto', `${ready}/.`, dataDir])
}

async function makeOnce(root: string, ready: string, make: (dir: string) => Promise<void>) {
  try {
    await mkdir(join(root, 'lock'))
  } catch {
    // Another worker is at it.
    while (!existsSync(ready)) {
      if (existsSync(join(root, 'failed'))) throw new Error('the template of the stores was not made')
      await sleep(50)
    }
    return
  }
  try {
    const draft = join(root, 'draft')
    await mkdir(draft, { mode: 0o700 })
    await make(draft)
    for (const name of ['lock.db', 'lock.db-journal', 'owner.json', 'dolt/server.json', 'postgres/server.json'])
      await rm(join(draft, name), { force: true })
    await rename(draft, ready)
  } catch (error) {
    await writeFile(join(root, 'failed'), '')
    throw error
  }
}
