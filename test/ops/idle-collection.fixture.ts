// Works for a while, which leaves much behind, then rests. Prints its memory after the work, and at rest once it is
// smaller or after some time, in MB.
import { setTimeout as sleep } from 'node:timers/promises'
import { collectWhenIdle } from '../../src/ops/idle-collection.ts'

const [how, withinMs] = process.argv.slice(2)
const sizeMb = () => process.memoryUsage().rss / 2 ** 20
if (how === 'collects') collectWhenIdle(200)
let kept: string[][] = []
for (let n = 0; n < 40; n++) {
  kept.push(Array.from({ length: 20_000 }, (_, at) => `a row ${n} ${at}`))
  await sleep(1)
}
const worked = sizeMb()
kept = []
const end = Date.now() + Number(withinMs)
while (Date.now() < end && sizeMb() > worked * 0.7) await sleep(100)
console.log(JSON.stringify({ worked, rests: sizeMb(), kept: kept.length }))
