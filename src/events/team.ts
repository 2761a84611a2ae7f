import { permissionsWebhook } from './permission-events.ts'

/** The webhook event `team`: a team's access to a repository changed, or the team was edited or deleted. */
export const team = permissionsWebhook('team', ['added_to_repository', 'removed_from_repository', 'edited', 'deleted'])
