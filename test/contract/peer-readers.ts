import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export type Line = Record<string, string>

/** How `wl` and `gt` read: they run `dolt sql` and take its answer apart line by line. */
export interface PeerReader {
  /** The answer's lines as they come. */
  lines(sql: string, format: 'csv' | 'tabular'): Promise<string[]>
  /** Rows as their readers see them: one line each, quoted fields, spaces trimmed, NULL and '' the same. */
  rows(sql: string): Promise<Line[]>
}

export function peerReader(bin: string, dataDir: string): PeerReader {
  const dolt = join(dataDir, 'dolt')
  const [port, password] = ['port', 'password'].map((file) => readFileSync(join(dolt, file), 'utf8').trim())
  const lines: PeerReader['lines'] = async (sql, format) => {
    const where = ['--host', '127.0.0.1', '--port', port!, '--user', 'root', '--no-tls', '--use-db', 'commons']
    const { stdout } = await run(bin, [...where, 'sql', '-r', format, '-q', sql], {
      env: { ...process.env, HOME: dataDir, DOLT_ROOT_PATH: dataDir, DOLT_CLI_PASSWORD: password },
      cwd: dataDir,
      maxBuffer: 64 * 1024 * 1024,
    })
    return stdout.trim().split('\n')
  }
  return {
    lines,
    async rows(sql) {
      const [header, ...rest] = (await lines(sql, 'csv')).filter((line) => line !== '')
      const names = fields(header ?? '')
      return rest.map((line) => Object.fromEntries(fields(line).map((value, n) => [names[n] ?? `extra ${n}`, value])))
    },
  }
}

/** One line; a quote opens and closes, two are one, and nothing carries over to the next line. */
function fields(line: string): string[] {
  const found: string[] = []
  let field = ''
  let quoted = false
  for (let n = 0; n < line.length; n++) {
    const char = line[n]!
    if (char === '"' && quoted && line[n + 1] === '"') field += line[n++]
    else if (char === '"') quoted = !quoted
    else if (char === ',' && !quoted) {
      found.push(field)
      field = ''
    } else field += char
  }
  return [...found, field].map((each) => each.trim())
}

// Their queries, restated.

export const LEADERBOARD = `SELECT c.completed_by, COUNT(*) AS completions,
  COALESCE(AVG(JSON_EXTRACT(s.valence, '$.quality')), 0) AS avg_quality,
  COALESCE(AVG(JSON_EXTRACT(s.valence, '$.reliability')), 0) AS avg_reliability,
  COALESCE(AVG(JSON_EXTRACT(s.valence, '$.creativity')), 0) AS avg_creativity
  FROM completions c JOIN stamps s ON c.stamp_id = s.id GROUP BY c.completed_by
  ORDER BY completions DESC, avg_quality DESC, c.completed_by ASC LIMIT 100`

export const SCOREBOARD = `SELECT s.subject, COUNT(*) AS stamp_count,
  SUM(CASE s.severity WHEN 'root' THEN 5 WHEN 'branch' THEN 3 WHEN 'leaf' THEN 1 ELSE 0 END) AS weighted_score,
  COUNT(DISTINCT s.author) AS unique_towns,
  COALESCE(AVG(JSON_EXTRACT(s.valence, '$.quality')), 0) AS avg_quality
  FROM stamps s GROUP BY s.subject ORDER BY weighted_score DESC, stamp_count DESC, s.subject ASC LIMIT 100`

export const VALIDATED = `SELECT completed_by, COUNT(*) AS completions FROM completions
  WHERE stamp_id IS NOT NULL GROUP BY completed_by`

export const SKILLS = `SELECT s.subject, s.skill_tags FROM stamps s
  WHERE s.skill_tags IS NOT NULL AND s.skill_tags != '' ORDER BY s.subject`

