import { permissionsWebhook } from './permission-events.ts'

/** The webhook event `membership`: somebody joined or left a team. */
export const membership = permissionsWebhook('membership', ['added', 'removed'])
