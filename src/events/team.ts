import { standingEvent } from './standing.ts'

/** A team reaches a repository otherwise than before. */
export const team = standingEvent('team', ['added_to_repository', 'removed_from_repository', 'edited', 'deleted'])
