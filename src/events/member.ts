import { standingEvent } from './standing.ts'

/** A collaborator was added, changed or removed. */
export const member = standingEvent('member', ['added', 'edited', 'removed'])
