import { z } from 'zod'
import { isOut } from '../operations/opt-outs.ts'
import { forgottenText } from '../replies/forgotten.ts'
import { quote } from '../replies/markdown.ts'
import { type Answer, command, type CommandRooms, type Situation } from './command.ts'
import { askToConfirm, confirmedLine } from './confirming.ts'
import { confirm } from './options.ts'

export const forget = command({
  name: 'forget',
  group: 'you',
  usage: '/wl forget confirm',
  summary: 'removes your imported profile; you go on taking part',
  who: 'the person, for themself',
  note:
    'Without `confirm` it says what would happen. Nobody can import you then, until you say `/wl join`. ' +
    'To take no further part is another choice: `/wl decline`.',
  examples: ['/wl forget', '/wl forget confirm'],
  on: 'both',
  words: ['confirm'],
  options: z.strictObject({ confirm }),
  async run(rooms, situation, { confirm: isConfirmed }) {
    const standing = await rooms.optOuts.standing(rooms.host, situation.author.id)
    const at = new Date(situation.at)
    if (isConfirmed === undefined && !isOut(standing, 'imports')) return whetherMeant(rooms, situation)
    // Delivered again, after they came back: what has been imported since stays.
    if (standing.joined !== undefined && at < standing.joined) return { ok: true }
    return { ok: true, text: forgottenText(await rooms.imports.forget(situation.author, { at })) }
  },
})

async function whetherMeant({ imports }: CommandRooms, { author }: Situation): Promise<Answer> {
  const sheet = await imports.sheetOf(author)
  const what =
    sheet === undefined
      ? 'Nothing that was imported of you is here now. Confirmed, it stays so: nobody could import you'
      : `Your imported profile ${quote(sheet.handle)} would be removed, with its history, for good, and nobody could import you again`
  return askToConfirm(
    `${what}, until you say \`/wl join\`. Your rig, claims, work and stamps stay, and you go on taking part.`,
    confirmedLine('forget'),
    ['To take no further part is another choice: `/wl decline`.'],
  )
}
