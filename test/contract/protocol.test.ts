import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { installedDolt } from '../ledger/installed-dolt.ts'
import { openPull, OWNER, postItem, type Row, startWorld, type World, vouchForRows } from '../scenarios/world.ts'
import {
  charsheet,
  DETAIL,
  IDENTICAL,
  INFLATED,
  LEADERBOARD,
  type Line,
  type PeerReader,
  peerReader,
  SCOREBOARD,
  search,
  SKILLS,
  status,
  trust,
  VALIDATED,
} from './peer-readers.ts'

// Walks protocol.md: every demand of the peers' readers and every trap, on rows that the whole program wrote from
// hostile input, read as `wl` and `gt` read.

/** What breaks a line, forges a row, reorders text or ends a quote. */
const NASTY =
  'a "b" \'c\' `d`, e\\\r\nw-ffffffffff,Forged,open\nx\u2028y\u2029z\0nul\u0085nel\vvt\fff\u001besc\u202ertl\u202c\u2067iso\u2069\u061calm\ufeffbom \ud83d\udc1d'
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u
const SHEET = '{"identity": {"display_name": "Bob", "social_proof": {"followers": 12}}, "x": [1.5, "é"]}'
const FOREIGN_WANTED = 'w-00000000aa'
const SECOND = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/

let world: World
let reader: PeerReader
let repo: string
/** Wanted ids by what they are for. */
const item: Record<string, string> = {}

beforeAll(async () => {
  world = await startWorld()
  reader = peerReader((await installedDolt()).bin, world.config.dataDir)
  repo = world.repository('hostile')
  await foreignRows()
  await hostilePosts()
  await severalStamps()
  await others()
}, 180_000)

afterAll(() => world?.close())

/** What a peer of ours has in the same commons: a rig of a taken name, an agent, a sheet, an item, a stamp. */
async function foreignRows() {
  const robo = world.gh.user('robo')
  world.gh.as(OWNER).setRole(repo, 'robo', 'maintain')
  await world.sql(`INSERT INTO rigs (handle, display_name, hop_uri, trust_level, registered_at, rig_type, parent_rig) VALUES
    ('carol', 'Carol', 'hop://carol@example.org/carol/', 3, '2026-01-01 00:00:00', 'human', NULL),
    ('robo', 'Robo', 'entity://${new URL(world.gh.url).host}/robo/${robo.id}', 1, '2026-01-01 00:00:00', 'agent', 'ada')`)
  await world.sql(
    `INSERT INTO wanted (id, title, status, posted_by, created_at, updated_at) VALUES (?, 'Foreign', 'open', 'carol', NOW(), NOW())`,
    [FOREIGN_WANTED],
  )
  await world.sql(`INSERT INTO boot_blocks VALUES ('bob', 'github', ?, 0.8, '1', '2026-01-01 00:00:00')`, [SHEET])
  await world.sql("CALL DOLT_COMMIT('-Am', 'by a peer', '--author', 'carol <carol@example.org>')")
  await vouchForRows(world)
}

async function hostilePosts() {
  item['title'] = await postItem(world, repo, NASTY)
  item['long'] = await postItem(world, repo, 'T'.repeat(256))
  item['option'] = await postItem(
    world,
    repo,
    'x',
    `/wl post title="${NASTY.replaceAll(/["`\\\r\n]/g, '')}" effort=epic priority=0`,
  )
  const ada = world.gh.as(OWNER)
  for (const [name, body] of [
    ['body', NASTY.repeat(5)],
    ['64 kB', '𝒳,"\n'.repeat(16_384).slice(0, 65_536)],
  ] as const) {
    const issue = ada.openIssue(repo, {
      title: name,
      body,
      labels: ['a,"b"', 'ünïcode \u202e', 'Good First Issue', '\u2066\u2069', 'bug'],
    })
    ada.comment(repo, issue.number, '/wl post tags=TypeScript,typescript,ci')
    await world.idle()
    const [row] = await world.sql('SELECT id FROM wanted WHERE title = ?', [name])
    item[name] = String(row!['id'])
  }
}

