import { z } from 'zod'
import { forgottenText } from '../replies/forgotten.ts'
import { command } from './command.ts'
import { takeOut } from './decline.ts'

export const forget = command({
  name: 'forget',
  group: 'you',
  usage: '/wl forget',
  summary: 'removes your imported profile; you take no further part',
  who: 'the person, for themself',
  examples: ['/wl forget'],
  on: 'both',
  words: [],
  options: z.strictObject({}),
  async run(rooms, situation, _args, id) {
    const forgotten = await rooms.imports.forget(situation.author)
    await takeOut(rooms, situation, id)
    return { ok: true, text: forgottenText(forgotten) }
  },
})
