import { z } from 'zod'
import { checkKey } from './check-suite.ts'
import { Envelope, type Event, readPayload } from './event.ts'
import { repeatOwnChecks } from './own-checks.ts'

const Payload = Envelope.extend({
  check_run: z.object({ head_sha: z.string(), app: z.object({ id: z.number() }).nullish() }),
})

/** Somebody asks for a check of ours again: GitHub waits for a new run. */
export const checkRun: Event = {
  name: 'check_run',
  actions: ['rerequested'],
  key: checkKey,
  async handle(rooms, received) {
    const payload = readPayload(Payload, received)
    const { app, head_sha: head } = payload.check_run
    if (app?.id === (await rooms.identity()).id) await repeatOwnChecks(rooms, payload, head)
  },
}
