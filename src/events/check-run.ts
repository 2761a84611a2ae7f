import { z } from 'zod'
import { checkKey } from './check-suite.ts'
import { Envelope, type Event, readPayload } from './event.ts'
import { Checked, repeatOwnChecks } from './own-checks.ts'

const Payload = Envelope.extend({
  check_run: Checked.extend({ app: z.object({ id: z.number() }).nullish() }),
})

/** Somebody asks for a check of ours again: GitHub waits for a new run. */
export const checkRun: Event = {
  name: 'check_run',
  actions: ['rerequested'],
  key: checkKey,
  async handle(deps, received) {
    const payload = readPayload(Payload, received)
    const { check_run: run } = payload
    if (run.app?.id === (await deps.identity()).id) await repeatOwnChecks(deps, payload, run)
  },
}
