import { z } from 'zod'
import { SETTINGS_FILE } from '../authorization/settings.ts'
import { getRepository } from '../github/repositories.ts'
import { type Event, nameOf, readPayload, Repository, threadKey } from './event.ts'
import { dropRemembered } from './standing.ts'

const paths = z.array(z.string()).default([])
const Payload = z.object({
  ref: z.string(),
  forced: z.boolean().default(false),
  deleted: z.boolean().default(false),
  commits: z.array(z.object({ added: paths, modified: paths, removed: paths })).default([]),
  repository: Repository.extend({ default_branch: z.string() }),
  installation: z.object({ id: z.number() }),
})

/** GitHub names the files of this many commits of a push at most. */
const SHOWN_COMMITS = 20

/** The settings on the default branch have changed: they are read anew, and a fault in them is reported. */
export const push: Event = {
  name: 'push',
  actions: [],
  key: threadKey,
  notice(rooms, payload) {
    const read = Payload.safeParse(payload).data
    if (read !== undefined && touchesSettings(read)) dropRemembered(rooms, payload)
  },
  async handle(rooms, received) {
    const payload = readPayload(Payload, received)
    if (!touchesSettings(payload)) return
    dropRemembered(rooms, payload)
    const name = nameOf(payload.repository)
    const client = await rooms.installation(payload.installation.id)
    const repository = await getRepository(client, name)
    if (repository !== undefined) await rooms.gate(client, name, repository)
  },
}

function touchesSettings({ ref, forced, deleted, commits, repository }: z.output<typeof Payload>): boolean {
  if (deleted || ref !== `refs/heads/${repository.default_branch}`) return false
  if (forced || commits.length >= SHOWN_COMMITS) return true
  return commits.some(({ added, modified, removed }) => [...added, ...modified, ...removed].includes(SETTINGS_FILE))
}
