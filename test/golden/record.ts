/*
 * Records a golden dump of an older version: a backup that it made while work of every kind waited in its queue, what
 * GitHub knew then, and what that version makes of the same backup. golden.test.ts holds today's program against it.
 *
 *   git worktree add --detach /tmp/old <commit> && (cd /tmp/old && npm ci)
 *   node --disable-warning=ExperimentalWarning test/golden/record.ts /tmp/old test/golden/<year>-<month>
 *
 * Where there is a dump, only expected.json is made again: what outcome.ts compares may have changed.
 * 2026-11 was recorded with 2b7d9e6, which has its jobs in `pgboss.job`. A later version has them in `jobs`: who records
 * one changes the statements on that table, here and in stage.ts.
 * A dump is recorded once and stays: a version that cannot start on it loses work.
 * The local GitHub is today's; its state in the dump is what its types were then, so who adds to those adds a default
 * in local-github/state.ts.
 */
import { isDeepStrictEqual } from 'node:util'
import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeOf, countsOf, type Expected, outcomeOf } from './outcome.ts'
import { onGolden, openStage, packGolden, type Stage } from './stage.ts'
import { BEGINS, OWNER, playBefore, playFirst, playLast, tellOn } from './story.ts'

const DAYS = 24 * 3_600
/** Longer than a failed job waits for its next try. */
const HELD = `start_after > now() + interval '1 hour'`

/**
 * A delay that the recorder puts into the table of jobs: what the program stores lies there until the program has
 * ended, whatever it is. The rows are the program's own; at the end the delay is taken out of them. What is of `dead`
 * gets one try: the program gives up after twelve, which take half an hour.
 */
async function hold(stage: Stage, which: string) {
  await stage.ops(`
    CREATE OR REPLACE FUNCTION hold_job() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NEW.data->'delivery'->'payload'->'repository'->>'name' = 'dead' THEN NEW.retry_limit := 0;
      ELSIF NEW.name IN ('deliveries', 'imports') AND (${which}) THEN NEW.start_after := now() + interval '2 days';
      END IF;
      RETURN NEW;
    END $$;
    CREATE OR REPLACE TRIGGER hold_job BEFORE INSERT ON pgboss.job FOR EACH ROW EXECUTE FUNCTION hold_job()`)
}

async function letGo(stage: Stage) {
  await stage.ops(`DROP TRIGGER hold_job ON pgboss.job; DROP FUNCTION hold_job`)
  await stage.ops(`UPDATE pgboss.job SET start_after = created_on WHERE state = 'created' AND ${HELD}`)
}

async function until(what: string, isSo: () => Promise<boolean>) {
  for (let tries = 0; !(await isSo()); tries++) {
    if (tries > 600) throw new Error(`it does not come to this: ${what}`)
    await sleep(100)
  }
}

