import { createHmac } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gather } from '../ops/gather.ts'
import { type OperationsStore, settle } from './store.ts'

/**
 * People who want no part: HMACs of host and numeric id, so that neither the file nor the table names anybody.
 * The file outlives the table and is written first.
 */
export interface OptOuts {
  has(host: string, userId: number): Promise<boolean>
  add(host: string, userId: number): Promise<void>
}

/** Reads DATA_DIR/opt-outs into the table. */
export async function openOptOuts(store: OperationsStore, dataDir: string, key: Buffer): Promise<OptOuts> {
  const file = join(dataDir, 'opt-outs')
  const person = (host: string, userId: number) => createHmac('sha256', key).update(`${host}/${userId}`).digest('hex')
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  // A line may begin with the rest of one that a crash cut off.
  const people = text.split('\n').map((line) => line.slice(-64))
  for (const each of people) if (/^[0-9a-f]{64}$/.test(each)) await insert(store, each)

  const isKnown = gather((people: readonly string[]) => found(store, people))
  return {
    has: (host, userId) => isKnown(person(host, userId)),
    async add(host, userId) {
      await append(file, person(host, userId))
      await insert(store, person(host, userId))
    },
  }
}

async function found({ db, wasteland }: OperationsStore, people: readonly string[]): Promise<boolean[]> {
  const rows = await settle(
    db
      .selectFrom('opt_outs')
      .select('person')
      .where('wasteland', '=', wasteland)
      .where('person', 'in', [...new Set(people)])
      .execute(),
  )
  const declined = new Set(rows.map((row) => row.person))
  return people.map((person) => declined.has(person))
}

async function insert({ db, wasteland }: OperationsStore, person: string) {
  await settle(
    db
      .insertInto('opt_outs')
      .values({ wasteland, person, since: new Date() })
      .onConflict((conflict) => conflict.doNothing())
      .execute(),
  )
}

async function append(file: string, line: string) {
  const handle = await open(file, 'a', 0o600)
  try {
    await handle.appendFile(`${line}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
