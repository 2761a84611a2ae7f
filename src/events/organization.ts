import { permissionsWebhook } from './permission-events.ts'

/** Somebody joined or left the organization, or it has another name. */
export const organization = permissionsWebhook('organization', ['member_added', 'member_removed', 'renamed', 'deleted'])
