import type { Json } from '../../local-github/local-github.ts'
import { unsigned } from '../ledger/key.ts'
import type { Row } from '../crash/stores.ts'
import type { GoldenJob, Stage } from './stage.ts'

/** What people see of the program's work: the ledger's rows and commits, and what it said at GitHub. */
export interface Outcome {
  /** Of each table, on main and on the branches of bounties. */
  rows: Record<string, Row[]>
  commits: string[]
  threads: Record<string, Thread>
}

interface Thread {
  title: string
  state: string
  labels: string[]
  /** Ours, by their hidden markers: sentences are free to change, what they are kept under is not. */
  comments: string[]
  /** Of whoever's comments: `<comment> <content>`. */
  reactions: string[]
  checks: Json[]
}

/** What was there when the dump was made; of what came later, times and drawn ids differ from run to run. */
export interface Before {
  /** The last second of the recording, by GitHub's clock, and by the machine's. */
  clock: Date
  made: Date
  /** Ids of deliveries and jobs. */
  ids: ReadonlySet<string>
}

/** What golden.test.ts expects. */
export interface Expected {
  /** How many jobs wait, by kind and state. */
  waiting: Record<string, number>
  outcome: Outcome
}

/** To be asked before the bridge starts. */
export function beforeOf({ gh }: Stage, jobs: readonly GoldenJob[], made: Date): Before {
  const ids = [...jobs.map(({ id }) => id), ...gh.deliveries.map(({ guid }) => guid)]
  return { clock: new Date(gh.clock.now()), made, ids: new Set(ids) }
}

export function countsOf(jobs: readonly GoldenJob[]): Record<string, number> {
  const left = jobs.filter(({ state }) => state !== 'completed')
  const names = left.map(({ name, kind, state }) => (name === 'dead-letters' ? 'dead letter' : `${kind} ${state}`))
  const counts = Map.groupBy(names.toSorted(), (name) => name)
  return Object.fromEntries([...counts].map(([name, { length }]) => [name, length]))
}

export async function outcomeOf(stage: Stage, before: Before): Promise<Outcome> {
  const same = sameInEachRun(before)
  return {
    rows: withoutNewSheets(same(await rowsOf(stage))),
    commits: same(await commitsOf(stage)).toSorted(),
    threads: same(threadsOf(stage)),
  }
}

async function rowsOf({ sql }: Stage): Promise<Record<string, Row[]>> {
  const branches = (await sql('SELECT name FROM dolt_branches ORDER BY name')).map(({ name }) => String(name))
  const rows: Record<string, Row[]> = {}
  for (const database of [...branches.map((name) => `commons/${name}`), 'pile'])
    for (const table of await tablesOf(sql, database)) {
      const found = await sql(`SELECT ${await columnsOf(sql, database, table)} FROM \`${database}\`.\`${table}\``)
      rows[`${database} ${table}`] = found.toSorted((a, b) => compare(JSON.stringify(a), JSON.stringify(b)))
    }
  return rows
}

async function tablesOf(sql: Stage['sql'], database: string): Promise<string[]> {
  const rows = await sql(`SHOW TABLES FROM \`${database}\``)
  return rows.map((row) => String(Object.values(row)[0])).filter((name) => !name.startsWith('dolt_'))
}

/** What is imported anew is as the importer is by now. */
function withoutNewSheets(rows: Record<string, Row[]>): Record<string, Row[]> {
  const sheets = rows[SHEETS]!.map(({ handle, created_at: at, ...sheet }) =>
    at === 'LATER' ? { handle } : { handle, at, ...sheet },
  )
  return { ...rows, [SHEETS]: sheets }
}

/** JSON as its text: Dolt sends a long document empty where it is not asked for so. */
async function columnsOf(sql: Stage['sql'], database: string, table: string): Promise<string> {
  const columns = await sql(`SHOW COLUMNS FROM \`${table}\` FROM \`${database}\``)
  return columns
    .map(({ Field: name, Type: type }) =>
      type === 'json' ? `CAST(\`${name}\` AS CHAR) AS \`${name}\`` : `\`${name}\``,
    )
    .join(', ')
}

