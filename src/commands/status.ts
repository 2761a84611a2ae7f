import { z } from 'zod'
import { wantedId } from '../domain/ids.ts'
import { getIssue } from '../github/repositories.ts'
import { findWanted } from '../ledger/wanted.ts'
import { attend } from '../pull-requests/attend.ts'
import { quote } from '../replies/markdown.ts'
import { leftAlone } from '../replies/status.ts'
import { command, type Answer, type CommandRooms, type Situation } from './command.ts'

export const status = command({
  name: 'status',
  group: 'look',
  usage: '/wl status',
  summary: 'says where this item stands and what comes next',
  who: 'anyone',
  examples: ['/wl status'],
  on: 'both',
  words: [],
  options: z.strictObject({}),
  async run(rooms, situation) {
    const answer = await rooms.gate(situation.place.client, situation.place.name, situation.repository)
    if ('refused' in answer) return { ok: true, text: leftAlone(answer.refused, situation.repository.fullName) }
    return situation.on === 'issue' ? statusOfIssue(rooms, situation) : statusOfPull(rooms, situation)
  },
})

async function statusOfPull(rooms: CommandRooms, { place, repository, author, delivery }: Situation): Promise<Answer> {
  const attended = await attend(rooms, place, { delivery, sender: `${author.login} ${author.id}`, released: [] })
  if (attended !== undefined && 'refused' in attended)
    return { ok: true, text: leftAlone(attended.refused, repository.fullName) }
  if (attended !== undefined && attended.items.length > 0) return { ok: true, text: attended.status }
  return {
    ok: true,
    text: 'This pull request names no wanted item. Give it a label `wl:w-…`, or a line `Wanted: w-…` in its description. `/wl board` lists open items.',
  }
}

async function statusOfIssue(rooms: CommandRooms, { place }: Situation): Promise<Answer> {
  const issue = await getIssue(place.client, place.name, place.number)
  const item = issue && (await rooms.ledger.read((db) => findWanted(db, wantedId(rooms.host, issue.id))))
  if (item === undefined)
    return {
      ok: true,
      text: 'This issue is not on the board. Its author, or anyone with write access, posts it with `/wl post`.',
    }
  const holder = item.claimedBy === null ? '' : ` by ${quote(item.claimedBy)}`
  return {
    ok: true,
    text: `${quote(item.id)} ${quote(item.title, 100)} is **${item.status.replace('_', ' ')}**${holder}. ${NEXT[item.status] ?? ''}`.trim(),
  }
}

const NEXT: Partial<Record<string, string>> = {
  open: 'Next: `/wl claim` it, or open a pull request with its id as label `wl:…` or a line `Wanted: …` in the description.',
  claimed: 'Next: its pull request is marked ready for review; other work is submitted with `/wl done`.',
  in_review: 'Next: a maintainer stamps it, `/wl stamp quality=4`, on its pull request; other work, here.',
}
