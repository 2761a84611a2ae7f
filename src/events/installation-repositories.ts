import { standingEvent } from './standing.ts'

/** We were given other repositories. */
export const installationRepositories = standingEvent('installation_repositories', ['added', 'removed'])