/** Tables and columns that a later version added, and the commit that says so, are no part of what the older one came to. */
export function withoutUpgrade(outcome: Outcome, expected: Outcome): Outcome {
  const rows = Object.entries(outcome.rows).flatMap(([table, found]) => {
    const wanted = expected.rows[table]
    if (wanted === undefined && found.length === 0) return []
    const columns = new Set(wanted?.flatMap((row) => Object.keys(row)))
    const isOfThen = ([name]: [string, unknown]) => columns.size === 0 || columns.has(name)
    return [[table, found.map((row) => Object.fromEntries(Object.entries(row).filter(isOfThen)))] as const]
  })
  const commits = outcome.commits.filter((text) => !/^wasteland-bridge: Upgrade schema: [^\n]+$/.test(text))
  return { ...outcome, rows: Object.fromEntries(rows), commits }
}

/** The hash of a diff has forms of several versions, which begin with the same hashes of the pull request's ends. */
export function withoutFormOfDiffs(outcome: Outcome): Outcome {
  const commits = outcome.commits.map((text) => text.replace(/^(Diff: )v\d+\.(\w+\.\w+)\..+$/gm, '$1$2'))
  return { ...outcome, commits }
}

async function commitsOf({ sql }: Stage): Promise<string[]> {
  const rows = await sql('SELECT committer, message FROM dolt_log')
  return rows.flatMap(({ committer, message }) =>
    transactionsIn(unsigned(String(message))).map((text) => `${committer}: ${text}`),
  )
}

/** Whether transactions share a Dolt commit depends on how many wait at that moment. The steps of one stay together. */
function transactionsIn(message: string): string[] {
  const paragraphs = message.split('\n\n')
  const deliveries = paragraphs.map((text) => /^Delivery: .*$/m.exec(text)?.[0])
  if (paragraphs.length % 2 === 1 || !paragraphs.every((_, n) => (deliveries[n] !== undefined) === (n % 2 === 1)))
    return [message]
  const texts: string[] = []
  for (let n = 0; n + 1 < paragraphs.length; n += 2) {
    const text = `${paragraphs[n]}\n\n${paragraphs[n + 1]}`
    if (n > 0 && deliveries[n + 1] === deliveries[n - 1]) texts.push(`${texts.pop()!}\n\n${text}`)
    else texts.push(text)
  }
  return texts
}

/** Every thread of which GitHub has told the App. */
function threadsOf({ gh }: Stage): Record<string, Thread> {
  const places = gh.deliveries.flatMap(({ payload: { repository, issue, pull_request } }) => {
    const number = (pull_request ?? issue)?.number
    return number === undefined ? [] : [[`${repository.full_name}#${number}`, repository.full_name, number] as const]
  })
  const sorted = [...new Map(places.map((place) => [place[0], place])).values()].toSorted((a, b) => compare(a[0], b[0]))
  return Object.fromEntries(sorted.map(([name, repo, number]) => [name, threadOf(gh, repo, number)]))
}

function threadOf(gh: Stage['gh'], repo: string, number: number): Thread {
  const issue = gh.issue(repo, number)
  const comments = gh.comments(repo, number)
  const bot = `${gh.app.slug}[bot]`
  return {
    title: issue.title,
    state: issue.state,
    labels: issue.labels.map(({ name }: Json) => name),
    comments: comments.filter(({ user }) => user?.login === bot).map(({ body }) => body.match(/<!--.*?-->/gs).join()),
    reactions: comments.flatMap(({ id, body }) =>
      gh.reactions(id).map(({ content, user }) => `${body.slice(0, 60)} ${user} ${content}`),
    ),
    checks: issue.pull_request === undefined ? [] : gh.checkRuns(repo, gh.pull(repo, number).head.sha).map(checkOf),
  }
}

function checkOf({ name, status, conclusion, external_id, details_url }: Json): Json {
  return { name, status, conclusion, external_id, details_url }
}

const SHEETS = 'pile boot_blocks'
const HOUR_MS = 3_600_000
const TIME = /\b\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?Z?/g
const UUID = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g

/** Times after the recording are LATER, ids that were drawn after it are NEW. All else is the same in each run. */
function sameInEachRun({ clock, made, ids }: Before): <T>(value: T) => T {
  const isLater = (time: string) => {
    const at = Date.parse(`${time.slice(0, 19).replace(' ', 'T')}Z`)
    return (at > clock.getTime() && at < clock.getTime() + HOUR_MS) || at > made.getTime()
  }
  const plain = (text: string) =>
    text
      .replaceAll(TIME, (time) => (isLater(time) ? 'LATER' : time))
      .replaceAll(UUID, (id) => (ids.has(id) ? id : 'NEW'))
  return (value) => JSON.parse(JSON.stringify(value), (_key, one) => (typeof one === 'string' ? plain(one) : one))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
