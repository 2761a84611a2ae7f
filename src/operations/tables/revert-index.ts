import { type Kysely, type Selectable, sql } from 'kysely'
import type { Operations } from '../schema.ts'
import { chunks, type IndexWrite, latest } from './index-write.ts'

/** A revert of work, and the cause that last changed it. */
export type Revert = Pick<Selectable<Operations['reverts']>, 'completion' | 'revert' | 'by' | 'url' | 'stands'>

/** Parses a note of a revert from a commit's trailers; undefined where there is none. */
export function readRevertNote(trailers: ReadonlyMap<string, string>): Revert | undefined {
  const [completion, revert, by] = [trailers.get('Completion'), trailers.get('Revert'), trailers.get('By')]
  const [reverted, restored] = [trailers.get('Reverted-By'), trailers.get('Restored-By')]
  const url = reverted ?? restored
  if (completion === undefined || revert === undefined || by === undefined || url === undefined) return undefined
  return { completion, revert, by, url, stands: reverted !== undefined }
}

export async function clearReverts(tx: Kysely<Operations>, wasteland: string): Promise<void> {
  await tx.deleteFrom('reverts').where('wasteland', '=', wasteland).execute()
}

/** The last note of each revert, by the sequence of the commits. */
export function revertWrites(
  db: Kysely<Operations>,
  wasteland: string,
  read: readonly { hash: string; sequence: number; trailers: ReadonlyMap<string, string> }[],
): IndexWrite[] {
  const noted = read.flatMap(({ hash, sequence, trailers }) => {
    const note = readRevertNote(trailers)
    return note === undefined ? [] : [{ wasteland, ...note, hash, sequence }]
  })
  return chunks(latest(noted, ({ completion, revert }) => `${completion} ${revert}`)).map((rows) =>
    db
      .insertInto('reverts')
      .values(rows)
      .onConflict((on) =>
        on
          .columns(['wasteland', 'completion', 'revert'])
          .doUpdateSet(({ ref }) => ({
            by: ref('excluded.by'),
            url: ref('excluded.url'),
            stands: ref('excluded.stands'),
            hash: ref('excluded.hash'),
            sequence: ref('excluded.sequence'),
          }))
          .where('reverts.sequence', '<=', sql<number>`excluded.sequence`),
      ),
  )
}
