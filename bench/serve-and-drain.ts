import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { runCli } from '../src/cli/run.ts'
import { readConfig } from '../src/config.ts'
import { embeddedDoltUrl } from '../src/ledger/dolt/embedded-dolt.ts'
import { startBridge } from '../src/bridge.ts'
import { embeddedPostgresUrl } from '../src/operations/embedded-postgres.ts'
import { openQueue, type Queue } from '../src/operations/queue/queue.ts'
import { createLog } from '../src/ops/log.ts'
import { now } from './figure.ts'
import { giveStored, openStampDeps, type StoredStamp } from './stored-stamp.ts'
import { openOperations } from '../src/operations/postgres/store.ts'

/**
 * The bridge, in whose process stored stamps are drained besides: `{ store }` puts them into a queue of their own on
 * the bridge's Postgres, `{ drain }` works on them. Each message is answered when it is done.
 */
type Message = { store: StoredStamp[] } | { drain: number }

/** Each stamper's work is that of an installation of its own. */
const AT_ONCE = 50

let queue: Queue<StoredStamp>
let deps: Awaited<ReturnType<typeof openStampDeps>>

async function store(stamps: readonly StoredStamp[]): Promise<void> {
  const { dataDir } = readConfig()
  const database = await embeddedPostgresUrl(join(dataDir, 'postgres'))
  deps = await openStampDeps({ ledger: await embeddedDoltUrl(join(dataDir, 'dolt'), 'commons'), database }, dataDir)
  queue = await openQueue<StoredStamp>(openOperations(database), 'bench', false, createLog('warn'))
  for (let start = 0; start < stamps.length; start += AT_ONCE)
    await Promise.all(stamps.slice(start, start + AT_ONCE).map((stamp) => put(stamp)))
}

async function put(data: StoredStamp): Promise<void> {
  await queue.put({ id: randomUUID(), key: `1/${data.comment}`, group: String(data.stamper.id), data })
}

/** Resolves to the milliseconds from the first fetch to the last stamp written. */
async function drain(count: number): Promise<number> {
  const began = now()
  let left = count
  await new Promise<void>((resolve, reject) => {
    queue.run(async ({ data }) => {
      await giveStored(deps, data).catch((error: unknown) => {
        reject(error)
        throw error
      })
      if (--left === 0) resolve()
    })
  })
  return now() - began
}

process.on('message', (message: Message | 'spans') => {
  if (message === 'spans') return
  const done = 'store' in message ? store(message.store) : drain(message.drain)
  done.then(
    (took) => process.send!({ took: took ?? null }),
    (error: unknown) => process.send!({ error: String(error) }),
  )
})
process.channel?.unref()

process.exitCode = await runCli(process.argv.slice(2), { readConfig, createLog, startBridge })
