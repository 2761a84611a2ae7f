import { permissionsWebhook } from './permission-events.ts'

/** The webhook event `member`: a collaborator was added, changed or removed. */
export const member = permissionsWebhook('member', ['added', 'edited', 'removed'])
