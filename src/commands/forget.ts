import { z } from 'zod'
import { command } from './command.ts'

export const forget = command({
  name: 'forget',
  group: 'you',
  usage: '/wl forget',
  summary: 'removes your imported profile: there is none yet',
  who: 'the person, for themself',
  examples: ['/wl forget'],
  on: 'both',
  words: [],
  options: z.strictObject({}),
  async run() {
    return { ok: false, text: NOTHING_IMPORTED }
  },
})

const NOTHING_IMPORTED = [
  'Nothing was removed: profiles cannot be imported yet, so none of yours is stored.',
  [
    '- `forget` is for an imported profile: the sheet made of your GitHub activity, with its history.',
    '- It would not remove your rig, claims, submitted work or stamps: that ledger is append-only.',
    '- To take no further part: `/wl decline`. It lets go of open claims and unstamped work.',
  ].join('\n'),
].join('\n\n')
