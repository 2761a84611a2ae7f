import { permissionEvent } from './permission-events.ts'

/** Somebody joined or left a team. */
export const membership = permissionEvent('membership', ['added', 'removed'])
