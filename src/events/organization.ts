import { permissionEvent } from './permission-events.ts'

/** Somebody joined or left the organization, or it has another name. */
export const organization = permissionEvent('organization', ['member_added', 'member_removed', 'renamed', 'deleted'])
