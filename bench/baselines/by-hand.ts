import { commitMessage } from '../../src/domain/commit-message.ts'
import { stampId } from '../../src/domain/ids.ts'
import { commitAuthor, entityUri } from '../../src/domain/rig.ts'
import { DEFAULT_CONFIDENCE, nextPlace, type PassbookPlace, type Stamp, stampHash } from '../../src/domain/stamp.ts'
import { ledgerTime } from '../../src/domain/time.ts'
import { type LedgerSql, rowsOf } from '../ledger-rows.ts'
import { AT, DIFF, HOST, type StoredStamp } from '../stored-stamp.ts'

/** Stamps by SQL as one would write it by hand: the statements of a turn of the bridge, and none of its code. */

const LOCK = 'bench/by-hand'

/** One stamp with all that a turn reads and guards, on a connection that nobody else uses. Resolves when it is kept. */
export async function turnByHand(sql: LedgerSql, stored: StoredStamp): Promise<void> {
  const { work, stamper } = stored
  const stamp = stampOf(stored)
  await sql.query('SELECT GET_LOCK(?, 8)', [LOCK])
  await sql.query('START TRANSACTION')
  await sql.query(
    `SELECT id, title, description, status, type, priority, tags, effort_level, posted_by, claimed_by, created_at,
      updated_at FROM wanted WHERE id = ?`,
    [work.wantedId],
  )
  await sql.query(
    `SELECT id, wanted_id, completed_by, evidence, stamp_id, validated_by, hop_uri, completed_at, parent_completion_id
      FROM completions WHERE id = ?`,
    [work.id],
  )
  await sql.query('SELECT id, status, claimed_by FROM wanted WHERE id = ?', [work.wantedId])
  for (const handle of [stamper.login, work.completedBy])
    await sql.query(
      'SELECT handle, display_name, hop_uri, trust_level, rig_type, parent_rig FROM rigs WHERE handle = ?',
      [handle],
    )
  await sql.query(
    `SELECT rig_a, rig_b FROM rig_links
      WHERE status = 'completed' AND link_type = 'same_owner' AND (rig_a IN (?) OR rig_b IN (?))`,
    [stamper.login, stamper.login],
  )
  await sql.query(
    `SELECT handle, parent_rig FROM rigs WHERE parent_rig != '' AND (handle IN (?) OR parent_rig IN (?))`,
    [stamper.login, stamper.login],
  )
  await sql.query('SELECT id FROM stamps WHERE context_id IN (?) AND author = ?', [work.id, stamper.login])
  await writeByHand(sql, stored, await placeByHand(sql, work.completedBy))
  const kept = await rowsOf(sql, 'SELECT id FROM stamps WHERE id = ?', [stamp.id])
  if (kept.length !== 1) throw new Error(`the stamp ${stamp.id} was not kept`)
  await sql.query('SELECT RELEASE_LOCK(?)', [LOCK])
}

/** One stamp in a Dolt commit of its own, and nothing read but its place in the passbook. */
export async function commitByHand(sql: LedgerSql, stored: StoredStamp, place: PassbookPlace): Promise<void> {
  await sql.query('START TRANSACTION')
  await writeByHand(sql, stored, place)
}

export async function placeByHand(sql: LedgerSql, subject: string): Promise<PassbookPlace> {
  const [last] = await rowsOf(
    sql,
    `SELECT id, stamp_index FROM stamps WHERE subject = ?
      ORDER BY stamp_index DESC, created_at DESC, id DESC LIMIT 1`,
    [subject],
  )
  await sql.query('SELECT count(*) AS n FROM stamps WHERE subject = ?', [subject])
  return nextPlace(last && { id: String(last['id']), stampIndex: Number(last['stamp_index']) })
}

async function writeByHand(sql: LedgerSql, stored: StoredStamp, place: PassbookPlace): Promise<void> {
  const { work } = stored
  const stamp = stampOf(stored)
  await changeOne(
    sql,
    `UPDATE wanted SET status = 'completed', updated_at = ?
      WHERE id = ? AND status = 'in_review' AND claimed_by = ?`,
    [ledgerTime(AT), work.wantedId, work.completedBy],
  )
  await changeOne(
    sql,
    'UPDATE completions SET stamp_id = ?, validated_by = ?, validated_at = ? WHERE id = ? AND stamp_id IS NULL',
    [stamp.id, stamp.author, ledgerTime(AT), work.id],
  )
  const row = stampRow(stamp, place)
  await sql.query('INSERT INTO stamps (??) VALUES (?)', [Object.keys(row), Object.values(row)])
  await sql.query(`CALL DOLT_COMMIT('-Am', ?, '--author', ?, '--skip-empty')`, [
    commitMessage(`wl accept: ${work.wantedId}`, trailersOf(stored)),
    commitAuthor(stored.stamper),
  ])
  await sql.query('COMMIT')
}

async function changeOne(sql: LedgerSql, statement: string, values: unknown[]): Promise<void> {
  const [{ affectedRows }] = (await sql.query(statement, values)) as unknown as [{ affectedRows: number }]
  if (affectedRows !== 1) throw new Error(`${affectedRows} rows instead of 1: ${statement}`)
}

export function stampOf({ comment, stamper, work }: StoredStamp): Stamp {
  return {
    id: stampId(HOST, { kind: 'issue_comment', id: comment }, work.id, work.completedBy),
    author: stamper.login,
    subject: work.completedBy,
    valence: { quality: 4, reliability: 4 },
    confidence: DEFAULT_CONFIDENCE,
    severity: 'leaf',
    contextId: work.id,
    skillTags: [],
    message: null,
    hopUri: entityUri(HOST, stamper),
    createdAt: ledgerTime(AT),
  }
}

export function stampRow(stamp: Stamp, place: PassbookPlace) {
  return {
    id: stamp.id,
    author: stamp.author,
    subject: stamp.subject,
    valence: JSON.stringify(stamp.valence),
    confidence: stamp.confidence,
    severity: stamp.severity,
    context_id: stamp.contextId,
    context_type: 'completion',
    stamp_type: 'work',
    skill_tags: JSON.stringify(stamp.skillTags),
    message: stamp.message,
    stamp_index: place.stampIndex,
    prev_stamp_hash: place.prevStampHash,
    block_hash: stampHash(stamp, place),
    hop_uri: stamp.hopUri,
    created_at: stamp.createdAt,
  }
}

function trailersOf(stored: StoredStamp) {
  const { comment, delivery, stamper, work } = stored
  return {
    Delivery: delivery,
    Command: `${HOST}/issue_comment/${comment}/stamp/by-hand/1`,
    Sender: `${stamper.login} ${stamper.id}`,
    Authority: 'github maintain ada/first#1',
    Stamp: stampOf(stored).id,
    Given: 'quality',
    Head: work.head,
    Diff: DIFF,
  }
}
