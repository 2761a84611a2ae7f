import { join } from 'node:path'
import mysql from 'mysql2/promise'
import { embeddedDoltUrl } from '../../src/ledger/dolt/embedded-dolt.ts'
import { openPull, postItem, type Row, type World } from './world.ts'

/** Posts an open bounty from an issue of ada's. */
export function postBounty(world: World, repo: string): Promise<string> {
  return postItem(world, repo, 'Count the loops', '/wl post bounty')
}

/** A pull request of each of these for one bounty, ready for review, in their order. */
export async function compete(world: World, repo: string, id: string, ...logins: string[]): Promise<number[]> {
  const numbers: number[] = []
  for (const login of logins) {
    numbers.push(openPull(world, repo, login, { body: `Wanted: ${id}` }))
    world.gh.clock.advance(60)
    await world.idle()
  }
  return numbers
}

/** The rows of an item on its branches, those that a branch has of its own item only, by rig. */
export async function entries(world: World, id: string): Promise<Row[]> {
  const rows: Row[] = []
  for (const branch of await branchesOf(world, id)) {
    const completion = branch.split('/').at(-1)
    rows.push(...(await world.sql(`SELECT * FROM \`commons/${branch}\`.completions WHERE id = ?`, [completion])))
  }
  return rows.toSorted((a, b) => String(a['completed_by']).localeCompare(String(b['completed_by'])))
}

export async function branchesOf(world: World, id: string): Promise<string[]> {
  const rows = await world.sql('SELECT name FROM dolt_branches WHERE name LIKE ? ORDER BY name', [`bounty/${id}/%`])
  return rows.map((row) => String(row['name']))
}

/** Whose entries there are, `bob, carol`. */
export async function running(world: World, id: string): Promise<string> {
  return (await entries(world, id)).map((row) => row['completed_by']).join(', ')
}

/** The subjects and authors of the commits that a rig's only branch has beside main's, oldest first. */
export async function branchHistory(world: World, id: string, rig: string): Promise<string[]> {
  for (const branch of await branchesOf(world, id)) {
    const log = await world.sql(`SELECT * FROM DOLT_LOG(?)`, [`main..${branch}`])
    if (log.some((row) => row['author'] === rig))
      return log.toReversed().map((row) => `${String(row['message']).split('\n')[0]} — ${row['author']}`)
  }
  return []
}

/** A commit of somebody else's on a branch. */
export async function commitOn(world: World, branch: string, statement: string): Promise<void> {
  const url = await embeddedDoltUrl(join(world.config.dataDir, 'dolt'), 'commons')
  const connection = await mysql.createConnection({ uri: url })
  try {
    for (const one of [`USE \`commons/${branch}\``, statement, `CALL DOLT_COMMIT('-Am', 'By somebody')`])
      await connection.query(one)
  } finally {
    await connection.end()
  }
}
