import { z } from 'zod'
import type { Settings } from '../authorization/settings.ts'
import { getRepository } from '../github/repositories.ts'
import { findWantedOf } from '../ledger/tables/wanted.ts'
import { contendersFor } from '../operations/tables/pull-request-items.ts'
import { followTransfer, Transfer } from './issue-transfer.ts'
import { ImportForm, importFromForm } from './import-form.ts'
import { Envelope, type Event, type EventDeps, nameOf, readPayload, threadKey, toAccount } from './event.ts'
import { postIssue } from '../services/post.ts'

const Payload = Envelope.extend({
  issue: z.object({ id: z.number(), number: z.number(), html_url: z.string().default(''), updated_at: z.string() }),
  label: z.object({ name: z.string() }).nullish(),
})

/**
 * The label `wanted`, or what the settings call it, does what `/wl post` does, for who put it. An issue that moves
 * takes its item along, an edit may have ticked what a stamp needs, and a form imports its author's profile.
 */
export const issues: Event = {
  name: 'issues',
  actions: ['opened', 'labeled', 'edited', 'transferred'],
  key: threadKey,
  async handle(deps, received) {
    const transfer = Transfer.extend({ action: z.literal('transferred') }).safeParse(received.payload)
    if (transfer.success) return followTransfer(deps, received.delivery, transfer.data)
    const form = ImportForm.safeParse(received.payload)
    if (form.success) return importFromForm(deps, form.data)
    const { action, repository: at, sender, installation, issue, label } = readPayload(Payload, received)
    if (action === 'edited') return revisitWork(deps, { id: issue.id, url: issue.html_url })
    // A label of an item is ours, and never the one that posts.
    if (sender.type === 'Bot' || label == null || /^(wl:|w-)/i.test(label.name)) return
    const client = await deps.installation(installation.id)
    const name = nameOf(at)
    const repository = await getRepository(client, name)
    if (repository === undefined) return
    // The label may mean something of the repository's own: where we do not serve, it is no reason to speak.
    const admitted = await deps.checkAdmission(client, name, repository)
    if ('refused' in admitted || !posts(admitted.settings, label.name)) return
    const place = { client, installationId: installation.id, name, number: issue.number }
    const context = {
      place,
      repository,
      author: toAccount(sender),
      at: issue.updated_at,
      delivery: received.delivery,
    }
    const answer = await postIssue(deps, context, {}, labelCommand(deps.host, issue.id))
    if (answer.text !== undefined) await deps.reply(place, labelAnswer(issue.id), answer.text)
  },
}

/** What waits for a stamp on the item of an issue. */
async function revisitWork(deps: EventDeps, issue: { id: number; url: string }) {
  const item = await deps.ledger.read((db) => findWantedOf(db, deps.host, issue))
  if (item?.status !== 'in_review' && item?.status !== 'open') return
  for (const pull of await contendersFor(deps.store, item.id)) await deps.revisit(pull)
}

/** Whether a label posts the issue that it is put on. */
export function posts({ labels, post }: Settings, label: string): boolean {
  return post === 'wanted-label' && label.toLowerCase() === labels.wanted.toLowerCase()
}

/** The label put again is the same command. */
function labelCommand(host: string, issueId: number): string {
  return `${host}/issue/${issueId}/post/label`
}

/** The key of what we say to it. */
export function labelAnswer(issueId: number): string {
  return `posted/${issueId}`
}
