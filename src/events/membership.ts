import { permissionsWebhook } from './permission-events.ts'

/** Somebody joined or left a team. */
export const membership = permissionsWebhook('membership', ['added', 'removed'])
