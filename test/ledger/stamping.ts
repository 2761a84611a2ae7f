import { findCompletion, linkStamp, updateEvidence } from '../../src/ledger/tables/completions.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { hasStamp, insertStamp, stampsBy } from '../../src/ledger/tables/stamps.ts'
import { findWanted, moveWanted, setWantedEvidence } from '../../src/ledger/tables/wanted.ts'

/*
 * Stamps as `/wl stamp` writes them, on work of a few people, for the writer alone: no GitHub, no queue.
 */

const LATER = '2026-11-21T11:00:00Z'
export const SUBJECTS = ['bob', 'dan', 'eve', 'fay']

export const item = (n: number) => `w-${String(n).padStart(10, '0')}`
export const work = (n: number) => `c-${String(n).padStart(10, '0')}`
export const subject = (n: number) => SUBJECTS[n % SUBJECTS.length]!
const mail = (name: string) => `${name} <1+${name}@users.noreply.github.com>`

/** Items in review, each with its work. */
export async function fill(ledger: Ledger, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, n) => n)
  await ledger.transact(async (db) => {
    const items = numbers.map((n) => ({ id: item(n), title: `t${n}`, status: 'in_review', claimed_by: subject(n) }))
    await db.sql.insertInto('wanted').values(items).execute()
    const works = numbers.map((n) => ({ id: work(n), wanted_id: item(n), completed_by: subject(n), ...done(n) }))
    await db.sql.insertInto('completions').values(works).execute()
    return { value: 0, commit: { author: mail('mia'), subject: 'wl post: all', trailers: {} } }
  })
}

const done = (n: number) => ({ evidence: `https://example.org/${n}`, completed_at: '2026-11-21 10:02:03' })

/** One stamp by `by` on the n-th item; told apart when it was there before. */
export function stamp(ledger: Ledger, n: number, by: string, meanwhile = async () => {}) {
  const id = `s-${by}-${n}`
  return ledger.transact(
    async (db) => {
      const [completion, wanted] = await Promise.all([findCompletion(db, work(n)), findWanted(db, item(n))])
      if (completion === undefined || wanted?.status !== 'in_review') return { value: `refused ${n}` }
      await meanwhile()
      if ((await stampsBy(db, by, [work(n)])).length > 0) return { value: 'stamped before' }
      await updateEvidence(db, completion, `https://example.org/judged/${n}`)
      await setWantedEvidence(db, item(n), `https://example.org/judged/${n}`)
      await moveWanted(db, 'accept', item(n), { holder: subject(n), at: LATER })
      await linkStamp(db, work(n), { id, author: by, at: LATER })
      await insertStamp(db, {
        id,
        author: by,
        subject: subject(n),
        valence: { quality: 4, reliability: 4 },
        confidence: 0.8,
        severity: 'leaf',
        contextId: work(n),
        skillTags: ['typescript'],
        message: null,
        hopUri: `entity://github/${by}/1`,
        createdAt: '2026-11-21 11:00:00',
      })
      const trailers = { Command: `stamp/${n}`, Stamp: id }
      return {
        value: id,
        commit: { author: mail(by), subject: `wl accept: ${item(n)}`, trailers },
        verifyAfter: (after) => hasStamp(after, id),
      }
    },
    { author: mail(by), conflictKeys: [item(n)] },
  )
}
