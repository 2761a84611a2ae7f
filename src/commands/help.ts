import { z } from 'zod'
import { command } from './command.ts'
import { helpOn } from './help-text.ts'

export const help = command({
  name: 'help',
  group: 'look',
  usage: '/wl help [command or measure]',
  summary: 'lists the commands, or explains one, or a score',
  who: 'anyone',
  examples: ['/wl help stamp', '/wl help quality'],
  on: 'both',
  words: ['command'],
  options: z.strictObject({ command: z.string().toLowerCase().optional() }),
  async run(services, context, args) {
    // Imported late: the registry lists this command too.
    const { COMMANDS } = await import('./registry.ts')
    const text = helpOn(COMMANDS, args.command)
    const alone = await services.whyLeftAlone(context)
    return { ok: true, text: alone === undefined ? text : `${text}\n\n${alone}` }
  },
})
