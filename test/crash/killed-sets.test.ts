import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readTrailers } from '../../src/domain/commit-message.ts'
import { Unavailable } from '../../src/domain/errors.ts'
import { type EmbeddedDolt, startEmbeddedDolt } from '../../src/ledger/dolt/embedded-dolt.ts'
import { type BatchStats } from '../../src/ledger/engine/writer.ts'
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts'
import { installedDolt } from '../ledger/installed-dolt.ts'
import { fill, stamp, subject, SUBJECTS } from '../ledger/stamping.ts'
import { silent } from '../ops/fake-server.ts'
import { randomOf } from '../seed.ts'
import { askDolt } from './stores.ts'
import { KEY } from '../ledger/key.ts'
import { prepareServer } from '../prepared-stores.ts'

/** Dolt's supervisor waits longer after each: DOLT_KILLS asks for more. */
const KILLS = Number(process.env['DOLT_KILLS'] ?? 10)
const AUTHORS = 10
/** Enough that work is left at the last kill. */
const STAMPS = 3_000
/** So many are in line at once, as jobs in hand are. */
const IN_LINE = 200

let home: string
let dolt: EmbeddedDolt
let ledger: Ledger
const seen: BatchStats[] = []

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'killed-sets-'))
  await prepareServer('dolt', join(home, 'dolt'))
  dolt = await startEmbeddedDolt({ dir: join(home, 'dolt'), bin: (await installedDolt()).bin, log: silent })
  ledger = await openLedger(dolt.url('commons'), { key: KEY, seen: (batch) => seen.push(batch) })
  await fill(ledger, STAMPS)
})

afterAll(async () => {
  await ledger?.close()
  await dolt?.stop()
  if (home) rmSync(home, { recursive: true, force: true })
})

const author = (n: number) => `author-${n % AUTHORS}`

it(
  `Dolt killed ${KILLS} times under a writer of sets: every stamp that was acknowledged is there, by its own author`,
  async () => {
    const acknowledged = new Set<string>()
    let [next, kills] = [0, 0]
    let isOver = false

    async function stamper() {
      for (let n = next++; n < STAMPS && !isOver; n = next++) {
        for (;;) {
          const answer = await stamp(ledger, n, author(n)).catch((error: unknown) => {
            if (!(error instanceof Unavailable)) throw error
          })
          if (answer !== undefined) {
            // One whose answer was lost finds itself refused: the item is completed.
            if (answer.hash !== undefined) acknowledged.add(answer.value)
            break
          }
          await sleep(20)
        }
      }
    }

    const random = randomOf('kills under a writer of sets')
    async function killer() {
      for (; kills < KILLS; kills++) {
        const before = acknowledged.size
        const until = before + 20 + random() * 60
        while (acknowledged.size < until && next < STAMPS) await sleep(1)
        process.kill(dolt.pid()!, 'SIGKILL')
        while (!dolt.healthy()) await sleep(5)
      }
      isOver = true
    }

    await Promise.all([killer(), ...Array.from({ length: IN_LINE }, stamper)])
    expect(kills).toBe(KILLS)
    expect(next).toBeLessThan(STAMPS)
    expect(seen.some(({ transactions: turns }) => turns > 1)).toBe(true)

    const url = dolt.url('commons')
    const stamps = await askDolt(url, 'SELECT * FROM stamps')
    expect([...acknowledged].filter((id) => stamps.every((row) => row['id'] !== id))).toEqual([])
    const log = await askDolt(url, 'SELECT * FROM dolt_log')
    const authors = new Map(
      log.flatMap(({ message, author: by }) =>
        readTrailers(String(message)).map((trailers) => [trailers.get('Stamp'), by] as const),
      ),
    )
    expect(stamps.filter((row) => row['author'] !== authors.get(row['id']))).toEqual([])
    const halves = await askDolt(
      url,
      `SELECT s.id FROM stamps s JOIN completions c ON c.id = s.context_id JOIN wanted w ON w.id = c.wanted_id
     WHERE c.stamp_id <> s.id OR w.status <> 'completed'
     UNION SELECT id FROM completions WHERE stamp_id IS NOT NULL AND stamp_id NOT IN (SELECT id FROM stamps)`,
    )
    expect(halves).toEqual([])
    for (const name of SUBJECTS) {
      const chain = await askDolt(url, 'SELECT stamp_index FROM stamps WHERE subject = ? ORDER BY stamp_index', [name])
      expect(chain.map((row) => row['stamp_index'])).toEqual(chain.map((_, n) => n))
    }
    expect(stamps.every(({ id, subject: of }) => of === subject(Number(String(id).split('-').at(-1))))).toBe(true)
    expect(await askDolt(url, 'SELECT * FROM dolt_status')).toEqual([])
  },
  600_000 + KILLS * 20_000,
)
