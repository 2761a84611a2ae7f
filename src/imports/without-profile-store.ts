import type { Imports } from '../domain/imports.ts'
import { beginErasure, findErasure } from '../operations/tables/erasures.ts'
import type { OptOuts } from '../operations/tables/opt-outs.ts'
import { imports as words } from '../replies/imports.ts'
import type { OperationsStore } from '../operations/schema.ts'

/**
 * Imports without a profile store: every request is refused with a sentence, and everything else of the bridge works.
 */
export function importsWithoutProfileStore(host: string, store: OperationsStore, optOuts: OptOuts): Imports {
  return {
    request: async () => ({ refused: words.noProfiles }),
    find: async () => undefined,
    cancel: async () => false,
    sheet: async () => undefined,
    sheetOf: async () => undefined,
    claim: async () => {},
    erasureOf: (login) => findErasure(store, host, login),
    // There may have been a profile store before.
    async erase({ id, login }, { declines = false, at } = {}) {
      await beginErasure(store, { host, github_id: id, login: login.toLowerCase() })
      if (declines) await optOuts.add(host, id, 'part', at)
      await optOuts.add(host, id, 'imports', at)
      return { removed: false, takesPart: !(await optOuts.has(host, id)), later: true, proof: [] }
    },
  }
}
