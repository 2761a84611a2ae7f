import { standingEvent } from './standing.ts'

/** Somebody joined or left a team. */
export const membership = standingEvent('membership', ['added', 'removed'])
