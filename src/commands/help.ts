import { z } from 'zod'
import { command } from './command.ts'
import { leftAlone } from '../replies/left-alone.ts'
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
  async run(deps, { place, repository }, args) {
    // Imported late: the registry lists this command too.
    const { COMMANDS } = await import('./registry.ts')
    const text = helpOn(COMMANDS, args.command)
    const answer = await deps.checkAdmission(place.client, place.name, repository)
    return {
      ok: true,
      text: 'refused' in answer ? `${text}\n\n${leftAlone(answer.refused, repository.fullName)}` : text,
    }
  },
})
