import { z } from 'zod'
import { type EventHandler, readPayload, type Webhook } from './event.ts'
import { placeOf } from '../operations/tables/repository-names.ts'
import type { InstallationRepositoriesEvent } from './forge-event.ts'
import { releaseRepository } from './out-of-reach.ts'
import { invalidatePermissions, readScope, scopeKey } from './permission-events.ts'

const repositories = z.array(z.object({ id: z.number(), full_name: z.string() })).default([])
const Payload = z.object({
  installation: z.object({ id: z.number() }),
  repositories_added: repositories,
  repositories_removed: repositories,
})

/** The webhook event `installation_repositories`: the App was given access to other repositories, or lost it. */
export const installationRepositories: Webhook<InstallationRepositoriesEvent> = {
  name: 'installation_repositories',
  actions: ['added', 'removed'],
  read(payload) {
    const { installation, repositories_added: added, repositories_removed: removed } = readPayload(Payload, payload)
    return {
      type: 'installation_repositories',
      ...readScope(payload),
      installation: installation.id,
      added: added.map(({ id, full_name: name }) => {
        const [owner = '', repo = ''] = name.split('/')
        return { id, owner, repo }
      }),
      removed: removed.map(({ id }) => id),
    }
  },
}

export const onInstallationRepositories: EventHandler<InstallationRepositoriesEvent> = {
  key: scopeKey,
  notice: invalidatePermissions,
  async handle(deps, event) {
    await invalidatePermissions(deps, event)
    const { installation, added, removed, delivery } = event
    for (const id of removed) await releaseRepository(deps, id, installation)
    for (const one of added)
      await deps.reconcile({ ...placeOf({ ...one, installation }, one.id), whole: true }, [delivery])
  },
}
