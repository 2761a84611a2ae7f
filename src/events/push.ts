import { z } from 'zod'
import { pointOutNearSettings } from '../authorization/near-settings.ts'
import { isNearSettings } from '../authorization/settings.ts'
import { commitSender } from '../domain/rig.ts'
import { getRepository } from '../github/repositories.ts'
import { mayRevert, noteRevertingCommit } from '../pull-requests/reverts.ts'
import {
  type EventHandler,
  placeIn,
  readPayload,
  Repository,
  repositoryKey,
  Sender,
  toAccount,
  type Told,
  type Webhook,
} from './event.ts'
import type { PushEvent } from './forge-event.ts'
import { invalidatePermissions } from './permission-events.ts'
import { SETTINGS_FILE } from '../authorization/settings-schema.ts'

const paths = z.array(z.string()).default([])
const Payload = z.object({
  ref: z.string(),
  forced: z.boolean().default(false),
  deleted: z.boolean().default(false),
  commits: z
    .array(
      z.object({
        id: z.string().default(''),
        url: z.string().default(''),
        message: z.string().default(''),
        added: paths,
        modified: paths,
        removed: paths,
      }),
    )
    .default([]),
  repository: Repository.extend({ default_branch: z.string() }),
  sender: Sender.optional(),
  installation: z.object({ id: z.number() }),
})

/** GitHub names the files of at most this many commits of a push. */
const SHOWN_COMMITS = 20

export const push: Webhook<PushEvent> = {
  name: 'push',
  actions: [],
  read(payload) {
    const { ref, forced, deleted, commits, repository, sender, installation } = readPayload(Payload, payload)
    const onDefaultBranch = !deleted && ref === `refs/heads/${repository.default_branch}`
    return {
      type: 'push',
      ...placeIn({ repository, installation }),
      by: sender && toAccount(sender),
      onDefaultBranch,
      forced,
      commits: onDefaultBranch ? commits.map(({ id: sha, ...commit }) => ({ sha, ...commit })) : [],
    }
  },
}

/**
 * Handles a push to the default branch: reads changed settings anew, reports a fault in them, and notes reverted work.
 */
export const onPush: EventHandler<PushEvent> = {
  key: repositoryKey,
  async notice(deps, event) {
    if (touchesSettings(event)) await invalidatePermissions(deps, event)
  },
  async handle(deps, event) {
    const { repository: at, by: author, delivery, commits } = event
    const reverting = commits.filter(({ message }) => mayRevert(message))
    const changesSettings = touchesSettings(event)
    const near = changesSettings ? undefined : nearSettingsIn(event)
    if (!changesSettings && reverting.length === 0 && near === undefined) return
    if (changesSettings) await invalidatePermissions(deps, event)
    const repository = await getRepository(deps, at)
    const admitted = repository && (await deps.checkAdmission(at, repository))
    if (repository === undefined || admitted === undefined || 'refused' in admitted || author === undefined) return
    if (near !== undefined) await pointOutNearSettings(deps, at, near)
    const where = { at, repository }
    const by = { author, delivery, sender: commitSender(author) }
    for (const { sha, url, message } of reverting) await noteRevertingCommit(deps, where, { sha, url, message }, by)
  },
}

/** The last commit that writes a file whose name is easily taken for that of the settings file. */
function nearSettingsIn({ commits }: Pick<PushEvent, 'commits'>): { path: string; sha: string } | undefined {
  return commits
    .flatMap(({ sha, added, modified }) => [...added, ...modified].map((path) => ({ path, sha })))
    .findLast(({ path }) => isNearSettings(path))
}

function touchesSettings({ onDefaultBranch, forced, commits }: Told<PushEvent>): boolean {
  if (!onDefaultBranch) return false
  if (forced || commits.length >= SHOWN_COMMITS) return true
  return commits.some(({ added, modified, removed }) => [...added, ...modified, ...removed].includes(SETTINGS_FILE))
}
