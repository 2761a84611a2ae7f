import type { PageDeps } from '../../page-deps.ts'
import { isJob } from '../../site.ts'

/** The import at an address; it is known to whoever asked for it, cannot be guessed, and shows nothing that the sheet will not. */
export async function findJob({ imports }: PageDeps, id: string) {
  return isJob(id) ? imports.find(id) : undefined
}
