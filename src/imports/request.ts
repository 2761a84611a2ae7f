import { randomUUID } from 'node:crypto'
import { uuidOf } from '../domain/hash.ts'
import { LOGIN } from '../domain/rig.ts'
import type { ImportAsk, ImportView, Requested } from '../domain/imports.ts'
import {
  addImport,
  findImport,
  importsBefore,
  lastImported,
  type StoredImport,
  usualSeconds,
} from '../operations/tables/imports.ts'
import { imports as words } from '../replies/imports.ts'
import type { ImportDeps } from './deps.ts'

const DAY_MS = 24 * 3_600_000
/** The estimated duration until one import has ended. */
const FIRST_GUESS_SECONDS = 30

/** Enqueues an import behind the others of the same token. A second request for the same login finds the first one. */
export async function requestImport(deps: ImportDeps, { login: asked, by }: ImportAsk): Promise<Requested> {
  const login = asked.toLowerCase()
  if (!LOGIN.test(login)) return { refused: words.notALogin }
  const person = 'person' in by ? by.person : undefined
  if (person !== undefined && (await deps.optOuts.barsImports(deps.host, person.id))) return { refused: words.declined }
  const mine = by.way === 'command' ? uuidOf(['import', deps.store.wasteland, by.cause]) : randomUUID()
  // Idempotency: a command that is retried after a crash finds its own import.
  if (by.way === 'command' && (await findImport(deps.store, mine)) !== undefined) return { job: mine, already: false }
  if (person === undefined && deps.token === undefined) return { refused: words.noToken }
  const now = deps.now()
  const last = await lastImported(deps.store, deps.host, { login, id: person?.id })
  if (last !== undefined && now.getTime() - last.getTime() < DAY_MS)
    return { refused: words.again(new Date(last.getTime() + DAY_MS)) }
  const id = await addImport(deps.store, {
    id: mine,
    host: deps.host,
    login,
    line: lineOf(by, mine),
    token: by.way === 'form' ? deps.safe.seal(by.token) : null,
    asked_by: person?.id ?? null,
    thread: by.way === 'command' ? by.thread : null,
    created_at: now,
  })
  return { job: id, already: id !== mine }
}

/**
 * The queue's key for the token that fetches it. The imports of one token run one after the other, because GitHub asks
 * for one request at a time of a token.
 */
function lineOf(by: ImportAsk['by'], id: string): string {
  // A person's own token serves no other import. The queue stores its keys, so this one names nobody.
  if (by.way === 'form') return `form/${id}`
  return by.way === 'command' ? `installation/${by.thread.installation_id}` : 'operator'
}

export async function viewOf(deps: ImportDeps, row: StoredImport): Promise<ImportView> {
  const isQueued = row.state === 'queued' && row.waits_until === null
  return {
    id: row.id,
    login: row.login,
    state: row.state,
    progress: { done: row.done, of: row.of },
    ...(isQueued && { queue: await queueOf(deps, row) }),
    ...(row.waits_until !== null && { waitsUntil: new Date(row.waits_until) }),
    ...(row.failure !== null && { failure: row.failure }),
    ...(row.handle !== null && { sheet: { handle: row.handle, changed: row.changed === true } }),
    createdAt: new Date(row.created_at),
    ...(row.ended_at !== null && { endedAt: new Date(row.ended_at) }),
    ...(row.asked_by !== null && { askedBy: row.asked_by }),
  }
}

async function queueOf({ store }: ImportDeps, row: StoredImport) {
  const before = await importsBefore(store, row)
  return { before, seconds: before * ((await usualSeconds(store)) ?? FIRST_GUESS_SECONDS) }
}
