import { existsSync, readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import { NotProven, Unavailable } from '../../domain/errors.ts'
import { BRIDGE_AUTHOR } from '../../domain/rig.ts'
import type { LedgerAddress } from '../connect.ts'
import { ERASED, type Marks, marksOf, mentions, withoutOthers } from './erasure-marks.ts'
import { commitsOf, type Doubts, doubtsByFiles, doubtsBySql } from './erasure-proof.ts'
import { connected, onServer } from './prepare.ts'
import { findRow, type PersonKey } from './read.ts'
import type { Commons } from '../engine/types.ts'

/**
 * Erases a person from the profile store, so that nothing of them is left on the disk:
 *
 * rows removed, the history squashed to one commit, every connection that may have seen the old one ended, garbage
 * collected, statistics dropped, and then the proof (`erasure-proof.ts`). A connection that began before the squash
 * silently keeps the old history alive through a collection; those opened after it never saw it. Each step may be
 * interrupted and repeated: without a proof, erase again. The writers' lock is held from the first step to the last.
 */
export interface ErasureProof {
  /** The number of former commits that AS OF no longer finds. */
  commits: number
  /**
   * The number of files that were read, every chunk of them; undefined on a server that is not ours, whose files we
   * cannot read.
   */
  files: number | undefined
  /** Remotes that somebody has pushed the profile store to: data there is out of reach. */
  remotes: string[]
}

export interface ErasePlace {
  address: LedgerAddress
  /** Name of the writers' lock. */
  lock: string
  /** DATA_DIR/dolt of our own server. */
  dir: string | undefined
}

const LOCK_SECONDS = 60
/** The number of collections: one may still keep a session that ends during it. */
const PASSES = 3

/** Erases, and resolves with the proof. Throws NotProven when there is no proof yet: erase again. */
export async function erasePerson(place: ErasePlace, person: PersonKey): Promise<ErasureProof> {
  return connected(onServer(place.address), async (holder) => {
    const { rows } = await sql<{
      taken: number
      id: number
    }>`SELECT GET_LOCK(${place.lock}, ${LOCK_SECONDS}) AS taken, CONNECTION_ID() AS id`.execute(holder)
    if (Number(rows[0]?.taken) !== 1) throw new Unavailable('another process is writing to the profile store')
    const former = await connected(place.address, commitsOf)
    const words = await connected(place.address, (profiles) => marksOf(profiles, person))
    if (words.length === 0) {
      const before = await prove(place, { person, marks: [], former })
      if (before.doubts.length === 0) return before.forgotten
    }
    let marks: Marks | undefined
    let doubts: Doubts = []
    for (let pass = 0; pass < PASSES; pass++) {
      for (const hash of await connected(place.address, (profiles) => squash(profiles, person))) former.add(hash)
      // Starts a new transaction: the holder's old one would keep alive the state of its last statement.
      await sql`SELECT 1`.execute(holder)
      await connected(place.address, (profiles) => collect(profiles, place, rows[0]!.id))
      clearLogs(place, mentions(person, words))
      marks ??= await connected(place.address, (profiles) => withoutOthers(profiles, words))
      const after = await prove(place, { person, marks, former })
      if (after.doubts.length === 0) return after.forgotten
      doubts = after.doubts
    }
    throw new NotProven(`the profile store may still hold what is to be forgotten: ${doubts.join('; ')}`)
  })
}

/**
 * Leaves main with one commit that has no row of the person, and no other branch or tag. Returns the commits made on
 * the way.
 */
async function squash(profiles: Kysely<Commons>, person: PersonKey): Promise<Set<string>> {
  const rig = await findRow(profiles, person)
  if (rig !== undefined) {
    await sql`START TRANSACTION`.execute(profiles)
    await profiles.deleteFrom('stamps').where('subject', '=', rig.handle).execute()
    await profiles.deleteFrom('boot_blocks').where('handle', '=', rig.handle).execute()
    await sql`DELETE FROM badges WHERE rig_handle = ${rig.handle}`.execute(profiles)
    await profiles.deleteFrom('rigs').where('handle', '=', rig.handle).execute()
    await sql`CALL DOLT_COMMIT('-Am', 'Forget a character sheet', '--author', ${BRIDGE_AUTHOR})`.execute(profiles)
    await sql`COMMIT`.execute(profiles)
  }
  const made = await commitsOf(profiles)
  for (const name of await names(profiles, sql`SELECT name FROM dolt_branches WHERE name <> ACTIVE_BRANCH()`))
    await sql`CALL DOLT_BRANCH('-D', '-f', ${name})`.execute(profiles)
  for (const name of await names(profiles, sql`SELECT tag_name AS name FROM dolt_tags`))
    await sql`CALL DOLT_TAG('-d', ${name})`.execute(profiles)
  for (const name of await names(profiles, sql`SELECT DISTINCT name FROM dolt_stashes`))
    await sql`CALL DOLT_STASH('clear', ${name})`.execute(profiles)
  const [first] = await names(profiles, sql`SELECT commit_hash AS name FROM dolt_log ORDER BY commit_order LIMIT 1`)
  await sql`CALL DOLT_RESET('--soft', ${first})`.execute(profiles)
  // An amended commit even when nothing has changed: without a new one Dolt collects nothing a second time.
  await sql`CALL DOLT_COMMIT('-Am', ${ERASED}, '--author', ${BRIDGE_AUTHOR}, '--amend', '--allow-empty')`.execute(
    profiles,
  )
  return made
}

async function names(profiles: Kysely<Commons>, query: ReturnType<typeof sql>): Promise<string[]> {
  const { rows } = await query.execute(profiles)
  return (rows as { name: string }[]).map((row) => row.name)
}

async function collect(profiles: Kysely<Commons>, place: ErasePlace, holder: number) {
  await endOthers(profiles, place, holder)
  // Table files and no archives, which we could not read.
  await sql`CALL DOLT_GC('--full', '--archive-level', '0')`.execute(profiles)
  // The statistics' histograms hold handles. Dolt rebuilds them from the rows that are there.
  if (place.dir !== undefined) await sql`CALL DOLT_STATS_PURGE()`.execute(profiles)
}

const ENDING_MS = 5_000

/**
 * Ends the connections that may have begun before the squash. On our own server all, whatever database they use,
 * because each keeps alive the state of every database at its last statement; on another one our own, and those that
 * use the profile store.
 */
async function endOthers(profiles: Kysely<Commons>, { address, dir }: ErasePlace, holder: number) {
  const own = await sql<{ id: number }>`SELECT CONNECTION_ID() AS id`.execute(profiles)
  const kept = [holder, own.rows[0]!.id]
  const inTheWay = async () => {
    const { rows } = await sql<Process>`SHOW PROCESSLIST`.execute(profiles)
    const isOurs = ({ User, db }: Process) => User === address.options.user || db?.split('/')[0] === address.database
    return rows.filter((row) => !kept.includes(row.Id) && (dir !== undefined || isOurs(row)))
  }
  for (const end = Date.now() + ENDING_MS; ; await sleep(10)) {
    const left = await inTheWay()
    if (left.length === 0) return
    if (Date.now() > end)
      throw new Unavailable(
        'connections to the profile store could not be closed; close them, or let our user KILL them',
      )
    // A connection that has ended meanwhile is no error, and one that we may not end shows in the next check.
    for (const { Id } of left) await sql`KILL ${sql.lit(Id)}`.execute(profiles).catch(() => {})
  }
}

interface Process {
  Id: number
  User: string
  db: string | null
}

/**
 * Empties the server's logs: Dolt logs values of statements that it refuses. It opens them for appending, so truncating
 * is safe.
 */
function clearLogs({ dir }: ErasePlace, isTheirs: (part: Buffer) => boolean) {
  if (dir === undefined) return
  for (const log of ['server.log', 'server.log.1'].map((name) => join(dir, name)))
    if (existsSync(log) && isTheirs(readFileSync(log))) truncateSync(log)
}

async function prove(
  { address, dir }: ErasePlace,
  gone: { person: PersonKey; marks: Marks; former: ReadonlySet<string> },
): Promise<{ doubts: Doubts; forgotten: ErasureProof }> {
  return connected(address, async (profiles) => {
    const doubts = await doubtsBySql(profiles, gone.person, gone.former)
    const isTheirs = mentions(gone.person, gone.marks)
    const read = dir === undefined ? undefined : await doubtsByFiles(dir, address.database, isTheirs)
    const remotes = await names(profiles, sql`SELECT name FROM dolt_remotes`)
    return {
      doubts: [...doubts, ...(read?.doubts ?? [])],
      forgotten: { commits: gone.former.size, files: read?.files, remotes },
    }
  })
}