export const trust = (handle: string) => ({
  tier: `SELECT trust_level, registered_at FROM rigs WHERE handle = '${handle}'`,
  completions: `SELECT COUNT(DISTINCT c.id) AS n FROM completions c INNER JOIN stamps s ON s.context_id = c.id
    WHERE c.completed_by = '${handle}'`,
  stamps: `SELECT COUNT(*) AS stamp_count, COALESCE(AVG(JSON_EXTRACT(valence, '$.quality')), 0) AS avg_quality,
    COUNT(DISTINCT author) AS distinct_validators FROM stamps WHERE subject = '${handle}'`,
})

export const charsheet = (handle: string) => `SELECT id, author, subject, valence, confidence, severity,
  COALESCE(context_id,'') AS context_id, COALESCE(context_type,'') AS context_type, COALESCE(stamp_type,'') AS stamp_type,
  COALESCE(skill_tags,'') AS skill_tags, COALESCE(message,'') AS message,
  COALESCE(prev_stamp_hash,'') AS prev_stamp_hash, COALESCE(stamp_index,-1) AS stamp_index,
  COALESCE(created_at,'') AS created_at FROM stamps WHERE subject = '${handle}' ORDER BY created_at DESC`

export const INFLATED = `SELECT author, COUNT(*) AS stamp_count, ROUND(AVG(confidence), 3) AS avg_confidence FROM stamps
  GROUP BY author HAVING COUNT(*) >= 5 AND ROUND(AVG(confidence), 3) >= 0.95`

export const IDENTICAL = `SELECT author, JSON_EXTRACT(valence, '$') AS valence_pattern, COUNT(*) AS identical_count FROM stamps
  GROUP BY author, JSON_EXTRACT(valence, '$') HAVING COUNT(*) >= 5`

/** What `wl status` shows of an item: completion and stamp only in these two states. */
export async function status(reader: PeerReader, id: string): Promise<{ item: Line; completion?: Line; stamp?: Line }> {
  const [item] =
    await reader.rows(`SELECT id, title, COALESCE(description,'') AS description, COALESCE(project,'') AS project,
    COALESCE(type,'') AS type, priority, COALESCE(tags,'') AS tags, COALESCE(posted_by,'') AS posted_by,
    COALESCE(claimed_by,'') AS claimed_by, status, COALESCE(effort_level,'medium') AS effort_level,
    COALESCE(created_at,'') AS created_at, COALESCE(updated_at,'') AS updated_at FROM wanted WHERE id = '${id}'`)
  if (item === undefined) throw new Error(`wl finds no item ${id}`)
  if (item['status'] !== 'in_review' && item['status'] !== 'completed') return { item }
  const [completion] = await reader.rows(`SELECT id, wanted_id, completed_by, COALESCE(evidence, '') AS evidence,
    COALESCE(stamp_id, '') AS stamp_id, COALESCE(validated_by, '') AS validated_by
    FROM completions WHERE wanted_id = '${id}'`)
  if (completion === undefined || completion['stamp_id'] === '') return completion ? { item, completion } : { item }
  const [stamp] =
    await reader.rows(`SELECT id, author, subject, valence, severity, COALESCE(context_id,'') AS context_id,
    COALESCE(context_type,'') AS context_type, COALESCE(skill_tags,'') AS skill_tags, COALESCE(message,'') AS message
    FROM stamps WHERE id = '${completion['stamp_id']}'`)
  return stamp === undefined ? { item, completion } : { item, completion, stamp }
}

export const DETAIL = [
  "SELECT handle, COALESCE(registered_at, '') AS registered_at, COALESCE(rig_type, '') AS rig_type FROM rigs",
  'SELECT subject, severity, COUNT(*) AS cnt FROM stamps GROUP BY subject, severity',
  "SELECT rig_handle, badge_type, COALESCE(awarded_at, '') AS awarded_at FROM badges",
  "SELECT handle, COALESCE(rig_type,'') AS rig_type, COALESCE(parent_rig,'') AS parent_rig FROM rigs ORDER BY handle",
]

export const search = (text: string) =>
  `SELECT handle, display_name FROM rigs WHERE handle LIKE '%${text}%' OR display_name LIKE '%${text}%' LIMIT 20`
