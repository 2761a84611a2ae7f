import { UserError } from '../../domain/errors.ts'
import { BRIDGE_AUTHOR } from '../../domain/rig.ts'
import { type History, VOUCHED } from './log.ts'
import type { Writer } from './writer.ts'

interface VouchDeps {
  transact: Writer['transact']
  head(): Promise<string>
  since(hash: string | undefined): Promise<History>
}

/**
 * Vouches for a history that was written before commits were signed, by one signed commit without rows that names its
 * head: all of that history stays believed. Without `again` only where no commit is signed at all, so never for commits
 * that peers bring later. Resolves to the vouched hash; undefined where nothing was to be done.
 *
 * Throws UserError for a history that only another key has signed.
 */
export async function vouchForHistory(
  { transact, head, since }: VouchDeps,
  { again = false }: { again?: boolean } = {},
): Promise<string | undefined> {
  const { value } = await transact(async () => {
    const { unsigned } = await since(undefined)
    if (!again && unsigned === false) return { value: undefined }
    if (!again && unsigned === 'other') throw new UserError(OTHER_KEY)
    const hash = await head()
    const subject = 'Vouch for the history so far'
    return {
      value: hash,
      commit: { author: BRIDGE_AUTHOR, subject, trailers: { [VOUCHED]: hash }, empty: true },
    }
  })
  return value
}

const OTHER_KEY =
  'The commits of this ledger are signed with another key than DATA_DIR/hmac.key, so nothing in it would count. ' +
  'Put the right hmac.key back from a backup. Where it is lost for good, look through the ledger and believe it as it is: wasteland-bridge vouch --yes.'
