import { permissionsWebhook } from './permission-events.ts'

/** The webhook event `organization`: somebody joined or left the organization, or it was renamed or deleted. */
export const organization = permissionsWebhook('organization', ['member_added', 'member_removed', 'renamed', 'deleted'])
