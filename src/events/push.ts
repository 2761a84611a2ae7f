import { z } from 'zod'
import { pointOutNearSettings } from '../authorization/near-settings.ts'
import { isNearSettings } from '../authorization/settings.ts'
import { getRepository } from '../github/repositories.ts'
import { mayRevert, noteRevertingCommit } from '../pull-requests/reverts.ts'
import { type Event, nameOf, readPayload, Repository, Sender, threadKey, toAccount } from './event.ts'
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

/** GitHub names the files of this many commits of a push at most. */
const SHOWN_COMMITS = 20

/** On the default branch: changed settings are read anew, and a fault in them is reported; reverted work is noted. */
export const push: Event = {
  name: 'push',
  actions: [],
  key: threadKey,
  async notice(deps, payload) {
    const read = Payload.safeParse(payload).data
    if (read !== undefined && touchesSettings(read)) await invalidatePermissions(deps, payload)
  },
  async handle(deps, received) {
    const payload = readPayload(Payload, received)
    const reverting = isOnDefaultBranch(payload) ? payload.commits.filter(({ message }) => mayRevert(message)) : []
    const changesSettings = touchesSettings(payload)
    const near = changesSettings ? undefined : nearSettingsIn(payload)
    if (!changesSettings && reverting.length === 0 && near === undefined) return
    if (changesSettings) await invalidatePermissions(deps, payload)
    const name = nameOf(payload.repository)
    const client = await deps.installation(payload.installation.id)
    const repository = await getRepository(client, name)
    const admitted = repository && (await deps.checkAdmission(client, name, repository))
    if (repository === undefined || admitted === undefined || 'refused' in admitted || payload.sender === undefined)
      return
    if (near !== undefined) await pointOutNearSettings(deps.identity, client, name, near)
    const where = { client, name, installationId: payload.installation.id, repository }
    const author = toAccount(payload.sender)
    const by = { author, delivery: received.delivery, sender: `${author.login} ${author.id}` }
    for (const { id: sha, url, message } of reverting) await noteRevertingCommit(deps, where, { sha, url, message }, by)
  },
}

/** The last commit that writes a file which somebody may take for the settings. */
function nearSettingsIn(payload: z.output<typeof Payload>): { path: string; sha: string } | undefined {
  if (!isOnDefaultBranch(payload)) return undefined
  return payload.commits
    .flatMap(({ id: sha, added, modified }) => [...added, ...modified].map((path) => ({ path, sha })))
    .findLast(({ path }) => isNearSettings(path))
}

function isOnDefaultBranch({ ref, deleted, repository }: z.output<typeof Payload>): boolean {
  return !deleted && ref === `refs/heads/${repository.default_branch}`
}

function touchesSettings(payload: z.output<typeof Payload>): boolean {
  if (!isOnDefaultBranch(payload)) return false
  const { forced, commits } = payload
  if (forced || commits.length >= SHOWN_COMMITS) return true
  return commits.some(({ added, modified, removed }) => [...added, ...modified, ...removed].includes(SETTINGS_FILE))
}
