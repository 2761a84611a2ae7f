import type { ErasureChoice, ErasureResult } from '../domain/imports.ts'
import type { Account } from '../domain/rig.ts'
import { beginErasure, endErasure, listErasures } from '../operations/tables/erasures.ts'
import { eraseImports, importsOf } from '../operations/tables/imports.ts'
import { eraseSeeded } from '../operations/tables/seeding.ts'
import { eraseReplies } from '../operations/tables/sent-replies.ts'
import { proofOf } from '../replies/forgotten.ts'
import type { ImportDeps } from './deps.ts'
import { takeBack } from './notify.ts'

/**
 * Erases all imported data of a person and bars imports of them; `declines`: they take no further part either. The
 * order makes it safe to resume after a crash: first the erasure is recorded, then imports are barred, then the profile
 * store is cleared, and last our own tables. The caller waits for the proof; after a crash `resumeErasures` completes
 * it.
 */
export async function eraseImported(
  deps: ImportDeps,
  person: Pick<Account, 'id' | 'login'>,
  { declines = false, at = deps.now() }: ErasureChoice = {},
): Promise<ErasureResult> {
  const { host, store } = deps
  const about = { host, github_id: person.id, login: person.login.toLowerCase() }
  await beginErasure(store, about)
  if (declines) await deps.optOuts.add(host, person.id, 'part', at)
  await deps.optOuts.add(host, person.id, 'imports', at)
  // Read from the store, because after a crash the choice is known nowhere else.
  const takesPart = !(await deps.optOuts.has(host, person.id))
  if (!takesPart) await deps.releaseWorkOf(person.id)
  const had = await deps.profiles.read({ host, id: person.id })
  const { files, commits, remotes } = await deps.profiles.erase({ host, id: person.id })
  const imports = await importsOf(store, about)
  let commentStays = false
  for (const one of imports) if (!(await takeBack(deps, one))) commentStays = true
  const keys = imports.map(({ id }) => `import/${id}`)
  await eraseReplies(store, keys)
  await eraseImports(store, about)
  await eraseSeeded(store, about)
  await endErasure(store, about)
  const checked = { files, commits, remotes, commentStays }
  return { removed: had !== undefined || imports.length > 0, takesPart, proof: proofOf(checked, 'you'), checked }
}

/** Resumes erasures after a crash. One that fails does not hold up the others. */
export async function resumeErasures(deps: ImportDeps): Promise<void> {
  for (const { github_id: id, login } of await listErasures(deps.store)) {
    try {
      await eraseImported(deps, { id, login })
      deps.log.info({}, 'import: somebody who wished it is forgotten')
    } catch (error) {
      deps.log.warn({ err: error }, 'import: somebody is not forgotten yet; tried again')
    }
  }
}
