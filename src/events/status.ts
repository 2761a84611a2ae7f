import { z } from 'zod'
import { pullRequestsAt } from '../operations/tables/pull-request-heads.ts'
import { checkKey } from './check-suite.ts'
import { type Event, readPayload, Repository } from './event.ts'

const Payload = z.object({ repository: Repository, sha: z.string(), state: z.string() })

/** A commit status, of CI that reports no check runs, has come to its end. */
export const status: Event = {
  name: 'status',
  actions: [],
  key: checkKey,
  async handle(deps, received) {
    const { repository, sha, state } = readPayload(Payload, received)
    if (state === 'pending') return
    const at = { host: deps.host, repository_id: repository.id, head: sha }
    for (const pull of await pullRequestsAt(deps.store, at)) await deps.revisit(pull)
  },
}
