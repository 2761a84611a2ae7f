import { standingEvent } from './standing.ts'

/** We were let in, locked out, or given other rights. */
export const installation = standingEvent('installation', [
  'created',
  'deleted',
  'new_permissions_accepted',
  'suspend',
  'unsuspend',
])