async function record(root: string, archive: string) {
  const folder = mkdtempSync(join(tmpdir(), 'wasteland-golden-record-'))
  const stage = await openStage({ github: { app: { owner: OWNER } }, root })
  try {
    const { gh } = stage
    gh.clock.set(BEGINS)
    gh.user(OWNER)
    gh.user('mia')
    gh.repository(`${OWNER}/first`)
    gh.as(OWNER).installApp({ account: OWNER })
    mkdirSync(stage.dataDir, { mode: 0o700 })
    appendFileSync(join(stage.dataDir, 'admitted'), 'guild\n', { mode: 0o600 })
    await stage.start()
    const told = tellOn(stage)
    const played = await playBefore(told)

    // The end of frank's claim is announced, that of erin's is not.
    await ahead(stage, 6 * DAYS)
    await stage.idle()
    await hold(stage, `NOT NEW.data ? 'delivery'`)
    await playFirst(told, played)
    await stage.idle(HELD)
    await stage.sql(
      `UPDATE rig_links SET assertion_a = coalesce(assertion_a, 'mine'), assertion_b = coalesce(assertion_b, 'mine'),
         status = 'completed', completed_at = '2026-11-08 09:00:00'`,
    )
    await stage.sql(`CALL DOLT_COMMIT('-Am', 'wl link')`)
    // Frank's claim ends, and the end of erin's is announced.
    await ahead(stage, 6 * DAYS)
    const kinds = ['revisit', 'claim', 'flag', 'reconcile', 'revert', 'import']
    for (const kind of kinds) await until(`a ${kind} waits`, () => isAny(stage, kind, `state = 'created'`))

    // One that is noted as missed, and was asked for in vain.
    gh.drop(({ payload }) => ['pam', 'rita'].includes(payload.sender.login))
    told.say(played.at('talk'), played.talk, 'rita', '/wl status')
    await until(
      'a missed delivery',
      async () => (await stage.ops(`SELECT FROM missed_deliveries WHERE asked = 1`)).length > 0,
    )

    await hold(stage, `coalesce(NEW.data->'delivery'->'payload'->'repository'->>'name', '') NOT IN ('away', 'stuck')`)
    gh.fault({ path: /^\/repos\/ada\/away/, status: 503, times: Infinity })
    gh.fault({ path: /^\/repos\/ada\/stuck/, hang: true, times: Infinity })
    gh.fault({ path: /^\/repos\/ada\/dead/, status: 200, body: {}, times: Infinity })
    gh.fault({ path: /^\/app\/hook\/deliveries/, status: 503, times: Infinity })
    for (const name of ['away', 'dead']) told.say(played.at(name), 1, OWNER, '/wl post')
    playLast(told, played)
    // One that nobody has looked for yet.
    told.say(played.at('talk'), played.talk, 'pam', '/wl status')
    told.say(played.at('stuck'), 1, OWNER, '/wl post')
    await gh.settled()
    await until('a dead letter', () => isAny(stage, 'delivery', `name = 'dead-letters'`))
    await until('one in retry', () => isAny(stage, 'delivery', `state = 'retry'`))
    await until('one in hand', () => isAny(stage, 'delivery', `state = 'active'`))
    await stage.bridge.kill()
    await letGo(stage)
    // Of lena's work only the marker in our comment says that a stamp is held.
    await stage.ops(`DELETE FROM held_stamps WHERE pull_request_id = (SELECT max(pull_request_id) FROM held_stamps)`)
    const backups = join(folder, 'backups')
    await stage.run('backup', backups)
    cpSync(join(backups, readdirSync(backups)[0]!), join(folder, 'backup'), { recursive: true })
    writeFileSync(join(folder, 'github'), gh.save())
    packGolden(folder, archive)
  } finally {
    await stage.close()
    rmSync(folder, { recursive: true })
  }
}

/** GitHub's time and the bridge's jump. */
async function ahead(stage: Stage, seconds: number) {
  stage.gh.clock.advance(seconds)
  await stage.bridge.stop()
  await stage.start()
}

async function isAny({ ops }: Stage, kind: string, where: string): Promise<boolean> {
  return (await ops(`SELECT FROM pgboss.job WHERE data ? $1 AND ${where}`, [kind])).length > 0
}

/** What the older version makes of its own dump. */
function finish(archive: string, root: string): Promise<Expected> {
  return onGolden(archive, root, async (stage, jobs, made) => {
    const before = beforeOf(stage, jobs, made)
    await stage.start()
    await stage.idle()
    return { waiting: countsOf(jobs), outcome: await outcomeOf(stage, before) }
  })
}

async function main([root, target]: string[]) {
  if (root === undefined || target === undefined) throw new Error('Usage: record.ts <folder of a version> <new folder>')
  mkdirSync(target, { recursive: true })
  const archive = join(resolve(target), 'dump.tar.gz')
  if (!existsSync(archive)) await record(resolve(root), archive)
  const [one, other] = [await finish(archive, resolve(root)), await finish(archive, resolve(root))]
  writeFileSync(join(target, 'expected.json'), `${JSON.stringify(one, undefined, 1)}\n`)
  if (isDeepStrictEqual(one, other)) return
  writeFileSync(join(tmpdir(), 'expected.other.json'), `${JSON.stringify(other, undefined, 1)}\n`)
  throw new Error(`two runs differ: diff ${join(target, 'expected.json')} ${join(tmpdir(), 'expected.other.json')}`)
}

await main(process.argv.slice(2))
