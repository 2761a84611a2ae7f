import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { LocalGitHub } from '../../local-github/local-github.ts'
import type { Row } from '../scenarios/world.ts'
import type { Scene } from './plans.ts'
import { expect as foretell, type Expected, type ExpectedCompletion } from './oracle.ts'

const JUDGES: ReadonlySet<string> = new Set(['ada', 'mia', 'max'])

/** What the ledger holds, read in a few queries for all histories of a world. */
export interface Rows {
  items: Map<string, Row>
  completions: Map<string, Row[]>
  stamps: Map<string, Row[]>
  /** Trailers of each `wl note:`, by item, oldest first. */
  notes: Map<string, Map<string, string>[]>
}

type Ask = (query: string, values?: unknown[]) => Promise<Row[]>

export async function readRows(sql: Ask): Promise<Rows> {
  const [items, completions, stamps, notes] = [
    await sql('SELECT id, status, claimed_by, evidence_url FROM wanted'),
    await sql('SELECT * FROM completions'),
    await sql('SELECT * FROM stamps'),
    await sql(`SELECT message FROM dolt_log WHERE message LIKE 'wl note: %' ORDER BY commit_order`),
  ]
  return {
    items: new Map(items.map((row) => [row['id'], row])),
    completions: Map.groupBy(completions, (row) => row['wanted_id']),
    stamps: Map.groupBy(stamps, (row) => row['context_id']),
    notes: Map.groupBy(
      notes.map(({ message }) => trailersOf(String(message))),
      (trailers) => trailers.get('wl note')!,
    ),
  }
}

function trailersOf(message: string): Map<string, string> {
  return new Map([...message.matchAll(/^([\w- ]+): (.*)$/gm)].map(([, key, value]) => [key!, value!]))
}

/** Where a history's rows and comments are not what GitHub's record of it asks for, a line each. */
export function faultsOf(gh: LocalGitHub, { repo, repositoryId, items }: Scene, rows: Rows): string[] {
  const timeline = gh.deliveries.filter((delivery) => delivery.repositoryId === repositoryId)
  const expected = foretell(new URL(gh.url).host, items, JUDGES, timeline)
  return [
    ...[...expected.items].flatMap(([id, item]) => faultsOfItem(id, item, rows)),
    ...faultsOfComments(gh, repo, expected),
  ]
}

type Value = string | boolean | null | undefined

function checkInto(faults: string[], about: string) {
  return (what: string, is: Value, should: Value) => {
    if ((is ?? null) !== (should ?? null)) faults.push(`${about}: ${what} is ${is} and should be ${should}`)
  }
}

function faultsOfItem(
  id: string,
  { status, holder, completions }: NonNullable<ReturnType<Expected['items']['get']>>,
  rows: Rows,
): string[] {
  const item = rows.items.get(id)!
  const faults: string[] = []
  const check = checkInto(faults, id)
  check('status', item['status'], status)
  check('holder', item['claimed_by'], holder)
  const found = rows.completions.get(id) ?? []
  check('completions', sorted(found.map((row) => row['id'])), sorted(completions.map((one) => one.id)))
  const shown = found.find((row) => row['stamp_id'] !== null) ?? found[0]
  check('evidence', item['evidence_url'], shown?.['evidence'])
  for (const one of completions) {
    const row = found.find((other) => other['id'] === one.id)
    if (row !== undefined) faults.push(...faultsOfCompletion(id, one, row, rows))
  }
  return faults
}

function faultsOfCompletion(id: string, one: ExpectedCompletion, row: Row, rows: Rows): string[] {
  const faults: string[] = []
  const check = checkInto(faults, `${id}: ${one.id}`)
  const notes = rows.notes.get(id) ?? []
  const [, url, head] = /^(\S+) head=(\S+)/.exec(row['evidence']) ?? []
  const merge = / merge=(\S+)/.exec(row['evidence'])?.[1]
  check('completed_by', row['completed_by'], one.by)
  check('url', url, one.url)
  check('head', head, one.head)
  if (one.mergedAfter === undefined) check('merge', merge, one.merge)
  else if (merge !== one.mergedAfter) {
    check('frozen merge', merge, one.merge)
    check(
      'noted merge',
      notes.some((note) => note.get('Merged') === one.mergedAfter),
      true,
    )
  }
  if (one.closedAfter !== undefined)
    check(
      'noted close',
      notes.some((note) => note.get('Closed') === one.closedAfter),
      true,
    )
  check('block_hash', row['block_hash'], hashOf(row))
  const stamps = rows.stamps.get(one.id) ?? []
  const quality = ({ valence }: Row) => (typeof valence === 'string' ? JSON.parse(valence) : valence).quality
  check(
    'stamps',
    sorted(stamps.map((stamp) => `${stamp['id']} by ${stamp['author']} for ${stamp['subject']}: ${quality(stamp)}`)),
    sorted(one.stamps.map((stamp) => `${stamp.id} by ${stamp.author} for ${one.by}: ${stamp.quality}`)),
  )
  const linked = one.stamps.find((stamp) => stamp.id === row['stamp_id'])
  check('stamp_id', row['stamp_id'], (linked ?? one.stamps[0])?.id)
  check('validated_by', row['validated_by'], linked?.author)
  check('reverts', sorted(standing(notes, one.id)), sorted(one.reverts))
  return faults
}

/** The reverts of a completion whose last note says that they stand. */
function standing(notes: readonly Map<string, string>[], completion: string): string[] {
  const last = new Map(
    notes.filter((note) => note.get('Completion') === completion).map((note) => [note.get('Revert')!, note]),
  )
  return [...last].flatMap(([revert, note]) => (note.has('Reverted-By') ? [revert] : []))
}

/** One status comment a pull request, and nothing said twice. */
function faultsOfComments(gh: LocalGitHub, repo: string, { naming }: Expected): string[] {
  const numbers = new Set(
    gh.deliveries.flatMap(({ payload }) => (payload.repository?.full_name === repo ? numberIn(payload) : [])),
  )
  const keys = [...numbers].flatMap((number) =>
    gh.comments(repo, number).flatMap(({ body }) => /<!-- wasteland-bridge (\S+) /.exec(body)?.[1] ?? []),
  )
  const doubled = keys.filter((key, n) => keys.indexOf(key) !== n)
  const silent = naming.filter(({ id }) => !keys.includes(`status/${id}`))
  return [
    ...doubled.map((key) => `said twice: ${key}`),
    ...silent.map(({ number }) => `#${number} names an item and has no status comment`),
  ]
}

// oxlint-disable-next-line typescript/no-explicit-any -- GitHub's JSON
function numberIn(payload: any): number[] {
  const number = payload.pull_request?.number ?? payload.issue?.number
  return number === undefined ? [] : [number]
}

function hashOf(row: Row): string {
  const names = ['id', 'wanted_id', 'completed_by', 'evidence', 'completed_at', 'hop_uri']
  const fields = Object.fromEntries(names.map((name) => [name, row[name]]))
  return createHash('sha256').update(canonicalize(fields)!).digest('hex')
}

const sorted = (list: string[]) => list.toSorted().join(', ')
