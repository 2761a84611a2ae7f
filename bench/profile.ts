import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string } }[]
  samples: number[]
  timeDeltas: number[]
}

/** Where a process spent its CPU, by package and by room of ours, from the profiles that V8 left in a folder. */
export function readProfiles(dir: string): string[] {
  const files = readdirSync(dir).filter((name) => name.endsWith('.cpuprofile'))
  return files.map((file) => {
    const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(dir, file), 'utf8')) as CpuProfile
    const whose = new Map(nodes.map(({ id, callFrame }) => [id, whoseIs(callFrame)]))
    const took = new Map<string, number>()
    for (const [n, id] of samples.entries()) {
      const who = whose.get(id) ?? 'unknown'
      took.set(who, (took.get(who) ?? 0) + (timeDeltas[n] ?? 0) / 1e6)
    }
    took.delete('(idle)')
    const all = [...took.values()].reduce((sum, each) => sum + each, 0)
    const most = [...took].toSorted((a, b) => b[1] - a[1]).slice(0, 14)
    const parts = most.map(([who, seconds]) => `${who} ${((seconds / all) * 100).toFixed(0)} %`)
    return `${join(dir, file)}: ${all.toFixed(1)} s of CPU: ${parts.join(', ')}`
  })
}

function whoseIs({ functionName, url }: CpuProfile['nodes'][number]['callFrame']): string {
  const name = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1]
  if (name !== undefined) return name
  const room = /\/(src\/[^/]+)\//.exec(url)?.[1]
  if (room !== undefined) return room
  if (url.startsWith('node:'))
    return url.replace(/^node:internal\/(deps\/undici).*/, '$1').replace(/^(node:(?:internal\/)?[^/]+).*/, '$1')
  return functionName.startsWith('(') ? functionName : url === '' ? 'built in' : 'elsewhere'
}
