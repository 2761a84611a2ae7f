import { standingEvent } from './standing.ts'

/** A repository has another name, owner, visibility or default branch, or takes no changes any more. */
export const repository = standingEvent('repository', [
  'archived',
  'deleted',
  'edited',
  'privatized',
  'publicized',
  'renamed',
  'transferred',
  'unarchived',
])
