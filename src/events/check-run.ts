import { Checked, checksOf } from './check-suite.ts'
import { Envelope, readPayload, type Webhook } from './event.ts'
import type { ChecksEvent } from './forge-event.ts'

const Payload = Envelope.extend({ check_run: Checked })

/** Somebody asks for one check of a suite again. */
export const checkRun: Webhook<ChecksEvent> = {
  name: 'check_run',
  actions: ['rerequested'],
  read(payload) {
    const envelope = readPayload(Payload, payload)
    return checksOf(envelope, envelope.check_run)
  },
}
