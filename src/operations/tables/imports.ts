import { type ExpressionBuilder, sql, type Selectable } from 'kysely'
import { storableJson } from '../../domain/text.ts'
import { rewriteTable } from './rewrite-table.ts'
import { settle } from '../postgres/store.ts'
import type { Operations, OperationsStore } from '../schema.ts'

/** An import of a character sheet as it is stored. */
export type StoredImport = Omit<Selectable<Operations['imports']>, 'wasteland'>

type NewImport = Pick<StoredImport, 'id' | 'host' | 'login' | 'line' | 'token' | 'asked_by' | 'thread'> & {
  created_at: Date
}

/** Adds an import; resolves to the id of the one that is under way for the same login, which may be another's. */
export async function addImport({ db, wasteland }: OperationsStore, row: NewImport): Promise<string> {
  const values = { wasteland, state: 'queued' as const, ...row, thread: row.thread && JSON.stringify(row.thread) }
  for (;;) {
    const added = await settle(
      db
        .insertInto('imports')
        .values(values)
        .onConflict((conflict) => conflict.doNothing())
        .returning('id')
        .executeTakeFirst(),
    )
    if (added !== undefined) return added.id
    const found = await settle(
      imports({ db, wasteland })
        .where('host', '=', row.host)
        .where('login', '=', row.login)
        .where('ended_at', 'is', null)
        .executeTakeFirst(),
    )
    if (found !== undefined) return found.id
  }
}

function imports({ db, wasteland }: OperationsStore) {
  return db.selectFrom('imports').selectAll().where('wasteland', '=', wasteland)
}

export async function findImport(store: OperationsStore, id: string): Promise<StoredImport | undefined> {
  return settle(imports(store).where('id', '=', id).executeTakeFirst())
}

type ImportUpdate = Partial<Omit<StoredImport, 'id' | 'host' | 'login' | 'line' | 'created_at' | 'thread' | 'kept'>> & {
  kept?: null
}

/** Changes an import under way; false when it has ended meanwhile. */
export async function changeImport(
  { db, wasteland }: OperationsStore,
  id: string,
  change: ImportUpdate,
): Promise<boolean> {
  const rows = await settle(
    db
      .updateTable('imports')
      .set(change)
      .where('wasteland', '=', wasteland)
      .where('id', '=', id)
      .where('ended_at', 'is', null)
      .returning('id')
      .execute(),
  )
  return rows.length > 0
}

/** Ends an import, and drops the fetched data and its token. False when it had ended before. */
export async function endImport(
  store: OperationsStore,
  id: string,
  end: { state: 'done' | 'failed'; at: Date } & Pick<ImportUpdate, 'failure' | 'handle' | 'changed'>,
): Promise<boolean> {
  const { at, ...change } = end
  return changeImport(store, id, { ...change, ended_at: at, waits_until: null, token: null, kept: null })
}

/** Cancels an import; false when it had ended, or is being written, which must not be interrupted. */
export async function cancelImport({ db, wasteland }: OperationsStore, id: string, at: Date): Promise<boolean> {
  const rows = await settle(
    db
      .updateTable('imports')
      .set({ state: 'cancelled', ended_at: at, waits_until: null, token: null, kept: null })
      .where('wasteland', '=', wasteland)
      .where('id', '=', id)
      .where('ended_at', 'is', null)
      .where('state', '!=', 'writing')
      .returning('id')
      .execute(),
  )
  return rows.length > 0
}

/** Stores GitHub's answers of a stage; false when the import has ended meanwhile. */
export async function keepStage(
  { db, wasteland }: OperationsStore,
  id: string,
  stage: string,
  answer: unknown,
): Promise<boolean> {
  const kept = JSON.stringify(storableJson({ [stage]: answer }))
  const rows = await settle(
    db
      .updateTable('imports')
      .set({ kept: sql`coalesce(kept, '{}'::jsonb) || ${kept}::jsonb` })
      .where('wasteland', '=', wasteland)
      .where('id', '=', id)
      .where('ended_at', 'is', null)
      .returning('id')
      .execute(),
  )
  return rows.length > 0
}

