import { execFileSync, spawnSync } from 'node:child_process'

/** The user nobody, when we are root and may run something as him; else undefined. */
export const NOBODY = findNobody()

function findNobody(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  try {
    const ask = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
    return { uid: ask('-u'), gid: ask('-g') }
  } catch {
    return undefined
  }
}

/** Whether nobody can run our scripts at all: not in a clone below /root. */
export function canRead(file: string): boolean {
  const { status } = spawnSync(process.execPath, ['-e', 'require("node:fs").readFileSync(process.argv[1])', file], {
    cwd: '/',
    ...NOBODY,
  })
  return status === 0
}
