import { type Kysely, sql } from 'kysely'

/**
 * The whole schema `public` as text, the same from every major of Postgres: tables with columns, constraints and
 * indexes, and a line for whatever else is there.
 */
export async function dumpSchema<T>(db: Kysely<T>): Promise<string> {
  const { rows } = await sql<{ line: string }>`
    WITH tables AS (SELECT oid, relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'),
    lines AS (
      SELECT relname AS belongs, 0 AS part, 0 AS place, 'TABLE ' || relname AS line FROM tables
      UNION ALL
      SELECT relname, 1, attnum, concat_ws(' ', '  ' || attname, format_type(atttypid, atttypmod),
          CASE WHEN attnotnull THEN 'NOT NULL' END, 'DEFAULT ' || pg_get_expr(adbin, adrelid),
          -- -1 before Postgres 17, null since
          CASE WHEN attstattarget >= 0 THEN 'STATISTICS ' || attstattarget END)
        FROM tables JOIN pg_attribute a ON attrelid = tables.oid AND attnum > 0 AND NOT attisdropped
        LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
      UNION ALL
      -- NOT NULL is a constraint of its own since Postgres 18.
      SELECT relname, 2, 0, '  ' || pg_get_constraintdef(c.oid)
        FROM tables JOIN pg_constraint c ON conrelid = tables.oid AND contype <> 'n'
      UNION ALL
      SELECT relname, 3, 0, '  ' || pg_get_indexdef(indexrelid) FROM tables JOIN pg_index ON indrelid = tables.oid
       WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
      UNION ALL
      SELECT relname, 4, 0, '  ' || pg_get_triggerdef(t.oid) FROM tables JOIN pg_trigger t ON tgrelid = tables.oid
      UNION ALL
      SELECT relname, 9, 0, 'RELATION ' || relkind::text || ' ' || relname FROM pg_class
       WHERE relnamespace = 'public'::regnamespace AND relkind NOT IN ('r', 'i')
      UNION ALL
      SELECT proname, 9, 0, 'FUNCTION ' || oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    )
    SELECT line FROM lines ORDER BY belongs COLLATE "C", part, place, line COLLATE "C"`.execute(db)
  return `${rows.map(({ line }) => line).join('\n')}\n`
}
