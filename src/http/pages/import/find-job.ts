import type { PageDeps } from '../../page-deps.ts'
import { isJob } from '../../site.ts'

/**
 * The import with an id. The id is known to whoever requested the import, and cannot be guessed. The import shows
 * nothing that the sheet will not.
 */
export async function findJob({ imports }: PageDeps, id: string) {
  return isJob(id) ? imports.find(id) : undefined
}
