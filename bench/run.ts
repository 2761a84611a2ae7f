import { mkdtempSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { benchAcknowledge } from './acknowledge.ts'
import { type BenchArguments, type NamedBench, readArguments, usage, WrongArguments } from './arguments.ts'
import { benchCalls } from './calls.ts'
import { benchCommit } from './commit.ts'
import { type Bench, type Figure, holds } from './figure.ts'
import { benchGrowth } from './growth.ts'
import { benchHostile } from './hostile.ts'
import { benchImporter } from './importer.ts'
import { benchMemory } from './memory.ts'
import { readProfiles } from './profile.ts'
import { benchRush } from './rush.ts'
import { benchStamps } from './stamps.ts'
import { benchStart } from './start.ts'
import { benchTexts } from './texts.ts'

/** `npm run bench [-- name…]`; `--help` lists the flags. */
const BENCHES: Record<string, NamedBench & { bench: Bench }> = {
  calls: { bench: benchCalls, takesLatency: true, about: 'requests and points of each command and event' },
  commit: { bench: benchCommit, takesLatency: true, about: 'one stamp to its Dolt commit, with GitHub at 0 and 80 ms' },
  start: { bench: benchStart, takesLatency: true, about: 'how soon it is ready, and the first stamps after a start' },
  stamps: { bench: benchStamps, takesLatency: false, about: '5,000 stored stamps, against sets of 50 by hand' },
  rush: { bench: benchRush, takesLatency: true, about: '200 stamps at once, against a plain app' },
  acknowledge: { bench: benchAcknowledge, takesLatency: true, about: '5,000 webhooks, fifty abreast' },
  memory: { bench: benchMemory, takesLatency: true, about: 'memory at rest and after the stamps of “stamps”' },
  growth: { bench: benchGrowth, takesLatency: false, about: 'one stamp on a ledger of a million' },
  importer: { bench: benchImporter, takesLatency: false, about: '10,000 profiles imported' },
  hostile: { bench: benchHostile, takesLatency: true, about: 'a stamp while others attack' },
  texts: { bench: benchTexts, takesLatency: true, about: 'how long hostile comments of 64 kB hold others up' },
}

const say = (line: string) => void process.stdout.write(`${line}\n`)

/** A row: what it is, the limit, and how much of the limit that is. */
function row(figure: Figure): string {
  const { what, is, limit } = figure
  const [how, bound] = limit
  const ratio = bound === 0 ? '' : `${((is / bound) * 100).toFixed(0)} %`
  const cells = [what.padEnd(54), shown(is).padStart(10), `${how} ${shown(bound)}`.padStart(18), ratio.padStart(8)]
  return `${cells.join('')}  ${holds(figure) ? 'holds' : 'MISSED'}`
}

function shown(n: number): string {
  return Number.isInteger(n) ? String(n) : n.toFixed(n < 10 ? 3 : 1)
}

/** Runs them one after the other; resolves to how many figures were missed. */
async function runBenches({ names, quick, profile, latency }: BenchArguments): Promise<number> {
  let missed = 0
  const tell = (figure: Figure) => {
    say(row(figure))
    if (!holds(figure)) missed++
  }
  for (const name of names) {
    const late = latency === undefined ? '' : `, GitHub at ${latency} ms`
    say(`\n${name} — on ${availableParallelism()} cores, load ${loadavg()[0]!.toFixed(1)} before${late}`)
    const profiles = profile ? mkdtempSync(join(tmpdir(), `bench-profile-${name}-`)) : undefined
    await BENCHES[name]!.bench({ say, tell, quick, profiles, latency })
    if (profiles !== undefined) for (const line of readProfiles(profiles)) say(line)
  }
  return missed
}

// Servers end with this process, and only an orderly end of it tells them.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

try {
  const given = readArguments(process.argv.slice(2), BENCHES)
  if (given === 'help') say(usage(BENCHES))
  else process.exitCode = (await runBenches(given)) === 0 ? 0 : 1
} catch (error) {
  if (!(error instanceof WrongArguments)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}
