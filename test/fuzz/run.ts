import { randomOf, SEED } from '../seed.ts'
import { faultOf, type Measured, measureWell } from './measure.ts'
import { READERS } from './readers.ts'
import { drawShape, plainShapes, type Shape } from './shapes.ts'

// `npm run fuzz`: hostile texts of growing size for every reader of strangers' text, FUZZ_MINUTES long. TEST_SEED plays
// the same ones again. Fails where a call holds the thread for long, throws, or takes more than linear time.

const MINUTES = Number(process.env['FUZZ_MINUTES'] ?? 10)
const BOUNDS = { ms: 200, growth: 1.3 }
const random = randomOf('fuzz')
const end = performance.now() + MINUTES * 60_000

interface Row {
  shapes: number
  calls: number
  slowest: Measured | undefined
  steepest: Measured | undefined
}

const rows = new Map<string, Row>(
  READERS.map(({ name }) => [name, { shapes: 0, calls: 0, slowest: undefined, steepest: undefined }]),
)
const faults: string[] = []

console.log(`TEST_SEED=${SEED} FUZZ_MINUTES=${MINUTES}`)
for (const shape of shapes()) {
  if (performance.now() > end) break
  for (const reader of READERS) {
    const measured = await measureWell(reader, shape, BOUNDS)
    const row = rows.get(reader.name)!
    row.shapes++
    row.calls += measured.calls
    if (measured.ms >= (row.slowest?.ms ?? 0)) row.slowest = measured
    if ((measured.growth ?? 0) > (row.steepest?.growth ?? 0)) row.steepest = measured
    const fault = faultOf(measured, BOUNDS)
    if (fault === undefined) continue
    faults.push(`${reader.name}: ${fault} at ${measured.size} characters of ${JSON.stringify(shape.name)}`)
    console.log(faults.at(-1))
  }
}

const cells = (values: readonly (string | number)[]) => `| ${values.join(' | ')} |`
console.log(cells(['reader', 'shapes', 'calls', 'worst ms', 'at characters', 'steepest growth', 'worst shape']))
console.log(cells(['---', '---', '---', '---', '---', '---', '---']))
for (const [name, { shapes: count, calls, slowest, steepest }] of rows) {
  const growth = steepest?.growth?.toFixed(2) ?? '(below 20 ms)'
  const worst = JSON.stringify(slowest?.shape.name ?? '').slice(0, 60)
  console.log(cells([name, count, calls, slowest?.ms.toFixed(1) ?? '', slowest?.size ?? '', growth, `\`${worst}\``]))
}
console.log(faults.length === 0 ? 'No fault.' : `${faults.length} faults:\n${faults.join('\n')}`)
process.exit(faults.length === 0 ? 0 : 1)

function* shapes(): Generator<Shape> {
  yield* plainShapes()
  for (;;) yield drawShape(random)
}
