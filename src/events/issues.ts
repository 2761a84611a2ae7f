import { z } from 'zod'
import { admissionOf } from '../authorization/check-admission.ts'
import type { Settings } from '../authorization/settings.ts'
import { getRepository } from '../github/repositories.ts'
import { findWantedOf } from '../ledger/tables/wanted.ts'
import { contendersFor } from '../operations/tables/pull-request-items.ts'
import { postIssue } from '../services/post.ts'
import { Envelope, type EventHandler, happenedIn, readPayload, Repository, threadKey, type Webhook } from './event.ts'
import type { IssueEditedEvent, IssueLabelledEvent, IssueOpenedEvent, IssueTransferredEvent } from './forge-event.ts'
import { ImportForm } from './import-form.ts'

const Issue = z.object({ id: z.number(), number: z.number(), html_url: z.string().default('') })

const Payload = Envelope.extend({
  issue: Issue.extend({ updated_at: z.string() }),
  label: z.object({ name: z.string() }).nullish(),
})

const Transfer = Envelope.extend({
  issue: Issue,
  changes: z.object({ new_issue: z.object({ id: z.number(), html_url: z.string() }), new_repository: Repository }),
})

export const issues: Webhook<IssueOpenedEvent | IssueLabelledEvent | IssueEditedEvent | IssueTransferredEvent> = {
  name: 'issues',
  actions: ['opened', 'labeled', 'edited', 'transferred'],
  read(payload) {
    const { action, ...rest } = readPayload(Envelope, payload)
    const at = happenedIn(rest)
    if (action === 'transferred') return { type: 'issue_transferred', ...at, ...readTransfer(payload) }
    const { issue: told, label } = readPayload(Payload, payload)
    const issue = { id: told.id, number: told.number, url: told.html_url }
    if (action === 'edited') return { type: 'issue_edited', ...at, issue }
    if (action === 'opened')
      return { type: 'issue_opened', ...at, issue, importForm: ImportForm.safeParse(payload).success }
    return { type: 'issue_labelled', ...at, issue: { ...issue, at: told.updated_at }, label: label?.name ?? '' }
  },
}

function readTransfer(payload: unknown): Pick<IssueTransferredEvent, 'issue' | 'to'> {
  const { issue, changes } = readPayload(Transfer, payload)
  const { new_issue: next, new_repository: repository } = changes
  return {
    issue: { id: issue.id, number: issue.number, url: issue.html_url },
    to: {
      id: next.id,
      url: next.html_url,
      repository: { id: repository.id, owner: repository.owner.login, repo: repository.name },
    },
  }
}

/** Handles the label `wanted`, or its name in the settings: it does what `/wl post` does, for whoever put it on. */
export const onIssueLabelled: EventHandler<IssueLabelledEvent> = {
  key: ({ repository, issue }) => threadKey(repository, issue.number),
  async handle(deps, { repository: at, by: author, issue, label, delivery }) {
    // The label of an item is put on by us, and is never the one that posts.
    if (author.type === 'Bot' || /^(wl:|w-|$)/i.test(label)) return
    const repository = await getRepository(deps, at)
    if (repository === undefined) return
    // The label may have a meaning of the repository's own: where we do not serve, a refusal would only disturb.
    const admission = admissionOf(deps.checkAdmission, at)
    const admitted = await admission(repository)
    if ('refused' in admitted || !posts(admitted.settings, label)) return
    const place = { ...at, number: issue.number }
    const context = { place, repository, admission, author, at: issue.at, delivery }
    const answer = await postIssue(deps, context, {}, labelCommand(deps.host, issue.id))
    if (answer.text !== undefined) await deps.reply(place, labelAnswer(issue.id), answer.text)
  },
}

/**
 * Handles an edit of an issue: it may tick a task that a stamp needs, so the pull requests for its item are refreshed.
 */
export const onIssueEdited: EventHandler<IssueEditedEvent> = {
  key: ({ repository, issue }) => threadKey(repository, issue.number),
  async handle(deps, { issue }) {
    const item = await deps.ledger.read((db) => findWantedOf(db, deps.host, issue))
    if (item?.status !== 'in_review' && item?.status !== 'open') return
    for (const pull of await contendersFor(deps.store, item.id)) await deps.revisit(pull)
  },
}

/** True for a label that posts the issue that it is put on. */
export function posts({ labels, post }: Settings, label: string): boolean {
  return post === 'wanted-label' && label.toLowerCase() === labels.wanted.toLowerCase()
}

/** The id of the command that a label is: a label that is put on again is the same command. */
function labelCommand(host: string, issueId: number): string {
  return `${host}/issue/${issueId}/post/label`
}

/** The reply key of the answer to a label. */
export function labelAnswer(issueId: number): string {
  return `posted/${issueId}`
}
