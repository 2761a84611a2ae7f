import { z } from 'zod'
import { command } from './command.ts'
import { person } from './parser/options.ts'
/**
 * A person, without the `@` too: so nobody need be notified, and `/wl sheet bob` must not show the author's own sheet.
 */
const named = z
  .string()
  .transform((text) => (text.startsWith('@') ? text : `@${text}`))
  .pipe(person)

export const sheet = command({
  name: 'sheet',
  group: 'look',
  usage: '/wl sheet [@login]',
  summary: 'shows your work, stamps and skills, or another’s',
  who: 'anyone',
  examples: ['/wl sheet', '/wl sheet @octocat'],
  on: 'both',
  words: ['person'],
  options: z.strictObject({ person: named.optional() }),
  run: (services, context, args) => services.showSheet(context, args),
})
