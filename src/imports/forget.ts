import type { Forgotten } from '../domain/imports.ts'
import type { Account } from '../domain/rig.ts'
import { beginForgetting, endForgetting, listForgetting } from '../operations/forgetting.ts'
import { eraseImports, importsOf } from '../operations/imports.ts'
import { eraseSeeded } from '../operations/seeding.ts'
import { eraseReplies } from '../operations/sent-replies.ts'
import { proofOf } from '../replies/forgotten.ts'
import { takeBack } from './tell.ts'
import type { ImportRooms } from './rooms.ts'

/**
 * Removes what was imported of a person and keeps them out, in an order that a crash cannot turn round: first nobody
 * may import them, then it is noted that they are being forgotten, then the pile, and last our own tables. Whoever
 * asks waits for the proof; after a crash `goOnForgetting` brings it to its end.
 */
export async function forget(rooms: ImportRooms, person: Pick<Account, 'id' | 'login'>): Promise<Forgotten> {
  const { host, store } = rooms
  const about = { host, github_id: person.id, login: person.login.toLowerCase() }
  await rooms.optOuts.add(host, person.id)
  await beginForgetting(store, about)
  const had = await rooms.pile.read({ host, id: person.id })
  const proof = proofOf(await rooms.pile.forget({ host, id: person.id }))
  const imports = await importsOf(store, about)
  for (const one of imports) await takeBack(rooms, one)
  await eraseReplies(
    store,
    imports.map(({ id }) => `import/${id}`),
  )
  await eraseImports(store, about)
  await eraseSeeded(store, about)
  await endForgetting(store, about)
  return { removed: had !== undefined || imports.length > 0, proof }
}

/** What a crash broke off. */
export async function goOnForgetting(rooms: ImportRooms): Promise<void> {
  for (const { github_id: id, login } of await listForgetting(rooms.store)) {
    await forget(rooms, { id, login })
    rooms.log.info({}, 'import: somebody who wished it is forgotten')
  }
}
