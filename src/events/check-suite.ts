import { z } from 'zod'
import { pullRequestsAt } from '../operations/pull-request-heads.ts'
import { type Event, readPayload, Repository } from './event.ts'

const Payload = z.object({
  repository: Repository,
  check_suite: z.object({ head_sha: z.string(), app: z.object({ id: z.number() }).nullish() }),
})

/** The checks of a head have ended. The payload does not name the pull requests of forks, so we go by the head. */
export const checkSuite: Event = {
  name: 'check_suite',
  actions: ['completed'],
  key: checkKey,
  async handle(rooms, received) {
    const { repository, check_suite: suite } = readPayload(Payload, received)
    const pulls = await pullRequestsAt(rooms.store, {
      host: rooms.host,
      repository_id: repository.id,
      head: suite.head_sha,
    })
    // Our own check is the answer.
    if (pulls.length === 0 || suite.app?.id === (await rooms.identity()).id) return
    for (const pull of pulls) await rooms.revisit(pull)
  },
}

const OfRepository = z.object({ repository: z.object({ id: z.number() }) })

/** No line of a pull request's: which one it is about is not known yet. */
export function checkKey(payload: unknown): string {
  const read = OfRepository.safeParse(payload)
  return read.success ? `${read.data.repository.id}/checks` : 'unreadable'
}
