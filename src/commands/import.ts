import { z } from 'zod'
import { command } from './command.ts'

export const importProfile = command({
  name: 'import',
  group: 'you',
  usage: '/wl import',
  summary: 'imports your GitHub profile: not possible yet',
  who: 'the person, for themself',
  examples: ['/wl import'],
  on: 'both',
  words: [],
  options: z.strictObject({}),
  async run() {
    return {
      ok: false,
      text:
        'Profiles cannot be imported yet, so nothing was read and nothing is stored. ' +
        'What you have earned here needs no import: `/wl sheet` shows it.',
    }
  },
})
