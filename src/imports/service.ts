import type { Imports, ShownSheet } from '../domain/imports.ts'
import type { StoredSheet } from '../ledger/profiles/read.ts'
import { cancelImport, findImport, importsUnderWay, type StoredImport } from '../operations/tables/imports.ts'
import type { Queue } from '../operations/queue/queue.ts'
import { findErasure } from '../operations/tables/erasures.ts'
import { loadPart } from '../ops/load-part.ts'
import { eraseImported, resumeErasures } from './erase.ts'
import { requestImport, viewOf } from './request.ts'
import type { ImportJob, ImportDeps } from './deps.ts'
import { notify } from './notify.ts'

/** The implementation of `Imports`. */
export function createImports(deps: ImportDeps): Imports {
  const { store, profiles, host } = deps
  return {
    async request(ask) {
      const requested = await requestImport(deps, ask)
      if (!('job' in requested)) return requested
      const row = await findImport(store, requested.job)
      if (row?.ended_at === null) {
        if (!requested.already) await notify(deps, row)
        await putJob(deps, row)
      }
      return requested
    },
    async find(job) {
      const row = await findImport(store, job)
      return row && viewOf(deps, row)
    },
    async cancel(job, by) {
      const row = await findImport(store, job)
      if (row === undefined || (by !== 'operator' && row.asked_by !== by.id)) return false
      return cancelImport(store, job, deps.now())
    },
    sheet: async (handle) => shown(deps, await profiles.read(handle)),
    sheetOf: async ({ id }) => shown(deps, await profiles.read({ host, id })),
    claim: async (person) => void (await profiles.claim(host, person)),
    erasureOf: (login) => findErasure(store, host, login),
    erase: onceAtATime((person, choice) => eraseImported(deps, person, choice)),
  }
}

/** Concurrent erasures of one person share one run: it is much work. */
function onceAtATime(work: Imports['erase']): Imports['erase'] {
  const underWay = new Map<string, ReturnType<Imports['erase']>>()
  return (person, choice) => {
    const key = `${person.id} ${choice?.declines === true}`
    const mine = underWay.get(key) ?? work(person, choice).finally(() => underWay.delete(key))
    underWay.set(key, mine)
    return mine
  }
}

/** The row is stored first, then its job: a row without a job after a crash gets one at the next start. */
async function putJob({ queue }: ImportDeps, { id, line }: Pick<StoredImport, 'id' | 'line'>): Promise<void> {
  await queue.put({ id, key: line, data: { import: id } })
}

/** Runs jobs of the imports queue until `ends`. */
export function workOnImports(deps: ImportDeps, queue: Pick<Queue<ImportJob>, 'run'>, ends: AbortSignal): void {
  queue.run(async ({ data, lastTry }) => {
    const { runImport } = await loadPart('The importer', () => import('./run.ts'))
    await runImport(deps, data.import, ends, lastTry)
  })
}

/** Resumes work after a crash: imports whose job was not stored, and unfinished erasures. */
export async function goOnWithImports(deps: ImportDeps): Promise<void> {
  for (const row of await importsUnderWay(deps.store)) await putJob(deps, row)
  await resumeErasures(deps)
}

async function shown(deps: ImportDeps, sheet: StoredSheet | undefined): Promise<ShownSheet | undefined> {
  if (sheet === undefined) return undefined
  const { handle, id, login, json, confidence, fetchedAt, claimed } = sheet
  const host = sheet.host === deps.host ? deps.webHost : sheet.host
  const rig = claimed ? await deps.rigOf({ id, login }) : undefined
  const at = new Date(`${fetchedAt.replace(' ', 'T')}Z`)
  const person = { host, id, login }
  const isForgotten = await deps.optOuts.barsImports(sheet.host, id)
  return {
    handle,
    person,
    json,
    confidence,
    fetchedAt: at,
    isClaimed: claimed,
    isForgotten,
    ...(rig !== undefined && { rig }),
  }
}
