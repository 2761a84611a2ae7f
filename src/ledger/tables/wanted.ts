import { sql } from 'kysely'
import { wantedId } from '../../domain/ids.ts'
import { type IssueLink, readIssueLink } from '../../domain/issue-link.ts'
import { ledgerTime } from '../../domain/time.ts'
import { type Effort, type Transition, TRANSITIONS, type Wanted, type WantedType } from '../../domain/wanted.ts'
import { byId, inKinds, batchedWrite } from '../engine/batch.ts'
import { joinedRead } from '../engine/joined-read.ts'
import { expectAll, expectOne, present } from '../engine/tables.ts'
import type { CommonsDb } from '../engine/types.ts'
import { toWanted } from './wanted-details.ts'

export interface NewWanted {
  id: string
  title: string
  description: string
  project: string | null
  type: WantedType | null
  priority: number
  tags: readonly string[]
  postedBy: string
  effort: Effort
  /** ISO 8601. */
  at: string
}

export const findWanted = joinedRead<string, Wanted | undefined>({
  tables: ['wanted'],
  queries: (db, ids) => [
    {
      columns: ['id', 'title', 'status', 'posted_by', 'claimed_by'],
      from: db.sql.selectFrom('wanted').where('id', 'in', ids),
    },
  ],
  answer: (_, [rows], ids) =>
    ids.map((id) => (rows as FoundWanted[]).find((row) => row.id === id)).map((row) => row && toWanted(row)),
})

type FoundWanted = Parameters<typeof toWanted>[0]

export async function insertWanted(db: CommonsDb, item: NewWanted): Promise<void> {
  const time = ledgerTime(item.at)
  await db.sql
    .insertInto('wanted')
    .values(
      present(db, 'wanted', {
        id: item.id,
        title: item.title,
        description: item.description,
        project: item.project,
        type: item.type,
        priority: item.priority,
        tags: JSON.stringify(item.tags),
        posted_by: item.postedBy,
        claimed_by: null,
        status: 'open',
        effort_level: item.effort,
        evidence_url: null,
        created_at: time,
        updated_at: time,
      }),
    )
    .execute()
}

/** The item of an issue: posted from it, or from the issue that was transferred to it, whose link was updated. */
export async function findWantedOf(
  db: CommonsDb,
  host: string,
  issue: { id: number; url: string },
): Promise<Wanted | undefined> {
  const own = await findWanted(db, wantedId(host, issue.id))
  if (own !== undefined) return own
  const url = issue.url.toLowerCase()
  const linked = (await itemsLinked(db, url)).find(({ link }) => link.url.toLowerCase() === url)
  return linked && findWanted(db, linked.id)
}

/** Items whose description begins with a link with this prefix. */
export async function itemsLinked(
  db: CommonsDb,
  start: string,
): Promise<{ id: string; description: string; link: IssueLink }[]> {
  const rows = await db.sql
    .selectFrom('wanted')
    .select(['id', 'description'])
    .where(sql<boolean>`lower(left(description, 300)) LIKE ${`${start.toLowerCase()}%`}`)
    .orderBy('id')
    .execute()
  return rows.flatMap(({ id, description }) => {
    const link = readIssueLink(description ?? '')
    return link === undefined ? [] : [{ id, description: description ?? '', link }]
  })
}

/** Updates the link to an item's issue, in whatever state the item is. Its times stay: nothing else has changed. */
export async function setDescription(db: CommonsDb, id: string, description: string): Promise<void> {
  await db.sql.updateTable('wanted').set({ description }).where('id', '=', id).execute()
}

/**
 * True when any item was posted from an issue of this repository (`owner/name`): its description begins with the link.
 */
export async function hasItemsFrom(db: CommonsDb, repository: string): Promise<boolean> {
  const link = `http%://%/${repository.toLowerCase()}/issues/%`
  const found = await db.sql
    .selectFrom('wanted')
    .select('id')
    .where(sql<boolean>`lower(left(description, 300)) LIKE ${link}`)
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}

