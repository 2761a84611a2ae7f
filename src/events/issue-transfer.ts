import { commitSender } from '../domain/rig.ts'
import { ask } from '../github/github-answer.ts'
import { getRepository } from '../github/repositories.ts'
import { findWantedOf } from '../ledger/tables/wanted.ts'
import { type EventDeps, type EventHandler, threadKey } from './event.ts'
import type { IssueTransferredEvent } from './forge-event.ts'
import type { RepositoryRef } from '../domain/refs.ts'
import { relink } from './moved.ts'

/**
 * Handles the transfer of an issue to another repository. The link of its item is updated, and with it whose roles
 * count for the item. Where the new repository is not admitted, or not visible to us, the link stays: the name of a
 * private repository is not ours to publish.
 */
export const onIssueTransferred: EventHandler<IssueTransferredEvent> = {
  key: ({ repository, issue }) => threadKey(repository, issue.number),
  async handle(deps, { delivery, issue, to, by: author }) {
    const item = await deps.ledger.read((db) => findWantedOf(db, deps.host, issue))
    if (item === undefined) return
    const { id: repositoryId, ...name } = to.repository
    const installation = await deps.installationAt(name)
    if (installation === undefined || !(await isServed(deps, { installation, ...name }))) return
    await relink(deps, item.id, issue.url, to.url, { delivery, sender: commitSender(author), author, repositoryId })
  },
}

async function isServed(deps: EventDeps, at: RepositoryRef) {
  const repository = await ask(getRepository(deps, at))
  if ('refused' in repository || repository.known === undefined) return false
  return !('refused' in (await deps.checkAdmission(at, repository.known)))
}
