import { z } from 'zod'
import { EFFORTS, WANTED_TYPES } from '../domain/wanted.ts'
import { addLabel, getIssue } from '../github/repositories.ts'
import { countOpenPosts, findWanted, insertWanted } from '../ledger/wanted.ts'
import { capFor } from '../reputation/policy.ts'
import { quote } from '../replies/markdown.ts'
import { leftAlone, recordedFor } from '../replies/status.ts'
import { type Answer, command, type CommandRooms, type Occasion } from './command.ts'
import { enter } from './enter.ts'
import { refuse } from './item.ts'
import { type Given, itemOfIssue } from './new-item.ts'
import { line, oneOf, priority, skills, wantedId } from './options.ts'
import { type Decision, record } from './record.ts'

export const post = command({
  name: 'post',
  group: 'offer',
  usage: '/wl post [bounty] [title="…"] [type=] [effort=] [priority=0..4] [tags=a,b] [parent=w-…]',
  summary: 'puts this issue on the board as a wanted item',
  who: 'the author of the issue, or anyone with write access',
  examples: ['/wl post effort=small tags=typescript,docs', '/wl post bounty type=bug parent=w-0123456789'],
  on: 'issue',
  words: ['bounty'],
  options: z.strictObject({
    bounty: oneOf(['bounty']).optional(),
    title: line(200),
    type: oneOf(WANTED_TYPES).optional(),
    effort: oneOf(EFFORTS).optional(),
    priority: priority.optional(),
    tags: skills.optional(),
    parent: wantedId.optional(),
  }),
  run: postIssue,
})

/** Posts the issue of an occasion: somebody said so, or put the label that says the same. */
export async function postIssue(rooms: CommandRooms, occasion: Occasion, given: Given, id: string): Promise<Answer> {
  const { place, author, repository } = occasion
  const gate = await rooms.gate(place.client, place.name, repository)
  if ('refused' in gate) return refuse(leftAlone(gate.refused, repository.fullName))
  const issue = await getIssue(place.client, place.name, place.number)
  if (issue === undefined) return refuse('This issue is gone, so there is nothing to post.')
  const may = issue.authorId === author.id || (await rooms.roles(place.client, place.name, author)).write
  if (!may)
    return refuse(
      'Only the author of this issue, or somebody with write access to the repository, may post it. Ask one of them.',
    )
  const entered = await enter(rooms, occasion)
  if ('refused' in entered) return entered.refused
  const { rig } = entered
  const about = { host: rooms.host, repository: repository.fullName, label: gate.settings.labels.wanted }
  const item = itemOfIssue(issue, { ...about, postedBy: rig.handle, at: occasion.at }, given)
  const answer = await record(rooms, occasion, id, '', async (db): Promise<Decision> => {
    const known = await findWanted(db, item.id)
    if (known?.status === 'withdrawn')
      return {
        refuse: `${quote(item.id)} was withdrawn, and does not come back. Open a new issue for it and post that.`,
      }
    if (known !== undefined)
      return { already: `It was posted before and is ${known.status.replace('_', ' ')}. To change it: \`/wl update\`.` }
    if (!issue.open) return { refuse: 'This issue is closed. Reopen it, then post it.' }
    if (given.parent !== undefined && !(await canBeParent(db, given.parent, item.id)))
      return {
        refuse: `${quote(given.parent)} cannot be its parent: this board has no such item, or it was withdrawn.`,
      }
    const [open, cap] = [await countOpenPosts(db, rig.handle), capFor(rooms.policy.posts, rig.trustLevel)]
    if (open >= cap) return { refuse: tooManyPosts(rig.trustLevel, cap) }
    await insertWanted(db, item)
    return {
      subject: `wl post: ${item.id}`,
      ...(given.parent === undefined ? {} : { trailers: { Parent: given.parent } }),
      stands: async (after) => (await findWanted(after, item.id))?.status === 'open',
    }
  })
  if (!answer.ok) return answer
  const labelled = await addLabel(place.client, place.name, place.number, `wl:${item.id}`)
  return posted(item.id, labelled, given.bounty !== undefined, answer.text, rig.handle)
}

async function canBeParent(db: Parameters<typeof findWanted>[0], parent: string, id: string): Promise<boolean> {
  const found = parent === id ? undefined : await findWanted(db, parent)
  return found !== undefined && found.status !== 'withdrawn'
}

function tooManyPosts(trustLevel: number, cap: number): string {
  if (trustLevel < 0) return 'Your rig is suspended and may post nothing. Somebody of trust level 3 can lift that.'
  return (
    `You have as many open items on the board as trust level ${trustLevel} allows (${cap}). ` +
    'Take one off with `/wl withdraw w-…`, or ask somebody of a higher level to post this one.'
  )
}

function posted(id: string, labelled: boolean, bounty: boolean, note: string | undefined, rig: string): Answer {
  const parts = [
    `On the board as ${quote(id)}.`,
    note ?? '',
    labelled ? '' : `GitHub did not let me put the label \`wl:${id}\` on this issue.`,
    bounty ? 'It is an open bounty: nobody claims it, and whoever submits may be stamped.' : '',
    `To take it, open a pull request with the label \`wl:${id}\` or a line \`Wanted: ${id}\` in its description.`,
  ]
  return { ok: true, text: `${parts.filter((part) => part !== '').join(' ')}\n\n${recordedFor([rig])}` }
}
