import { z } from 'zod'
import { commitSender } from '../domain/rig.ts'
import { getRepository } from '../github/repositories.ts'
import { Envelope, type EventDeps, type EventHandler, happenedIn, readPayload, type Webhook } from './event.ts'
import type { PermissionsEvent, RepositoryEvent } from './forge-event.ts'
import { placeOf } from '../operations/tables/repository-names.ts'
import { followMove } from './moved.ts'
import { releaseRepository } from './out-of-reach.ts'
import { invalidatePermissions, readScope, scopeKey } from './permission-events.ts'

const Action = z.object({ action: z.string() })
const Owner = z.object({ login: z.string() }).nullish()
const Payload = Envelope.extend({
  changes: z
    .object({
      repository: z.object({ name: z.object({ from: z.string() }).nullish() }).nullish(),
      owner: z.object({ from: z.object({ user: Owner, organization: Owner }).nullish() }).nullish(),
    })
    .nullish(),
})

/** The actions after which we may see and serve a repository, or not any more, or after which it has another name. */
const CHANGES_PLACE = new Set(['deleted', 'privatized', 'publicized', 'renamed', 'transferred', 'unarchived'])

export const repository: Webhook<RepositoryEvent | PermissionsEvent> = {
  name: 'repository',
  actions: [...CHANGES_PLACE, 'archived', 'edited'],
  read(payload) {
    const scope = readScope(payload)
    if (!CHANGES_PLACE.has(readPayload(Action, payload).action)) return { type: 'permissions', ...scope }
    const { changes, ...envelope } = readPayload(Payload, payload)
    const { user, organization } = changes?.owner?.from ?? {}
    const { owner, name } = envelope.repository
    const from = { owner: (user ?? organization)?.login ?? owner.login, repo: changes?.repository?.name?.from ?? name }
    return { type: 'repository', ...scope, ...happenedIn(envelope), from }
  },
}

/** Handles a repository that was renamed, transferred, deleted or unarchived, or whose visibility changed. */
export const onRepository: EventHandler<RepositoryEvent> = {
  key: scopeKey,
  notice: invalidatePermissions,
  async handle(deps, event) {
    await invalidatePermissions(deps, event)
    await replace(deps, event)
  },
}

/** Goes by the present state of the repository: of two renames the first may be received last. */
async function replace(deps: EventDeps, { repository: told, by: author, delivery, from }: RepositoryEvent) {
  const now = await getRepository(deps, told)
  const isServed = now?.id === told.id && !('refused' in (await deps.checkAdmission(told, now)))
  if (!isServed) return releaseRepository(deps, told.id)
  const [owner = '', repo = ''] = now.fullName.split('/')
  const place = placeOf({ ...told, owner, repo }, told.id)
  const by = { delivery, sender: commitSender(author), author }
  if (from.owner !== owner || from.repo !== repo) await followMove(deps, from, place, by)
  await deps.reconcile({ ...place, whole: true }, [delivery])
}
