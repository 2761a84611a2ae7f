import { z } from 'zod'
import type { Rig } from '../domain/rig.ts'
import { findRigOf } from '../ledger/rigs.ts'
import { stampsOf, workOf } from '../ledger/sheet.ts'
import { flaggedAmong, givenIn } from '../operations/ledger-index.ts'
import { noSheet, sheetText } from '../replies/sheet.ts'
import { quote } from '../replies/markdown.ts'
import { leftAlone } from '../replies/left-alone.ts'
import { sheetOf } from '../reputation/sheet.ts'
import { command, type CommandDeps, type CommandContext } from './command.ts'
import { person } from './options.ts'
import { rigOfLogin } from './people.ts'

/** Without the `@` too, so that nobody need be notified; and `/wl sheet bob` must not show one's own. */
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
  async run(deps, context, { person: who }) {
    const { place, repository } = context
    const answer = await deps.checkAdmission(place.client, place.name, repository)
    if ('refused' in answer) return { ok: false, text: leftAlone(answer.refused, repository.fullName) }
    const found = await rigFor(deps, context, who)
    return 'refused' in found ? { ok: false, text: found.refused } : { ok: true, text: await sheetFor(deps, found.rig) }
  },
})

async function rigFor(
  deps: CommandDeps,
  context: CommandContext,
  who: string | undefined,
): Promise<{ rig: Rig } | { refused: string }> {
  if (who !== undefined) {
    const found = await rigOfLogin(deps, context, who)
    const isOwn = 'refused' in found && /^(?:me|my|mine|myself|self|own)$/i.test(who)
    return isOwn ? { refused: `${found.refused} ${quote('/wl sheet')} alone shows yours.` } : found
  }
  const { author } = context
  const rig = await deps.ledger.read((db) => findRigOf(db, deps.host, author))
  if (rig !== undefined) return { rig }
  return { refused: (await deps.optOuts.has(deps.host, author.id)) ? noSheet.declined : noSheet.own }
}

async function sheetFor(deps: CommandDeps, rig: Rig): Promise<string> {
  const { work, stamps } = await deps.ledger.read(async (db) => ({
    work: await workOf(db, rig.handle),
    stamps: await stampsOf(db, rig.handle),
  }))
  const ids = stamps.map(({ id }) => id)
  const given = await givenIn(deps.store, deps.ledger, ids)
  const flagged = await flaggedAmong(deps.store, deps.ledger, ids)
  return sheetText(rig, sheetOf(work, stamps, given, flagged))
}
