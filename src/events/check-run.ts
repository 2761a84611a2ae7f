import { Checked, checksOf } from './check-suite.ts'
import { Envelope, readPayload, type Webhook } from './event.ts'
import type { ChecksEvent } from './forge-event.ts'

const Payload = Envelope.extend({ check_run: Checked })

/** The webhook event `check_run`: a person requests a re-run of one check of a suite. */
export const checkRun: Webhook<ChecksEvent> = {
  name: 'check_run',
  actions: ['rerequested'],
  read(payload) {
    const envelope = readPayload(Payload, payload)
    return checksOf(envelope, envelope.check_run)
  },
}
