import { permissionsWebhook } from './permission-events.ts'

/** A collaborator was added, changed or removed. */
export const member = permissionsWebhook('member', ['added', 'edited', 'removed'])
