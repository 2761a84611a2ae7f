import { fetchDeep } from '../../importers/github/fetch-deep.ts'
import { NoSuchProfile } from '../../importers/github/errors.ts'
import { HALF, openGithub } from '../../importers/github/github.ts'
import type { Github } from '../../importers/github/fetching.ts'
import { sheetOf } from '../../importers/github/sheet.ts'
import { Unavailable, UserError } from '../domain/errors.ts'
import { call } from '../github/errors.ts'
import { ledgerSeconds } from '../domain/time.ts'
import { changeImport, endImport, findImport, keepStage, type StoredImport } from '../operations/tables/imports.ts'
import { imports as words } from '../replies/imports.ts'
import type { ImportDeps } from './deps.ts'
import { notify } from './notify.ts'

/** Interval, in milliseconds, at which the progress is stored and a cancellation is noticed. */
const WATCH_MS = 500

/**
 * Runs one import from where it stopped to its end: it is fetched stage by stage, each stored; scored; written;
 * answered. Safe to repeat. Throws Unavailable where GitHub, its rate limit or a store makes it wait; `lastTry`: there
 * is no further retry.
 */
export async function runImport(deps: ImportDeps, id: string, ends: AbortSignal, lastTry: boolean): Promise<void> {
  const row = await findImport(deps.store, id)
  if (row === undefined) return
  if (row.ended_at === null) await carryOut(deps, row, ends, lastTry)
  const ended = await findImport(deps.store, id)
  if (ended !== undefined) await notify(deps, ended)
}

async function carryOut(deps: ImportDeps, row: StoredImport, ends: AbortSignal, lastTry: boolean): Promise<void> {
  const watch = watchOver(deps, row, ends)
  try {
    const { handle, changed } = await importSheet(deps, row, watch)
    await endImport(deps.store, row.id, { state: 'done', at: deps.now(), handle, changed })
  } catch (error) {
    if (watch.isCancelled()) return
    // The queue hands the job back without counting a retry.
    if (ends.aborted) throw new Unavailable('the bridge ends; the import goes on at its next start', { cause: error })
    if (error instanceof UserError) await end(error.message)
    else if (error instanceof Unavailable && !lastTry) {
      await changeImport(deps.store, row.id, { waits_until: error.retryAt ?? null })
      throw error
    } else {
      if (!lastTry) throw error
      await end(error instanceof Unavailable ? `${error.message}.` : words.fault)
    }
  } finally {
    watch.stop()
  }

  async function end(failure: string) {
    await endImport(deps.store, row.id, { state: 'failed', at: deps.now(), failure })
  }
}

async function importSheet(
  deps: ImportDeps,
  row: StoredImport,
  watch: ImportWatch,
): Promise<{ handle: string; changed: boolean }> {
  const { store } = deps
  await watch.into({
    state: 'fetching',
    waits_until: null,
    ...(row.started_at === null && { started_at: deps.now() }),
  })
  const profile = await fetchDeep(await githubFor(deps, row), row.login, {
    kept: row.kept ?? {},
    async admit(person) {
      if (await deps.optOuts.barsImports(deps.host, person)) throw new UserError(words.declined)
      await watch.into({ github_id: person })
    },
    keep: async (stage, answer) => void ((await keepStage(store, row.id, stage, answer)) || watch.cancel()),
    progress: watch.progress,
    signal: watch.signal,
    ...(row.asked_by !== null && { expectId: row.asked_by }),
  })
  await watch.into({ state: 'scoring' })
  const sheet = sheetOf(profile, deps.now())
  if ('refused' in sheet) throw new NoSuchProfile(row.login, sheet.refused, deps.webHost)
  await watch.into({ state: 'writing' })
  const { written, unchanged, failed } = await deps.profiles.write([sheet], (host, id) =>
    deps.optOuts.barsImports(host, id),
  )
  // Dolt's error for a row that it refuses may repeat the row's values.
  if (failed[0] !== undefined) throw new Error('the pile did not take a sheet')
  const [found] = [...written, ...unchanged]
  if (found === undefined) throw new UserError(words.declined)
  if (row.asked_by !== null) await deps.profiles.claim(deps.host, { id: profile.id, login: profile.login })
  return { handle: found.handle, changed: written.length > 0 || (await isFromHere(deps, row, found.handle)) }
}

/** Whether an unchanged sheet was written by this same import before it was interrupted. */
async function isFromHere({ profiles }: ImportDeps, row: StoredImport, handle: string): Promise<boolean> {
  const fetchedAt = (await profiles.read(handle))?.fetchedAt
  return fetchedAt !== undefined && ledgerSeconds(fetchedAt) * 1000 >= new Date(row.created_at).getTime()
}

/** A signed-in person's own token, the installation's below half its limit, or the operator's. */
async function githubFor(deps: ImportDeps, row: StoredImport): Promise<Github> {
  const { webHost: host, webUrl: pages, apiUrl } = deps
  const at = { host, pages, apiUrl }
  if (row.thread !== null)
    return openGithub({ ...at, token: await installationToken(deps, row.thread.installation_id), floor: HALF })
  const token = row.token === null ? deps.token : deps.safe.open(row.token)
  if (token === undefined) throw new UserError(row.token === null ? words.noToken : words.signInAgain)
  return openGithub({ ...at, token })
}

/**
 * A token for public data only, not for the rest that the App may read. It is always new: octokit would return one that
 * GitHub may have revoked, and requests it from github.com for any server.
 */
async function installationToken({ installation }: ImportDeps, id: number): Promise<string> {
  const client = await installation(id)
  const answer = client.request('POST /app/installations/{installation_id}/access_tokens', {
    installation_id: id,
    permissions: { metadata: 'read' },
  })
  return (await call(answer)).data.token
}

type ImportWatch = ReturnType<typeof watchOver>

/** Stores the progress, and aborts when the import was cancelled meanwhile. */
function watchOver({ store }: ImportDeps, { id, done, of }: StoredImport, ends: AbortSignal) {
  const cancelling = new AbortController()
  let now = { done, of }
  const cancel = () => cancelling.abort(new Error('cancelled'))
  const into = async (change: Parameters<typeof changeImport>[2]) => {
    if (!(await changeImport(store, id, { ...change, ...now }))) cancel()
    cancelling.signal.throwIfAborted()
  }
  const timer = setInterval(() => void into({}).catch(() => {}), WATCH_MS)
  return {
    into,
    cancel,
    signal: AbortSignal.any([ends, cancelling.signal]),
    isCancelled: () => cancelling.signal.aborted,
    progress: (done: number, of: number) => void (now = { done, of }),
    stop: () => clearInterval(timer),
  }
}