/** A ready pull request for a new item; returns its number. */
async function submit(name: string, login: string, title = NASTY): Promise<number> {
  item[name] = await postItem(world, repo, name)
  const number = openPull(world, repo, login, { title, body: `${NASTY}\n\nWanted: ${item[name]}\n` })
  await world.idle()
  return number
}

async function review(login: string, number: number, ...lines: string[]) {
  world.gh.as(login).review(repo, number, { state: 'COMMENT', body: lines.join('\n') })
  await world.idle()
}

/** Five stamps in one passbook: three completions, one of them stamped twice, and a second item of one pull request. */
async function severalStamps() {
  const message = NASTY.replaceAll(/[`\r\n]/g, ' ')
    .replaceAll('\\', '')
    .replaceAll('"', '\\"')
  const first = await submit('first', 'BobTheBuilder')
  await review('mia', first, `/wl stamp quality=4 skills=TypeScript,docs,typescript message="${message}"`)
  await review(OWNER, first, '/wl stamp reliability=2 severity=root confidence=0.333')
  const second = await submit('second', 'BobTheBuilder')
  await review('mia', second, '/wl stamp quality=5 reliability=3 creativity=1 severity=Branch skills=security-audit')
  world.gh.renameUser('BobTheBuilder', 'BOBTHEBUILDER')
  const third = await submit('third', 'BOBTHEBUILDER')
  item['fourth'] = await postItem(world, repo, 'fourth')
  world.gh.as(OWNER).label(repo, third, `wl:${item['fourth']}`)
  await world.idle()
  await review('mia', third, `/wl stamp ${item['third']} quality=1`, `/wl stamp ${item['fourth']} quality=1`)
}

async function others() {
  await submit('in review', 'dave')
  item['claimed'] = await postItem(world, repo, 'claimed')
  openPull(world, repo, 'erin', { draft: true, body: `Wanted: ${item['claimed']}` })
  const carols = await submit('carols', 'carol')
  await review('mia', carols, '/wl stamp quality=4 skills=rust')
  const agents = await submit('agents', 'robo')
  await review(OWNER, agents, '/wl stamp quality=5')
  await review('robo', carols, '/wl stamp quality=5')
  world.gh.user('dependabot[bot]', { bot: true })
  world.gh.as(OWNER).setRole(repo, 'dependabot[bot]', 'write')
  openPull(world, repo, 'dependabot[bot]', { body: `Wanted: ${item['title']}` })
  await review('mia', carols, '/wl stamp quality=6', '/wl stamp quality=4.5', '/wl stamp quality="4"x severity=trunk')
  await world.idle()
}

const ALL_TEXT: [string, string][] = [
  ['rigs', 'handle, display_name, hop_uri, owner_email, rig_type, parent_rig'],
  ['wanted', 'id, title, description, project, type, tags, posted_by, claimed_by, status, effort_level, evidence_url'],
  ['completions', 'id, wanted_id, completed_by, evidence, validated_by, stamp_id, hop_uri'],
  ['stamps', 'id, author, subject, valence, skill_tags, message, context_id, context_type, hop_uri'],
]

const ours = (table: string) => world.sql(`SELECT * FROM ${table} ORDER BY id`)
const stamps = () => ours('stamps')
const stampsOf = (subject: string) =>
  world.sql('SELECT * FROM stamps WHERE subject = ? ORDER BY stamp_index', [subject])
const sha = (text: string) => createHash('sha256').update(text).digest('hex')

/** RFC 8785 of values without fractions that print oddly: keys sorted, no spaces. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const parts = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${parts.map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`).join(',')}}`
}

const pick = (row: Row, ...names: string[]) => Object.fromEntries(names.map((name) => [name, row[name]]))

describe('the input was hostile and the work was done', () => {
  it('five items are completed, one of each other state is there, refusals wrote nothing', async () => {
    const states = Object.fromEntries(
      await Promise.all(
        Object.entries(item).map(async ([name, id]) => [name, (await status(reader, id)).item['status']]),
      ),
    )
    expect(states).toEqual({
      title: 'open',
      long: 'open',
      option: 'open',
      body: 'open',
      '64 kB': 'open',
      first: 'completed',
      second: 'completed',
      third: 'completed',
      fourth: 'completed',
      'in review': 'in_review',
      claimed: 'claimed',
      carols: 'completed',
      agents: 'in_review',
    })
    expect(await stamps()).toHaveLength(6)
  })
})

describe('what readers demand', () => {
  it('1. wl leaderboard: completions linked through stamp_id count, others do not', async () => {
    const board = await reader.rows(LEADERBOARD)
    expect(board.map((row) => [row['completed_by'], row['completions'], Number(row['avg_quality'])])).toEqual([
      ['bobthebuilder', '4', 2.75],
      [await handleOf('carol'), '1', 4],
    ])
    for (const row of board)
      for (const dimension of ['quality', 'reliability', 'creativity']) expectScore(row, dimension)
    expect(await reader.rows(VALIDATED)).toContainEqual({ completed_by: 'bobthebuilder', completions: '4' })
  })

  it('2. wl scoreboard: every stamp counts, root 5, branch 3, leaf 1', async () => {
    const board = await reader.rows(SCOREBOARD)
    expect(board[0]).toMatchObject({
      subject: 'bobthebuilder',
      stamp_count: '5',
      weighted_score: '11',
      unique_towns: '2',
    })
    expect(board[1]).toMatchObject({ subject: await handleOf('carol'), stamp_count: '1', weighted_score: '1' })
  })

  it('3. gt trust: the join over context_id, distinct authors, the registration', async () => {
    const query = trust('bobthebuilder')
    expect(await reader.rows(query.completions)).toEqual([{ n: '4' }])
    const [counted] = await reader.rows(query.stamps)
    expect(counted).toMatchObject({ stamp_count: '5', distinct_validators: '2' })
    const [rig] = await reader.rows(query.tier)
    expect(rig).toEqual({ trust_level: '1', registered_at: expect.stringMatching(SECOND) })
  })

  it('4. gt charsheet: stamp_type, and a passbook from 0 whose links are the sha256 of the id before', async () => {
    for (const subject of ['bobthebuilder', await handleOf('carol')]) {
      const sheet = (await reader.rows(charsheet(subject))).toSorted(
        (a, b) => Number(a['stamp_index']) - Number(b['stamp_index']),
      )
      expect(sheet.map((row) => Number(row['stamp_index']))).toEqual(sheet.map((_, n) => n))
      expect(sheet.map((row) => row['prev_stamp_hash'])).toEqual([
        '',
        ...sheet.slice(0, -1).map((row) => sha(row['id']!)),
      ])
      for (const row of sheet) {
        expect(row).toMatchObject({ stamp_type: 'work', context_type: 'completion' })
        expect(Object.values(JSON.parse(row['valence']!) as object).every(Number.isInteger)).toBe(true)
        expect(Number(row['confidence'])).toBeGreaterThan(0)
      }
    }
  })

  it('5. gt spider: what nobody gave a confidence for raises no alarm', async () => {
    expect(await reader.rows(INFLATED)).toEqual([])
    expect(await reader.rows(IDENTICAL)).toEqual([])
    const confidences = (await stamps()).map((row) => Number(row['confidence']))
    expect(confidences.toSorted((a, b) => a - b)).toEqual([0.333, 0.7, 0.7, 0.7, 0.7, 0.7])
  })

  it('6. wl status: completion and stamp are shown, in exactly the states that show them', async () => {
    const done = await status(reader, item['first']!)
    expect(done.completion).toMatchObject({ completed_by: 'bobthebuilder', validated_by: 'mia' })
    expect(done.stamp).toMatchObject({ author: 'mia', subject: 'bobthebuilder', context_id: done.completion!['id'] })
    const waiting = await status(reader, item['in review']!)
    expect(waiting.completion).toMatchObject({ completed_by: 'dave', stamp_id: '', validated_by: '' })
    for (const name of ['claimed', 'title']) expect((await status(reader, item[name]!)).completion).toBeUndefined()
    const words = new Set((await ours('wanted')).map((row) => String(row['status'])))
    expect([...words].toSorted()).toEqual(['claimed', 'completed', 'in_review', 'open'])
  })

  it('7. profile reader: the first tag tells the skill, and the subject is found by handle and display name', async () => {
    const first = (await reader.rows(SKILLS)).map((row) => (JSON.parse(row['skill_tags']!) as string[])[0])
    expect(new Set(first)).toEqual(new Set(['rust', 'security-audit', 'typescript']))
    for (const text of ['bobthe', 'BobTheBuilder'])
      expect(await reader.rows(search(text))).toEqual([{ handle: 'bobthebuilder', display_name: 'BobTheBuilder' }])
  })

  it('8. sheet_json: a sheet that is there is left as it is, and none is added', async () => {
    const sheets = await world.sql('SELECT * FROM boot_blocks')
    expect(sheets).toEqual([
      {
        handle: 'bob',
        source: 'github',
        sheet_json: JSON.parse(SHEET),
        confidence: 0.8,
        version: '1',
        created_at: '2026-01-01 00:00:00',
      },
    ])
    expect(await world.sql('SELECT * FROM dolt_diff WHERE table_name = ?', ['boot_blocks'])).toHaveLength(2)
  })
})

describe('the words', () => {
  it('ids are w- and 10 hex, c- and s- and 16 hex, and none begins another', async () => {
    const ids = (await Promise.all(['wanted', 'completions', 'stamps'].map(ours)))
      .flat()
      .map((row) => String(row['id']))
    for (const id of ids) expect(id).toMatch(/^(?:w-[0-9a-f]{10}|[cs]-[0-9a-f]{16})$/)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('type, effort, priority, context and stamp type are the protocol’s own', async () => {
    for (const row of (await ours('wanted')).filter(({ id }) => id !== FOREIGN_WANTED)) {
      expect(['trivial', 'small', 'medium', 'large', 'epic']).toContain(row['effort_level'])
      const types = ['feature', 'bug', 'design', 'rfc', 'docs', 'research', 'community', 'inference', null]
      expect(types).toContain(row['type'])
      expect([0, 1, 2, 3, 4]).toContain(row['priority'])
    }
    expect(await world.sql('SELECT type FROM wanted WHERE id = ?', [item['body']])).toEqual([{ type: 'bug' }])
    expect(await world.sql('SELECT priority, effort_level FROM wanted WHERE id = ?', [item['option']])).toEqual([
      { priority: 0, effort_level: 'epic' },
    ])
  })

  it('commits are named in the protocol’s words and authored by the acting rig, never with a private address', async () => {
    const log = await world.sql("SELECT * FROM dolt_log WHERE message NOT LIKE 'Init%'")
    const written = log.filter((row) => row['author'] !== 'carol' && row['author'] !== 'wasteland-bridge')
    for (const row of written) {
      expect(String(row['message']).split('\n')[0]).toMatch(
        /^(?:wl (?:post|claim|unclaim|done|accept|note): w-[0-9a-f]{10}|Register rig: [a-z0-9_-]+)$/,
      )
      expect(row['author_email']).toMatch(/^\d+\+[A-Za-z0-9-]+@users\.noreply\.github\.com$/)
    }
    const by = (subject: string, id: string) =>
      written.filter((row) => String(row['message']).startsWith(`wl ${subject}: ${id}`)).map((row) => row['author'])
    expect([by('post', item['first']!), by('claim', item['first']!), by('accept', item['first']!)]).toEqual([
      [OWNER],
      ['BobTheBuilder'],
      [OWNER, 'mia'],
    ])
  })

  it('there is no branch but main, nothing uncommitted, and no table of our own', async () => {
    expect((await world.sql('SELECT name FROM dolt_branches')).map(({ name }) => name)).toEqual(['main'])
    expect(await world.sql('SELECT * FROM dolt_status')).toEqual([])
    expect((await world.sql('SHOW TABLES')).flatMap((row) => Object.values(row).map(String)).toSorted()).toEqual([
      '_meta',
      'badges',
      'boot_blocks',
      'chain_meta',
      'completions',
      'leaderboard',
      'rig_links',
      'rigs',
      'stamps',
      'wanted',
    ])
  })

  it('schema_version is MAJOR.MINOR', async () => {
    expect(await reader.rows("SELECT value FROM _meta WHERE `key` = 'schema_version'")).toEqual([{ value: '1.2' }])
  })

  it('block_hash is the sha256 of the canonical values that the row itself has, of completions and stamps', async () => {
    const completions = await ours('completions')
    for (const row of completions) {
      const fields = pick(row, 'id', 'wanted_id', 'completed_by', 'evidence', 'completed_at', 'hop_uri')
      expect(row['block_hash']).toBe(sha(canonical(fields)))
    }
    for (const row of await stamps()) {
      const judged = pick(
        row,
        'id',
        'author',
        'subject',
        'valence',
        'confidence',
        'severity',
        'context_id',
        'skill_tags',
      )
      const rest = pick(row, 'message', 'created_at', 'prev_stamp_hash')
      expect(row['block_hash']).toBe(sha(canonical({ ...judged, ...rest })))
    }
    expect(completions.length + (await stamps()).length).toBeGreaterThan(10)
  })
})

describe('traps', () => {
  it.each(ALL_TEXT)(
    '1. every row of %s is one line of what dolt sql answers, and none is forged',
    async (table, columns) => {
      const query = `SELECT ${columns} FROM ${table}`
      const [counted] = await world.sql(`SELECT COUNT(*) AS n FROM ${table}`)
      const rows = await reader.rows(query)
      expect(rows).toHaveLength(counted!['n'])
      for (const row of rows) expect(Object.keys(row)).toEqual(columns.split(', '))
      const drawn = await reader.lines(query, 'tabular')
      expect(drawn.filter((line) => line.startsWith('|'))).toHaveLength(Number(counted!['n']) + 1)
      expect(drawn.filter((line) => !line.startsWith('|'))).toHaveLength(3)
      for (const row of await world.sql(query))
        for (const value of Object.values(row)) expect(JSON.stringify(value)).not.toMatch(/\\[nrbfu]/)
      for (const row of await world.sql(query)) expect(Object.values(row).map(String).join('')).not.toMatch(UNSAFE)
    },
  )

  it('1. the text itself is kept: quotes, commas and what follows them', async () => {
    const [row] = await reader.rows(`SELECT title FROM wanted WHERE id = '${item['title']}'`)
    expect(row!['title']).toContain('a "b" \'c\' `d`, e\\ w-ffffffffff,Forged,open x y z')
    const [stamp] = await reader.rows(`SELECT message FROM stamps WHERE message IS NOT NULL`)
    expect(stamp!['message']).toContain('a "b" \'c\' d , e w-ffffffffff,Forged,open')
  })

  it('2. valence holds integers from 1 to 5 under the three keys and nothing else', async () => {
    for (const { valence } of await stamps()) {
      const keys = Object.keys(valence as object)
      expect(['quality,reliability', 'creativity,quality,reliability']).toContain(keys.toSorted().join())
      for (const value of Object.values(valence as object)) expect([1, 2, 3, 4, 5]).toContain(value)
    }
    const types = await world.sql(`SELECT DISTINCT JSON_TYPE(JSON_EXTRACT(valence, '$.quality')) AS t FROM stamps`)
    expect(types).toEqual([{ t: 'INTEGER' }])
    expect((await stampsOf('bobthebuilder')).map((row) => row['valence'])).toEqual([
      { quality: 4, reliability: 4 },
      { quality: 2, reliability: 2 },
      { quality: 5, reliability: 3, creativity: 1 },
      { quality: 1, reliability: 1 },
      { quality: 1, reliability: 1 },
    ])
  })

  it('3. skill_tags and tags are arrays of strings in lower case without doubles, in the order given', async () => {
    expect((await stampsOf('bobthebuilder')).map((row) => row['skill_tags'])).toEqual([
      ['typescript', 'docs'],
      // Where none were given, the languages of the diff.
      ['typescript'],
      ['security-audit'],
      ['typescript'],
      ['typescript'],
    ])
    for (const row of (await ours('wanted')).filter(({ id }) => id !== FOREIGN_WANTED)) {
      const tags = row['tags'] as string[]
      expect(tags).toEqual([...new Set(tags.map((tag) => tag.toLowerCase()))])
      expect(tags.every((tag) => typeof tag === 'string' && tag !== '')).toBe(true)
    }
    expect(await world.sql('SELECT tags FROM wanted WHERE id = ?', [item['body']])).toEqual([
      { tags: ['typescript', 'ci', 'a,"b"', 'ünïcode', 'good first issue', 'bug'] },
    ])
  })

  it('4. severity is one of three words, confidence is never NULL, and no stamp_id is an empty text', async () => {
    const given = (await stamps()).map((row) => row['severity'] as string)
    expect(given.toSorted()).toEqual(['branch', 'leaf', 'leaf', 'leaf', 'leaf', 'root'])
    for (const row of await stamps()) {
      expect(row['confidence']).toBeGreaterThanOrEqual(0)
      expect(row['confidence']).toBeLessThanOrEqual(1)
    }
    expect(await world.sql("SELECT id FROM completions WHERE stamp_id = '' OR validated_by = ''")).toEqual([])
  })

  it('5. both links are there, and the completion that readers find first is the accepted one', async () => {
    const linked = await world.sql(`SELECT c.id, s.id AS sid FROM completions c JOIN stamps s ON s.id = c.stamp_id
      WHERE s.context_id = c.id AND s.subject = c.completed_by AND s.author = c.validated_by AND c.validated_at IS NOT NULL`)
    const stamped = await world.sql('SELECT id FROM completions WHERE stamp_id IS NOT NULL')
    expect(linked).toHaveLength(5)
    expect(stamped).toHaveLength(5)
    expect(await world.sql('SELECT id FROM stamps WHERE context_id NOT IN (SELECT id FROM completions)')).toEqual([])
    for (const { wanted_id: id } of await world.sql(
      'SELECT DISTINCT wanted_id FROM completions WHERE stamp_id IS NOT NULL',
    ))
      expect((await status(reader, String(id))).stamp).toBeDefined()
  })

  it('6. handles are lower case and of the pattern; a taken one, and a login renamed in its capitals, are one rig each', async () => {
    const rigs = await world.sql('SELECT handle, hop_uri FROM rigs')
    const handles = rigs.map((row) => String(row['handle']))
    for (const handle of handles) expect(handle).toMatch(/^[a-z0-9][a-z0-9_-]{0,63}$/)
    const carol = world.gh.user('carol')
    expect(handles.toSorted()).toEqual(
      ['ada', 'bobthebuilder', 'carol', `carol-${carol.id}`, 'dave', 'erin', 'mia', 'robo'].toSorted(),
    )
    expect(new Set(rigs.map((row) => row['hop_uri'])).size).toBe(rigs.length)
    for (const row of await stamps()) expect(String(row['author']).toLowerCase()).not.toBe(String(row['subject']))
  })

  it('6. an agent stamps nobody, is stamped by none of its owner, and a bot’s work is left alone', async () => {
    expect(await world.sql("SELECT id FROM stamps WHERE author = 'robo' OR subject = 'robo'")).toEqual([])
    expect((await status(reader, item['title']!)).item['status']).toBe('open')
  })

  it('7. times are UTC and whole seconds, and GitHub’s own', async () => {
    for (const [table, columns] of [
      ['rigs', ['registered_at', 'last_seen']],
      ['wanted', ['created_at', 'updated_at']],
      ['completions', ['completed_at', 'validated_at']],
      ['stamps', ['created_at']],
    ] as const) {
      for (const row of await reader.rows(`SELECT ${columns.join(', ')} FROM ${table}`)) {
        const given = Object.values(row).filter((value) => value !== '')
        for (const value of given) expect(value).toMatch(SECOND)
        for (const value of given)
          expect(Math.abs(Date.parse(`${value.replace(' ', 'T')}Z`))).toBeLessThan(Date.now() + 60_000)
      }
    }
    const [row] = await world.sql('SELECT created_at FROM wanted WHERE id = ?', [item['first']])
    const comments = world.gh.comments(repo, await issueOf('first'))
    expect(row!['created_at']).toBe(String(comments[0]!['created_at']).slice(0, 19).replace('T', ' '))
  })

  it('8. what detail and dump ask for is there, and every subject and author has a rig', async () => {
    for (const query of DETAIL) await reader.rows(query)
    expect(await world.sql('SELECT id FROM stamps WHERE subject NOT IN (SELECT handle FROM rigs)')).toEqual([])
    expect(await world.sql('SELECT id FROM stamps WHERE author NOT IN (SELECT handle FROM rigs)')).toEqual([])
    expect(await world.sql('SELECT handle FROM rigs WHERE rig_type IS NULL')).toEqual([])
  })

  it('9. Dolt stores the keys in an order of its own, and the hash does not care', async () => {
    const [row] = await world.sql("SELECT CAST(valence AS CHAR) AS text FROM stamps WHERE severity = 'branch'")
    expect(JSON.parse(String(row!['text']))).toEqual({ quality: 5, reliability: 3, creativity: 1 })
    expect(canonical({ b: 1, a: { d: 2, c: 3 } })).toBe('{"a":{"c":3,"d":2},"b":1}')
  })

  it('10. no text is too long for its column, however long what was given', async () => {
    const widths = await world.sql(`SELECT table_name AS t, column_name AS c, character_maximum_length AS n
      FROM information_schema.columns WHERE table_schema = 'commons' AND character_maximum_length IS NOT NULL`)
    for (const { t, c, n } of widths) {
      const [longest] = await world.sql(`SELECT MAX(CHAR_LENGTH(\`${t}\`.\`${c}\`)) AS n FROM \`${t}\``)
      expect(longest!['n'] ?? 0).toBeLessThanOrEqual(Number(n))
    }
    const [row] = await world.sql('SELECT title FROM wanted WHERE id = ?', [item['long']])
    expect(row!['title']).toBe(`${'T'.repeat(199)}…`)
    const [long] = await world.sql('SELECT CHAR_LENGTH(description) AS n FROM wanted WHERE id = ?', [item['64 kB']])
    expect(long!['n']).toBe(4000)
  })
})

function expectScore(row: Line, dimension: string) {
  const score = Number(row[`avg_${dimension}`])
  expect(score).toBeGreaterThanOrEqual(0)
  expect(score).toBeLessThanOrEqual(5)
}

async function handleOf(login: string): Promise<string> {
  const [rig] = await world.sql('SELECT handle FROM rigs WHERE hop_uri LIKE ?', [
    `entity://%/${world.gh.user(login).id}`,
  ])
  return String(rig!['handle'])
}

/** The issue that an item was posted from. */
async function issueOf(name: string): Promise<number> {
  const [row] = await world.sql('SELECT description FROM wanted WHERE id = ?', [item[name]])
  return Number(/\/issues\/(\d+) /.exec(String(row!['description']))![1])
}