/**
 * Moves an item along the table of transitions. `holder` must hold the claim in the state that the item leaves (nobody
 * may for `claim`). Throws LedgerMismatch when the item is not in that state.
 */
export async function moveWanted(
  db: CommonsDb,
  transition: Transition,
  id: string,
  change: WantedUpdate,
): Promise<void> {
  await writeMove(db, { transition, id, ...change })
}

interface WantedUpdate {
  holder?: string
  claimedBy?: string | null
  evidence?: string | null
  at: string
}

interface WantedTransition extends WantedUpdate {
  transition: Transition
  id: string
}

const writeMove = batchedWrite(async (db, moves: readonly WantedTransition[]) => {
  const kind = ({ transition, holder, claimedBy, evidence }: WantedTransition) =>
    JSON.stringify([transition, holder === undefined, claimedBy === undefined, evidence === undefined])
  for (const alike of inKinds(moves, kind)) await moveAlike(db, alike)
})

/** Makes moves along one transition, which all change the same columns. */
async function moveAlike(db: CommonsDb, moves: readonly WantedTransition[]): Promise<void> {
  const [{ transition, holder, claimedBy, evidence }] = moves as [WantedTransition, ...WantedTransition[]]
  const { from, to } = TRANSITIONS[transition]
  let update = db.sql
    .updateTable('wanted')
    .set(
      present(db, 'wanted', {
        status: to,
        updated_at: byId(moves, ({ at }) => ledgerTime(at)),
        ...(claimedBy === undefined ? {} : { claimed_by: byId(moves, (move) => move.claimedBy ?? null) }),
        ...(evidence === undefined ? {} : { evidence_url: byId(moves, (move) => move.evidence ?? null) }),
      }),
    )
    .where(
      'id',
      'in',
      moves.map(({ id }) => id),
    )
    .where('status', '=', from)
  if (holder !== undefined)
    update = update.where(
      'claimed_by',
      '=',
      byId(moves, (move) => move.holder!),
    )
  expectAll(
    await update.executeTakeFirst(),
    moves.map(({ id }) => `${transition} ${id}`),
  )
}

/** Updates the item's evidence to its completion's: `wl` shows this one. */
export async function setWantedEvidence(db: CommonsDb, id: string, evidence: string): Promise<void> {
  await writeItemEvidence(db, { id, evidence })
}

const writeItemEvidence = batchedWrite(async (db, items: readonly { id: string; evidence: string }[]) => {
  await db.sql
    .updateTable('wanted')
    .set({ evidence_url: byId(items, ({ evidence }) => evidence) })
    .where(
      'id',
      'in',
      items.map(({ id }) => id),
    )
    .execute()
})

/** The fields of an open item that `update` may change. */
export interface WantedChange {
  title?: string | undefined
  type?: WantedType | undefined
  priority?: number | undefined
  effort?: Effort | undefined
  tags?: readonly string[] | undefined
}

/** Updates an open item. Throws LedgerMismatch when it is not open, or nothing changes. */
export async function updateWanted(db: CommonsDb, id: string, change: WantedChange, at: string): Promise<void> {
  const { title, type, priority, effort, tags } = change
  expectOne(
    await db.sql
      .updateTable('wanted')
      .set(
        present(db, 'wanted', {
          updated_at: ledgerTime(at),
          ...(title === undefined ? {} : { title }),
          ...(type === undefined ? {} : { type }),
          ...(priority === undefined ? {} : { priority }),
          ...(effort === undefined ? {} : { effort_level: effort }),
          ...(tags === undefined ? {} : { tags: JSON.stringify(tags) }),
        }),
      )
      .where('id', '=', id)
      .where('status', '=', TRANSITIONS.update.from)
      .executeTakeFirst(),
    `update ${id}`,
  )
}

/** Changes the tags of an item in whatever state it is. */
export async function setTags(db: CommonsDb, id: string, tags: readonly string[], at: string): Promise<void> {
  const values = present(db, 'wanted', { tags: JSON.stringify(tags), updated_at: ledgerTime(at) })
  expectOne(await db.sql.updateTable('wanted').set(values).where('id', '=', id).executeTakeFirst(), `tags of ${id}`)
}
