import { z } from 'zod'
import { type Event, readPayload } from './event.ts'
import { releaseRepository } from './out-of-reach.ts'
import { permissionEvent } from './permission-events.ts'

const repositories = z.array(z.object({ id: z.number(), full_name: z.string() })).default([])
const Payload = z.object({
  installation: z.object({ id: z.number() }),
  repositories_added: repositories,
  repositories_removed: repositories,
})

const standing = permissionEvent('installation_repositories', ['added', 'removed'])

/** We were given other repositories. */
export const installationRepositories: Event = {
  ...standing,
  async handle(deps, received) {
    await standing.handle(deps, received)
    const { installation, ...changed } = readPayload(Payload, received)
    for (const { id } of changed.repositories_removed) await releaseRepository(deps, id, installation.id)
    for (const { id, full_name: name } of changed.repositories_added) {
      const [owner = '', repo = ''] = name.split('/')
      const at = { installation_id: installation.id, repository_id: id, owner, repo, whole: true }
      await deps.reconcile(at, [received.delivery])
    }
  },
}
