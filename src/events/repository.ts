import { z } from 'zod'
import { getRepository } from '../github/repositories.ts'
import type { RepositoryPlace } from '../operations/tables/repository-names.ts'
import { Envelope, type Event, type EventDeps, nameOf, toAccount } from './event.ts'
import { followMove } from './moved.ts'
import { releaseRepository } from './out-of-reach.ts'
import { permissionEvent } from './permission-events.ts'

const Owner = z.object({ login: z.string() }).nullish()
const Payload = Envelope.extend({
  changes: z
    .object({
      repository: z.object({ name: z.object({ from: z.string() }).nullish() }).nullish(),
      owner: z.object({ from: z.object({ user: Owner, organization: Owner }).nullish() }).nullish(),
    })
    .nullish(),
})

const standing = permissionEvent('repository', [
  'archived',
  'deleted',
  'edited',
  'privatized',
  'publicized',
  'renamed',
  'transferred',
  'unarchived',
])
/** After these we may see and serve it, or not; or it is elsewhere. */
const CHANGES_PLACE = new Set(['deleted', 'privatized', 'publicized', 'renamed', 'transferred', 'unarchived'])

/** A repository has another name, owner, visibility or default branch, or takes no changes any more. */
export const repository: Event = {
  ...standing,
  async handle(deps, received) {
    await standing.handle(deps, received)
    const payload = Payload.safeParse(received.payload)
    if (payload.success && CHANGES_PLACE.has(payload.data.action)) await replace(deps, received.delivery, payload.data)
  },
}

/** What counts is how it is now: of two renames the first may be heard last. */
async function replace(deps: EventDeps, delivery: string, payload: z.output<typeof Payload>) {
  const { repository: told, installation, sender, changes } = payload
  const client = await deps.installation(installation.id)
  const now = await getRepository(client, nameOf(told))
  const isServed = now?.id === told.id && !('refused' in (await deps.checkAdmission(client, nameOf(told), now)))
  if (!isServed) return releaseRepository(deps, told.id)
  const [owner = '', repo = ''] = now.fullName.split('/')
  const place: RepositoryPlace = { installation_id: installation.id, repository_id: told.id, owner, repo }
  const { user, organization } = changes?.owner?.from ?? {}
  const from = {
    owner: (user ?? organization)?.login ?? told.owner.login,
    repo: changes?.repository?.name?.from ?? told.name,
  }
  const by = { delivery, sender: `${sender.login} ${sender.id}`, author: toAccount(sender) }
  if (from.owner !== owner || from.repo !== repo) await followMove(deps, from, place, by)
  await deps.reconcile({ ...place, whole: true }, [delivery])
}
