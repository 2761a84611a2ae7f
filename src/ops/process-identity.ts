import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

/** The identity of a running process. Both values are opaque: compare them, do not parse them. */
export type ProcessIdentity = {
  /** Linux: boot id and clock ticks since boot. Elsewhere: the start time as `ps` prints it. */
  startTime: string
  /** The arguments, joined by blanks. */
  command: string
}

/** A command line in the form of `identify`. */
export function commandLine(words: string[]): string {
  return words.filter(Boolean).join(' ')
}

/** The identity of a running process, or undefined when no process (or only a zombie) has that pid. */
export function identify(pid: number): ProcessIdentity | undefined {
  return existsSync('/proc/self/stat') ? identifyByProc(pid) : identifyByPs(pid)
}

function identifyByProc(pid: number): ProcessIdentity | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The second field is the program's name in brackets and may hold blanks and brackets itself.
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (state === 'Z' || state === 'X') return undefined
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
    const ticks = rest[18]
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    return { startTime: `${boot} ${ticks}`, command: commandLine(command) }
  } catch {
    return undefined
  }
}

function identifyByPs(pid: number): ProcessIdentity | undefined {
  const ask = (column: string) =>
    execFileSync('/bin/ps', ['-ww', '-o', `${column}=`, '-p', String(pid)], {
      encoding: 'utf8',
      env: { LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  try {
    if (ask('stat').startsWith('Z')) return undefined
    return { startTime: ask('lstart'), command: ask('command') }
  } catch {
    return undefined // ps ends with 1 when there is no such process
  }
}
