import { access, constants, lstat, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type DoctorFinding, ok, warning, wrong } from './finding.ts'

/** Checks whether this user can use DATA_DIR, by trying and not by its mode. */
export async function checkFolder(dataDir: string): Promise<DoctorFinding> {
  const link = await lstat(dataDir).catch(codeOf)
  if (link === 'ENOENT') return checkAbove(dataDir)
  if (link === 'ENOTDIR') return wrong('data', `${dataDir} lies below a file. Name a folder with DATA_DIR.`)
  const folder = await stat(dataDir).catch(codeOf)
  if (folder === 'ENOENT')
    return wrong(
      'data',
      `${dataDir} is a link that leads nowhere. Mount or make what it leads to, or name another with DATA_DIR.`,
    )
  if (typeof folder === 'string') return wrong('data', `this user cannot get to ${dataDir} (${folder}). ${LET}`)
  if (!folder.isDirectory()) return wrong('data', `${dataDir} is a file. Name a folder with DATA_DIR.`)
  return tryToWrite(dataDir)
}

const LET = 'Let it in (chown, chmod), or start the bridge as the user whose folder it is.'

async function tryToWrite(dataDir: string): Promise<DoctorFinding> {
  const file = join(dataDir, `.doctor-${process.pid}`)
  try {
    await writeFile(file, 'doctor\n', { mode: 0o600, flag: 'wx' })
    await rm(file)
    return ok('data', dataDir)
  } catch (error) {
    return wrong('data', `this user cannot write into ${dataDir} (${codeOf(error)}). ${LET}`)
  }
}

/** Checks that this user can make DATA_DIR in the nearest folder above it that exists. */
async function checkAbove(dataDir: string): Promise<DoctorFinding> {
  for (let above = dirname(dataDir); ; above = dirname(above)) {
    const found = await stat(above).catch(codeOf)
    if (found === 'ENOENT' && above !== dirname(above)) continue
    const may = await access(above, constants.W_OK | constants.X_OK).then(
      () => true,
      () => false,
    )
    return may
      ? warning('data', `${dataDir} is not there yet. The first start makes it.`)
      : wrong(
          'data',
          `${dataDir} is not there, and this user cannot make it in ${above}. Make it, or name another with DATA_DIR.`,
        )
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown'
}
