import { mkdtempSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { benchAcknowledge } from './acknowledge.ts'
import { benchCommit } from './commit.ts'
import { type Bench, type Figure, holds } from './figure.ts'
import { benchGrowth } from './growth.ts'
import { benchHostile } from './hostile.ts'
import { benchImporter } from './importer.ts'
import { benchMemory } from './memory.ts'
import { readProfiles } from './profile.ts'
import { benchRush } from './rush.ts'
import { benchStamps } from './stamps.ts'

/** `npm run bench [-- name…]`; `--quick`: a few of everything; `--profile`: with CPU profiles of the bridge. */
const BENCHES: Record<string, Bench> = {
  commit: benchCommit,
  stamps: benchStamps,
  rush: benchRush,
  acknowledge: benchAcknowledge,
  memory: benchMemory,
  growth: benchGrowth,
  importer: benchImporter,
  hostile: benchHostile,
}

const say = (line: string) => void process.stdout.write(`${line}\n`)

/** A row: what it is, the limit, and how much of the limit that is. */
function row(figure: Figure): string {
  const { what, is, limit } = figure
  const [how, bound] = limit
  const ratio = bound === 0 ? '' : `${((is / bound) * 100).toFixed(0)} %`
  const cells = [what.padEnd(42), shown(is).padStart(10), `${how} ${shown(bound)}`.padStart(18), ratio.padStart(8)]
  return `${cells.join('')}  ${holds(figure) ? 'holds' : 'MISSED'}`
}

function shown(n: number): string {
  return Number.isInteger(n) ? String(n) : n.toFixed(n < 10 ? 3 : 1)
}

const flags = process.argv.slice(2)
const given = flags.filter((flag) => !flag.startsWith('--'))
const unknown = given.find((name) => !(name in BENCHES))
if (unknown !== undefined) {
  say(`There is no bench "${unknown}". Expected some of ${Object.keys(BENCHES).join(', ')}, or none for all.`)
  process.exit(2)
}

// Servers end with this process, and only an orderly end of it tells them.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

let missed = 0
const tell = (figure: Figure) => {
  say(row(figure))
  if (!holds(figure)) missed++
}
for (const name of given.length > 0 ? given : Object.keys(BENCHES)) {
  const load = loadavg()[0]!.toFixed(1)
  say(`\n${name} — on ${availableParallelism()} cores, load ${load} before`)
  const profiles = flags.includes('--profile') ? mkdtempSync(join(tmpdir(), `bench-profile-${name}-`)) : undefined
  await BENCHES[name]!({ say, tell, quick: flags.includes('--quick'), profiles })
  if (profiles !== undefined) for (const line of readProfiles(profiles)) say(line)
}
process.exitCode = missed === 0 ? 0 : 1
