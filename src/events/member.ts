import { permissionEvent } from './permission-events.ts'

/** A collaborator was added, changed or removed. */
export const member = permissionEvent('member', ['added', 'edited', 'removed'])
