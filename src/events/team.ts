import { permissionsWebhook } from './permission-events.ts'

/** A team reaches a repository otherwise than before. */
export const team = permissionsWebhook('team', ['added_to_repository', 'removed_from_repository', 'edited', 'deleted'])
