import { homedir } from 'node:os'
import { join } from 'node:path'
import { findDolt, type Dolt } from '../../src/ledger/dolt/dolt-binary.ts'

/** The Dolt that the bridge itself would run here; fetched when there is none, which may take minutes. */
export function installedDolt(): Promise<Dolt> {
  return findDolt({
    path: process.env['PATH'] ?? '',
    cacheDir: process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'),
    report: (line) => console.log(line),
  })
}

export const FETCHING_MS = 20 * 60_000
