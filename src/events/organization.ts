import { standingEvent } from './standing.ts'

/** Somebody joined or left the organization, or it has another name. */
export const organization = standingEvent('organization', ['member_added', 'member_removed', 'renamed', 'deleted'])
