import type { Ledger } from '../ledger/ledger.ts'
import { findWantedOf } from '../ledger/wanted.ts'
import type { Look } from './look.ts'
import { namedBy } from './named-items.ts'
import { mergeReferences, type Reference, type References } from './references.ts'

interface Rooms {
  host: string
  ledger: Ledger
}

/** All that a pull request names: by labels, by lines, and by the posted issues that it closes. */
export async function referencesOf(rooms: Rooms, look: Look): Promise<References> {
  const [owner = '', repo = ''] = look.pull.repository.fullName.split('/')
  return mergeReferences(await namedBy(rooms, { owner, repo }, look.pull), await closing(rooms, look))
}

/** Issues that are on no board are left out without a word: most issues are. */
async function closing({ host, ledger }: Rooms, { closingIssues }: Look) {
  const issues = await closingIssues()
  const found = await ledger.read((db) => Promise.all(issues.map((issue) => findWantedOf(db, host, issue))))
  return found.flatMap((item): Reference[] =>
    item === undefined ? [] : [{ wanted: item.id, label: undefined, certain: true }],
  )
}
