import { z } from 'zod'
import { imports } from '../replies/imports.ts'
import { leftAlone } from '../replies/left-alone.ts'
import { command } from './command.ts'

export const importProfile = command({
  name: 'import',
  group: 'you',
  usage: '/wl import',
  summary: 'makes a character sheet of your GitHub profile',
  who: 'the person, for themself',
  examples: ['/wl import'],
  on: 'both',
  isForOneself: true,
  words: [],
  options: z.strictObject({}),
  async run(deps, { place, repository, author }, _args, id) {
    const answer = await deps.checkAdmission(place.client, place.name, repository)
    if ('refused' in answer) return { ok: false, text: leftAlone(answer.refused, repository.fullName) }
    const { installationId: installation_id, name, number } = place
    const thread = { installation_id, ...name, number, closes: false }
    const requested = await deps.imports.request({
      login: author.login,
      by: { way: 'command', person: author, thread, cause: id },
    })
    if ('refused' in requested) return { ok: false, text: requested.refused }
    // Its own comment tells how far it is, and what it came to.
    return requested.already ? { ok: true, text: imports.underWay } : { ok: true }
  },
})
