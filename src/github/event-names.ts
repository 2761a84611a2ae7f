import { emitterEventNames } from '@octokit/webhooks'

/** Every event that GitHub documents, without its actions. */
export const EVENT_NAMES: ReadonlySet<string> = new Set(emitterEventNames.map((name) => name.split('.')[0]!))
