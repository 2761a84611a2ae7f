import { execFile } from 'node:child_process'
import { once } from 'node:events'
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { sha256 } from '../src/domain/hash.ts'
import type { Account } from '../src/domain/rig.ts'
import { nextPlace } from '../src/domain/stamp.ts'
import { quietEnv } from '../src/ledger/dolt/dolt-version.ts'
import { startEmbeddedDolt } from '../src/ledger/dolt/embedded-dolt.ts'
import { openLedger } from '../src/ledger/ledger.ts'
import { installedDolt } from '../test/ledger/installed-dolt.ts'
import { connectLedger, people, registerPeople } from './ledger-rows.ts'
import { HOST } from './stored-stamp.ts'

/** A commons of many stamps, a hundred of each person. Loading a million takes minutes, so it is kept for later runs. */

const EACH = 100
const LOADED = 'loaded'
const COLUMNS = [
  'id',
  'author',
  'subject',
  'valence',
  'confidence',
  'severity',
  'context_id',
  'context_type',
  'stamp_type',
  'skill_tags',
  'stamp_index',
  'prev_stamp_hash',
  'block_hash',
  'hop_uri',
  'created_at',
]
/** Change it with anything below that changes the rows. */
const RECIPE = 1

const log = { info: () => {}, warn: () => {}, error: () => {} }

/** The people whose stamps it has. */
export const stampedPeople = (stamps: number): Account[] => people('person', stamps / EACH, 8_000_001)

/** The folder of an embedded Dolt with so many stamps, in the user's cache folder. */
export async function grownLedger(stamps: number, say: (line: string) => void): Promise<string> {
  const { bin, version } = await installedDolt()
  const schema = readFileSync(new URL('../schema/commons.sql', import.meta.url), 'utf8')
  const name = `${stamps}-stamps-${sha256(JSON.stringify([RECIPE, version, schema])).slice(0, 12)}`
  const home = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'wasteland-bridge', 'bench')
  const dir = join(home, name)
  if (existsSync(dir)) return dir
  mkdirSync(home, { recursive: true })
  for (const old of readdirSync(home).filter((other) => other.startsWith(`${stamps}-stamps-`)))
    rmSync(join(home, old), { recursive: true })
  const draft = mkdtempSync(join(home, '.new-'))
  const began = Date.now()
  await load(draft, bin, stamps).catch((error: unknown) => {
    rmSync(draft, { recursive: true, force: true })
    throw error
  })
  renameSync(draft, dir)
  say(`Loaded ${stamps} stamps in ${Math.round((Date.now() - began) / 1000)} s; they are kept in ${dir}.`)
  return dir
}

/** Takes back what the run before wrote, and connects. */
export async function startGrown(dir: string) {
  const dolt = await startEmbeddedDolt({ dir, bin: (await installedDolt()).bin, log })
  const sql = await connectLedger(dolt.url('commons'))
  await sql.query(`CALL DOLT_RESET('--hard', ?)`, [LOADED])
  return { url: dolt.url('commons'), sql, stop: async () => (sql.destroy(), await dolt.stop()) }
}

async function load(dir: string, bin: string, stamps: number): Promise<void> {
  const dolt = await startEmbeddedDolt({ dir, bin, log })
  try {
    await (await openLedger(dolt.url('commons'), { key: Buffer.alloc(32) })).close()
    const sql = await connectLedger(dolt.url('commons'))
    await registerPeople(sql, HOST, stampedPeople(stamps))
    sql.destroy()
  } finally {
    await dolt.stop()
  }
  const file = join(dir, 'stamps.csv')
  await writeStamps(file, stamps)
  // Without the server, and its limit of memory.
  const commons = join(dir, 'data', 'commons')
  const env = quietEnv(join(dir, 'root'))
  const run = (...args: string[]) => promisify(execFile)(bin, args, { env, cwd: commons })
  await run('table', 'import', '-a', 'stamps', file)
  await run('commit', '-Am', 'Load stamps', '--author', 'bench <bench@wasteland-bridge.invalid>')
  await run('tag', LOADED)
  rmSync(file)
}

async function writeStamps(file: string, stamps: number): Promise<void> {
  const out = createWriteStream(file)
  out.write(`${COLUMNS.join(',')}\n`)
  for (const person of stampedPeople(stamps)) {
    if (!out.write(stampsOf(person))) await once(out, 'drain')
  }
  out.end()
  await once(out, 'close')
}

function stampsOf({ login }: Account): string {
  let last: { id: string; stampIndex: number } | undefined
  let lines = ''
  for (let n = 0; n < EACH; n++) {
    const place = nextPlace(last)
    const id = `s-${sha256(`${login} ${n}`).slice(0, 16)}`
    last = { id, stampIndex: place.stampIndex }
    const valence = '"{""quality"": 4, ""reliability"": 4}"'
    const [context, hash] = [`c-${id.slice(2)}`, sha256(`block ${id}`)]
    const author = `judge-${n % 20}`
    lines +=
      `${id},${author},${login},${valence},0.7,leaf,${context},completion,work,[],${place.stampIndex},` +
      `${place.prevStampHash ?? ''},${hash},entity://github/${author}/${n % 20},2026-10-01 10:00:00\n`
  }
  return lines
}
