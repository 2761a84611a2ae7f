import { admit } from '../src/authorization/admission.ts'
import { DEFAULT_SETTINGS } from '../src/authorization/settings.ts'
import { findOrRegisterRig } from '../src/services/participant.ts'
import { commandId } from '../src/domain/ids.ts'
import { sha256 } from '../src/domain/hash.ts'
import { type Account, commitAuthor } from '../src/domain/rig.ts'
import { openLedger } from '../src/ledger/ledger.ts'
import { hmacKey } from '../src/ops/data-dir.ts'
import { commandHasRun } from '../src/operations/tables/ledger-index.ts'
import { openOptOuts } from '../src/operations/tables/opt-outs.ts'
import { migrateOperations } from '../src/operations/postgres/migrations.ts'
import { openOperations } from '../src/operations/postgres/store.ts'
import type { Submitted } from './ledger-rows.ts'
import type { StampArgs } from '../src/services/judgement-args.ts'
import type { ServiceDeps, CommandContext } from '../src/services/context.ts'
import { write } from '../src/services/stamp.ts'

/**
 * A `/wl stamp` as it lies in the queue, with what GitHub was asked about it beside it: who is a maintainer, and the
 * pull request. What GitHub answers in a second is far below what is measured with it.
 */
export interface StoredStamp {
  /** The comment's id. */
  comment: number
  delivery: string
  stamper: Account
  work: Submitted
}

export const HOST = 'github'
const REPOSITORY = { id: 1, fullName: 'ada/first', ownerId: 1, hidden: false, archived: false, defaultBranch: 'main' }
const ARGS: StampArgs = { quality: 4 }
const LINE = '/wl stamp quality=4'
export const AT = '2026-11-02T10:00:00Z'
export const DIFF = sha256('a diff')

/** The bridge's code between GitHub's answers and the two stores. */
export type StampDeps = Pick<ServiceDeps, 'host' | 'ledger' | 'store' | 'optOuts'> & { close(): Promise<void> }

/** `wasteland` names the ledger in the operations store, where several share one. */
export async function openStampDeps(
  urls: { ledger: string; database: string },
  dataDir: string,
  wasteland?: string,
): Promise<StampDeps> {
  const ledger = await openLedger(urls.ledger, { key: hmacKey(dataDir) })
  // People whom the bench has registered by SQL since count as if the bridge had.
  await ledger.vouch({ again: true })
  const db = openOperations(urls.database)
  await migrateOperations(db)
  const store = { db, wasteland: wasteland ?? ledger.wasteland }
  const optOuts = await openOptOuts(store, dataDir, Buffer.alloc(32))
  const close = async () => void (await Promise.all([ledger.close(), db.destroy()]))
  return { host: HOST, ledger, store, optOuts, close }
}

/** All that the command does once GitHub has answered, but for what it then says there. */
export async function giveStored(deps: StampDeps, stored: StoredStamp): Promise<void> {
  const context = situationOf(stored)
  const id = idOf(stored)
  if (await commandHasRun(deps.store, deps.ledger, id)) return
  // What would ask GitHub is not called from here on.
  const command = deps as unknown as ServiceDeps
  const { stamper, work, delivery } = stored
  const rig = await findOrRegisterRig(command, stamper, { at: AT, delivery, sender: `${stamper.login} ${stamper.id}` })
  if (rig === 'declined') throw new Error(`${stamper.login} declined`)
  const given = {
    judge: { act: 'stamp', permission: MAINTAINER, admission: admission(), settings: DEFAULT_SETTINGS, rig },
    work: {
      wanted: work.wantedId,
      completion: work.id,
      submitter: work.completedBy,
      share: undefined,
      evidence: work.evidence,
      head: work.head,
      ownWork: undefined,
      unmet: [],
      pull: undefined,
      isHere: true,
    },
    share: undefined,
    args: ARGS,
    diff: DIFF,
    id,
    done: { ok: true },
  } as const
  const batchable = { author: commitAuthor(stamper), conflictKeys: [work.wantedId, id] }
  const { value } = await deps.ledger.transact((db) => write(command, db, context, given), batchable)
  if (!value.ok) throw new Error(`a stamp was refused: ${value.text}`)
}

const MAINTAINER = { admin: false, maintain: true, write: true, roleName: 'maintain', narrowed: false }

function admission() {
  const answer = admit({ appOwnerId: REPOSITORY.ownerId, named: new Map() }, REPOSITORY, DEFAULT_SETTINGS)
  if ('refused' in answer) throw new Error(answer.refused)
  return answer.admission
}

function idOf({ comment }: StoredStamp): string {
  return commandId(HOST, { kind: 'issue_comment', id: comment }, 'stamp', LINE, 1)
}

function situationOf({ comment, delivery, stamper }: StoredStamp): CommandContext {
  return {
    place: { installation: 1, owner: 'ada', repo: 'first', number: 1 },
    repository: REPOSITORY,
    admission: async () => ({ admission: admission(), settings: DEFAULT_SETTINGS }),
    publications: new Map(),
    author: stamper,
    at: AT,
    delivery,
    on: 'pull request',
    comment: { kind: 'issue_comment', id: comment },
    line: LINE,
    snapshot: async () => undefined,
  }
}
