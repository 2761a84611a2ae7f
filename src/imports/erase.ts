import type { ErasureChoice, ErasureResult } from '../domain/imports.ts'
import type { Account } from '../domain/rig.ts'
import { beginErasure, endErasure, listErasures } from '../operations/tables/erasures.ts'
import { eraseImports, importsOf } from '../operations/tables/imports.ts'
import { eraseSeeded } from '../operations/tables/seeding.ts'
import { eraseReplies } from '../operations/tables/sent-replies.ts'
import { proofOf, STAYS_ON_GITHUB } from '../replies/forgotten.ts'
import type { ImportDeps } from './deps.ts'
import { takeBack } from './notify.ts'

/**
 * Removes what was imported of a person and keeps imports of them out; `declines`: they take no further part either. In an order that a crash cannot turn round: first it is
 * noted that they are being forgotten, then nobody may import them, then the profile store, and last our own tables. Whoever
 * asks waits for the proof; after a crash `goOnForgetting` brings it to its end.
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
  // Asked, for after a crash nobody else knows what was chosen.
  const takesPart = !(await deps.optOuts.has(host, person.id))
  if (!takesPart) await deps.releaseWorkOf(person.id)
  const had = await deps.profiles.read({ host, id: person.id })
  const proof = proofOf(await deps.profiles.erase({ host, id: person.id }))
  const imports = await importsOf(store, about)
  for (const one of imports) if (!(await takeBack(deps, one))) proof.push(STAYS_ON_GITHUB)
  const keys = imports.map(({ id }) => `import/${id}`)
  await eraseReplies(store, keys)
  await eraseImports(store, about)
  await eraseSeeded(store, about)
  await endErasure(store, about)
  return { removed: had !== undefined || imports.length > 0, takesPart, proof: [...new Set(proof)] }
}

/** What a crash broke off. One that cannot be ended holds up no other. */
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
