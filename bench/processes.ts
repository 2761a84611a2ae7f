import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** In MB of a process on Linux; zeros when it is gone. `shared`: this process's part of what several map. */
export interface Memory {
  resident: number
  shared: number
  /** Of `resident` what is no file: heaps and stacks. */
  anonymous: number
}

export function memoryOf(pid: number): Memory {
  const rollup = read(pid, 'smaps_rollup')
  const of = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1] ?? 0) / 1e3
  return {
    resident: of('Rss'),
    shared: of('Pss'),
    anonymous: of('Anonymous'),
  }
}

/** A process and all below it. */
function familyOf(pid: number): number[] {
  const children = read(pid, `task/${pid}/children`).split(' ').filter(Boolean).map(Number)
  return [pid, ...children.flatMap(familyOf)]
}

const TICKS_A_SECOND = 100

/** Seconds of CPU that these processes have had. */
function cpuOf(pids: readonly number[]): number {
  const ticks = pids.map((pid) => {
    const stat = read(pid, 'stat')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return Number(fields[11] ?? 0) + Number(fields[12] ?? 0)
  })
  return ticks.reduce((sum, each) => sum + each, 0) / TICKS_A_SECOND
}

/** The embedded servers of a bridge that runs, by its DATA_DIR; Postgres with its children. */
function storesIn(dataDir: string): { dolt: number[]; postgres: number[] } {
  const recorded = (name: string) =>
    (JSON.parse(readFileSync(join(dataDir, name, 'server.json'), 'utf8')) as { pid: number }).pid
  return { dolt: familyOf(recorded('dolt')), postgres: familyOf(recorded('postgres')) }
}

/** In MB, of a bridge and its embedded stores. */
export interface Rested {
  bridge: number
  dolt: number
  postgres: number
}

/** Of Postgres each process counts its part of what they share. */
export function restOf(pid: number, dataDir: string): Rested {
  const { dolt, postgres } = storesIn(dataDir)
  const sum = (pids: number[], of: 'resident' | 'shared') => pids.reduce((all, each) => all + memoryOf(each)[of], 0)
  return { bridge: memoryOf(pid).resident, dolt: sum(dolt, 'resident'), postgres: sum(postgres, 'shared') }
}

export const totalOf = ({ bridge, dolt, postgres }: Rested) => bridge + dolt + postgres

/** Seconds of CPU by process of a bridge, its stores and this one, `bridge 4.1 s, Dolt 1.2 s, …`, since the call. */
export function watchCpu(pid: number, dataDir: string): () => string {
  const pids = () => ({ bridge: [pid], ...storesIn(dataDir), 'GitHub and the load': [process.pid] })
  const used = () => Object.entries(pids()).map(([name, each]) => [name, cpuOf(each)] as const)
  const before = new Map(used())
  return () =>
    used()
      .map(([name, seconds]) => `${name} ${(seconds - before.get(name)!).toFixed(1)} s`)
      .join(', ')
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
