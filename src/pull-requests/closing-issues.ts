import type { Client } from '../github/github.ts'
import { listClosingIssues } from '../github/linked-issues.ts'
import type { PullRequest, RepositoryName } from '../github/pull-requests.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { findWantedOf } from '../ledger/wanted.ts'
import { mergeReferences, readReferences, type Reference, type References } from './references.ts'

interface Rooms {
  host: string
  ledger: Ledger
}

/** All that a pull request names: by labels, by lines, and by the posted issues that it closes. */
export async function referencesOf(
  rooms: Rooms,
  { client, name }: { client: Client; name: RepositoryName },
  pull: Pick<PullRequest, 'number' | 'labels' | 'body'>,
): Promise<References> {
  return mergeReferences(readReferences(pull), await closing(rooms, client, name, pull.number))
}

/** Issues that are on no board are left out without a word: most issues are. */
async function closing({ host, ledger }: Rooms, client: Client, name: RepositoryName, number: number) {
  const issues = await listClosingIssues(client, name, number)
  const found = await ledger.read((db) => Promise.all(issues.map((issue) => findWantedOf(db, host, issue))))
  return found.flatMap((item): Reference[] =>
    item === undefined ? [] : [{ wanted: item.id, label: undefined, certain: true }],
  )
}
