import { z } from 'zod'
import { Envelope, happenedIn, readPayload, type Told, type Webhook } from './event.ts'
import type { ChecksEvent } from './forge-event.ts'

/** The fields that a check suite and a check run have in common, with the pull requests that GitHub lists in them. */
export const Checked = z.object({
  head_sha: z.string(),
  app: z.object({ id: z.number() }).nullish(),
  pull_requests: z
    .array(z.object({ number: z.number(), base: z.object({ repo: z.object({ id: z.number() }) }) }))
    .nullish(),
})

const Payload = Envelope.extend({ check_suite: Checked })

const TYPES: Readonly<Record<string, ChecksEvent['type']>> = {
  completed: 'checks_ended',
  requested: 'checks_requested',
  rerequested: 'checks_rerequested',
}

/**
 * The webhook event `check_suite`: the checks of a head commit have completed, GitHub has created a suite for this App,
 * or a person requests a re-run. The payload does not name the pull requests of forks, so they are found by the head.
 */
export const checkSuite: Webhook<ChecksEvent> = {
  name: 'check_suite',
  actions: Object.keys(TYPES),
  read(payload) {
    const envelope = readPayload(Payload, payload)
    return checksOf(envelope, envelope.check_suite)
  },
}

/** The event of a suite or a run: its head, its App, and the pull requests whose base is this repository. */
export function checksOf(
  envelope: z.output<typeof Envelope>,
  { head_sha: head, app, pull_requests: pulls }: z.output<typeof Checked>,
): Told<ChecksEvent> {
  const here = (pulls ?? []).filter(({ base }) => base.repo.id === envelope.repository.id)
  return {
    type: TYPES[envelope.action] ?? 'checks_ended',
    ...happenedIn(envelope),
    head,
    appId: app?.id,
    pulls: here.map(({ number }) => number),
  }
}
