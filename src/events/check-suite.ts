import { z } from 'zod'
import { pullRequestsAt } from '../operations/tables/pull-request-heads.ts'
import { Envelope, type Event, readPayload } from './event.ts'
import { Checked, concludeSuite, repeatOwnChecks } from './own-checks.ts'

const Payload = Envelope.extend({
  check_suite: Checked.extend({ app: z.object({ id: z.number() }).nullish() }),
})

/**
 * The checks of a head have ended; or GitHub has opened a suite of ours, or somebody asks for its checks again. The
 * payload does not name the pull requests of forks, so we go by the head.
 */
export const checkSuite: Event = {
  name: 'check_suite',
  actions: ['completed', 'requested', 'rerequested'],
  key: checkKey,
  async handle(deps, received) {
    const payload = readPayload(Payload, received)
    const { action, repository, check_suite: suite } = payload
    const isOurs = async () => suite.app?.id === (await deps.identity()).id
    if (action === 'rerequested') return (await isOurs()) ? repeatOwnChecks(deps, payload, suite) : undefined
    if (action === 'requested') return (await isOurs()) ? concludeSuite(deps, payload, suite) : undefined
    const at = { host: deps.host, repository_id: repository.id, head: suite.head_sha }
    const pulls = await pullRequestsAt(deps.store, at)
    // Our own check is the answer.
    if (pulls.length === 0 || (await isOurs())) return
    for (const pull of pulls) await deps.revisit(pull)
  },
}

const OfRepository = z.object({ repository: z.object({ id: z.number() }) })

/** No line of a pull request's: which one it is about is not known yet. */
export function checkKey(payload: unknown): string {
  const read = OfRepository.safeParse(payload)
  return read.success ? `${read.data.repository.id}/checks` : 'unreadable'
}