/** The number of imports with the same token that wait or run before this one. */
export async function importsBefore(
  { db, wasteland }: OperationsStore,
  { line, created_at, id }: Pick<StoredImport, 'line' | 'created_at' | 'id'>,
): Promise<number> {
  const { n } = await settle(
    db
      .selectFrom('imports')
      .select((count) => count.fn.countAll<string>().as('n'))
      .where('wasteland', '=', wasteland)
      .where('line', '=', line)
      .where('ended_at', 'is', null)
      .where((is) =>
        is.or([is('created_at', '<', created_at), is.and([is('created_at', '=', created_at), is('id', '<', id)])]),
      )
      .executeTakeFirstOrThrow(),
  )
  return Number(n)
}

/** The imports under way, the oldest first: a crash between two stores of ours may have lost their jobs. */
export async function importsUnderWay(store: OperationsStore): Promise<StoredImport[]> {
  return settle(imports(store).where('ended_at', 'is', null).orderBy('created_at').execute())
}

/** The time of the last import of a person, or of the one who had this login. */
export async function lastImported(
  store: OperationsStore,
  host: string,
  { login, id }: { login: string; id?: number | undefined },
): Promise<Date | undefined> {
  const row = await settle(
    imports(store)
      .where('host', '=', host)
      .where('state', '=', 'done')
      .where((either) =>
        either.or([either('login', '=', login), ...(id === undefined ? [] : [either('github_id', '=', id)])]),
      )
      .orderBy('ended_at', 'desc')
      .executeTakeFirst(),
  )
  return row?.ended_at == null ? undefined : new Date(row.ended_at)
}

/** The usual duration of an import in seconds, by the last ones; undefined when none has ended. */
export async function usualSeconds({ db, wasteland }: OperationsStore): Promise<number | undefined> {
  const row = await settle(
    db
      .selectFrom('imports')
      .select(sql<number | null>`extract(epoch FROM avg(ended_at - started_at))::int`.as('seconds'))
      .where('wasteland', '=', wasteland)
      .where('state', '=', 'done')
      .executeTakeFirst(),
  )
  return row?.seconds ?? undefined
}

/**
 * Drops ended imports, which are shown for some days. Those that were answered on a thread are kept: an erasure has to
 * take the answer back.
 */
export async function dropEndedImports(
  { db, wasteland }: OperationsStore,
  before: Date,
  limit: number,
): Promise<number> {
  const { numDeletedRows } = await settle(
    db
      .deleteFrom('imports')
      .where('wasteland', '=', wasteland)
      .where('id', 'in', (from) =>
        from
          .selectFrom('imports')
          .select('id')
          .where('wasteland', '=', wasteland)
          .where('ended_at', '<', before)
          .where('thread', 'is', null)
          .limit(limit),
      )
      .executeTakeFirst(),
  )
  return Number(numDeletedRows)
}

/** Every import of a person, and those of their login whose owner is not known yet. */
export async function importsOf(store: OperationsStore, person: ImportedPerson): Promise<StoredImport[]> {
  return settle(imports(store).where(isOf(person)).execute())
}

/** Removes a person's imports, from the rows and from the table's file. */
export async function eraseImports({ db, wasteland }: OperationsStore, person: ImportedPerson): Promise<void> {
  await settle(db.deleteFrom('imports').where('wasteland', '=', wasteland).where(isOf(person)).execute())
  await rewriteTable(db, 'imports')
}

interface ImportedPerson {
  host: string
  github_id: number
  login: string
}

function isOf({ host, github_id, login }: ImportedPerson) {
  return (is: ExpressionBuilder<Operations, 'imports'>) =>
    is.and([
      is('host', '=', host),
      is.or([is('github_id', '=', github_id), is.and([is('login', '=', login), is('github_id', 'is', null)])]),
    ])
}
