import { benchImporter, type Figure } from './importer.ts'

const say = (line: string) => void process.stdout.write(`${line}\n`)

function holds({ is, limit: [how, bound] }: Figure): boolean {
  return how === 'at most' ? is <= bound : is >= bound
}

/** A row: what it is, the limit, and how much of the limit that is. */
function row(figure: Figure): string {
  const { what, is, limit } = figure
  const [how, bound] = limit
  const ratio = bound === 0 ? '' : `${((is / bound) * 100).toFixed(0)} %`
  const cells = [what.padEnd(36), shown(is).padStart(10), `${how} ${shown(bound)}`.padStart(18), ratio.padStart(8)]
  return `${cells.join('')}  ${holds(figure) ? 'holds' : 'MISSED'}`
}

function shown(n: number): string {
  return Number.isInteger(n) ? String(n) : n.toFixed(n < 10 ? 3 : 1)
}

let missed = 0
await benchImporter(say, (figure) => {
  say(row(figure))
  if (!holds(figure)) missed++
})
process.exitCode = missed === 0 ? 0 : 1
