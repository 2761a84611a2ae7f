import { permissionEvent } from './permission-events.ts'

/** A team reaches a repository otherwise than before. */
export const team = permissionEvent('team', ['added_to_repository', 'removed_from_repository', 'edited', 'deleted'])
