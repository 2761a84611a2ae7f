import { z } from 'zod'
import { ask } from '../github/github-answer.ts'
import { getRepository } from '../github/repositories.ts'
import { findWantedOf } from '../ledger/tables/wanted.ts'
import { Envelope, type EventDeps, nameOf, Repository, toAccount } from './event.ts'
import { relink } from './moved.ts'

const Issue = z.object({ id: z.number(), html_url: z.string() })

export const Transfer = Envelope.extend({
  issue: Issue,
  changes: z.object({ new_issue: Issue, new_repository: Repository }),
})

/**
 * An issue has become another one elsewhere: its item's link follows, and with it who may say what of it. Where we
 * do not serve, or cannot see, the link stays: the name of a private repository is not ours to publish.
 */
export async function followTransfer(
  deps: EventDeps,
  delivery: string,
  { issue, changes, sender }: z.output<typeof Transfer>,
): Promise<void> {
  const item = await deps.ledger.read((db) => findWantedOf(db, deps.host, { id: issue.id, url: issue.html_url }))
  if (item === undefined) return
  const name = nameOf(changes.new_repository)
  const installation = await deps.installationAt(name)
  if (installation === undefined || !(await isServed(deps, installation, name))) return
  const by = {
    delivery,
    sender: `${sender.login} ${sender.id}`,
    author: toAccount(sender),
    repositoryId: changes.new_repository.id,
  }
  await relink(deps, item.id, issue.html_url, changes.new_issue.html_url, by)
}

async function isServed(deps: EventDeps, installation: number, name: { owner: string; repo: string }) {
  const client = await ask(deps.installation(installation))
  if ('refused' in client) return false
  const repository = await ask(getRepository(client.known, name))
  if ('refused' in repository || repository.known === undefined) return false
  return !('refused' in (await deps.checkAdmission(client.known, name, repository.known)))
}
