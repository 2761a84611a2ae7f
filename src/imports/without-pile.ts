import type { Imports } from '../domain/imports.ts'
import type { OptOuts } from '../operations/opt-outs.ts'
import { imports as words } from '../replies/imports.ts'

/** Imports where there is no pile to hold them: every ask is answered, and all else of the bridge works. */
export function importsWithoutPile(host: string, optOuts: OptOuts): Imports {
  return {
    request: async () => ({ refused: words.noPile }),
    find: async () => undefined,
    cancel: async () => false,
    sheet: async () => undefined,
    sheetOf: async () => undefined,
    claim: async () => {},
    async forget({ id }) {
      await optOuts.add(host, id)
      return { removed: false, proof: [] }
    },
  }
}
