import type { Actor } from '../../local-github/local-github.ts'
import type { Stage } from './stage.ts'

export const OWNER = 'ada'
/** No day of anybody's; the bridge's time and GitHub's begin here, whenever it is recorded. */
export const BEGINS = '2026-11-02T09:00:00Z'
const FILE = 'src/count.ts'
const WORK = 'export const n = 1\nexport const m = 2\n'

/** Who speaks and where: `say` as on a page, without waiting. */
export interface Told {
  stage: Stage
  as(login: string): Actor
  repository(name: string): string
  say(repo: string, number: number, login: string, line: string): number
  /** An issue of ada's, and the line that posts it. The item's id once the bridge has come to rest. */
  post(repo: string, title: string, line?: string): Promise<string>
  /** A pull request of somebody's, from their fork. */
  pull(repo: string, login: string, body: string, file?: string): number
}

export function tellOn(stage: Stage): Told {
  const { gh } = stage
  const as = (login: string) => {
    gh.user(login)
    return gh.as(login)
  }
  const say: Told['say'] = (repo, number, login, line) => as(login).comment(repo, number, line).id
  return {
    stage,
    as,
    say,
    repository(name) {
      const full = `${OWNER}/${name}`
      gh.repository(full, { files: { 'src/a.ts': 'one\ntwo\nthree\n' }, collaborators: { mia: 'maintain' } })
      return full
    },
    async post(repo, title, line = '/wl post') {
      const issue = as(OWNER).openIssue(repo, { title, body: 'It should count.' })
      say(repo, issue.number, OWNER, line)
      await stage.answered()
      const rows = await stage.sql('SELECT id, description FROM wanted')
      return rows.find((row) => String(row['description']).startsWith(`${issue.html_url} `))!['id']
    },
    pull(repo, login, body, file = `src/${login}.ts`) {
      const about = { repo, title: 'Count', body, head: `of-${login}` }
      return as(login).openPullRequest({ ...about, commits: [{ message: 'Count', files: { [file]: WORK } }] }).number
    },
  }
}

/** What was done and answered long before the end: nothing of it waits. */
export async function playBefore(told: Told) {
  const { stage, as, repository, say, post, pull } = told
  const ada = as(OWNER)
  const names = [
    'work',
    'press',
    'sealed',
    'bounty',
    'claims',
    'line',
    'owners',
    'back',
    'later',
    'talk',
    'away',
    'stuck',
    'dead',
  ]
  for (const name of names) repository(name)
  const at = (name: string) => `${OWNER}/${name}`
  await stage.answered()

  const first = await post(at('work'), 'Count the loops')
  await stage.sql(`UPDATE rigs SET trust_level = 3 WHERE handle = '${OWNER}'`)
  await stage.sql(`CALL DOLT_COMMIT('-Am', 'Trust the first rig')`)
  await stage.run('vouch', '--yes')

  const work = pull(at('work'), 'bob', `Wanted: ${first}`)
  await stage.answered()
  say(at('work'), work, 'mia', '/wl stamp quality=4 skills=counting')
  await stage.answered()
  say(at('work'), work, 'mia', '/wl correct quality=3 reason="A test was missing"')
  await stage.answered()
  ada.merge(at('work'), work)
  say(at('work'), work, OWNER, '/wl promote @bob level=2 reason="Good work"')
  await stage.answered()

  const held = async (name: string, login: string) => {
    ada.writeFile(at(name), '.github/wasteland.yml', 'press: merge')
    const item = await post(at(name), 'Press the numbers')
    const number = pull(at(name), login, `Wanted: ${item}`)
    await stage.answered()
    say(at(name), number, 'mia', '/wl stamp quality=5 skills=pressing')
    await stage.answered()
    return number
  }
  const [press, sealed] = [await held('press', 'carol'), await held('sealed', 'lena')]

  const bounty = await post(at('bounty'), 'Count the stars', '/wl post bounty')
  const entry = pull(at('bounty'), 'dave', `Wanted: ${bounty}`)
  await stage.answered()

  // Claims of small work last a week, and of medium work two.
  const [long, short] = [
    await post(at('claims'), 'Count for long'),
    await post(at('claims'), 'Count in short', '/wl post effort=small'),
  ]
  say(at('claims'), 1, 'erin', `/wl claim ${long}`)
  say(at('claims'), 2, 'frank', `/wl claim ${short}`)
  await stage.answered()

  const lined = await post(at('line'), 'Count in line')
  const holds = pull(at('line'), 'gina', `Wanted: ${lined}`)
  await stage.answered()
  pull(at('line'), 'hugo', `Wanted: ${lined}`)
  await stage.answered()

  const owned = await post(at('owners'), 'Count for each other')
  ada.setRole(at('owners'), as('uma').login, 'maintain')
  const own = pull(at('owners'), 'uma2', `Wanted: ${owned}`)
  await stage.answered()
  say(at('owners'), own, 'uma', '/wl stamp quality=5')
  await stage.answered()
  // Of a rig that no account of GitHub's stands behind, a peer says who has it.
  await stage.sql(
    `INSERT INTO rigs (handle, display_name, hop_uri) VALUES ('uma0', 'uma0', 'hop://uma0@example.org/uma0/')`,
  )
  await stage.sql(`CALL DOLT_COMMIT('-Am', 'Register rig')`)
  for (const login of ['uma', 'uma2']) say(at('owners'), own, login, '/wl link uma0')
  await stage.answered()

  const taken = await post(at('back'), 'Count, and take it back')
  const back = pull(at('back'), 'ivan', `Wanted: ${taken}`, FILE)
  await stage.answered()
  say(at('back'), back, 'mia', '/wl stamp quality=2')
  const merged = ada.merge(at('back'), back)
  await stage.answered()

  // Reverted before it names an item.
  const late = await post(at('later'), 'Count, and say so later')
  const later = pull(at('later'), 'judy', '', FILE)
  ada.merge(at('later'), later)
  await stage.answered()
  const { number: revert } = ada.revertPullRequest(at('later'), later)
  ada.merge(at('later'), revert)
  await stage.answered()

  const talk = ada.openIssue(at('talk'), { title: 'Talk' }).number
  stage.gh.person('pam', 'newcomer')
  stage.gh.person('quinn', 'newcomer')
  say(at('talk'), talk, 'pam', '/wl import')
  await stage.answered()
  say(at('talk'), talk, 'olga', '/wl decline confirm')
  await stage.answered()
  for (const name of ['away', 'stuck', 'dead']) ada.openIssue(at(name), { title: `Talk of ${name}` })
  await stage.answered()
  return { at, ada, press, sealed, entry, holds, own, back, merged, late, later, talk }
}

/** Jobs of all kinds but deliveries, from whatever puts them. */
export async function playFirst(told: Told, { at, ada, holds, late, later, talk }: Played) {
  const { stage, as, say } = told
  const { gh } = stage
  // The item is open again: the next in its line is looked at.
  as('gina').close(at('line'), holds)
  // A reverted pull request names an item at last.
  ada.label(at('later'), later, `wl:${late}`)
  say(at('talk'), talk, 'quinn', '/wl import')
  gh.organization('guild', { members: { guildmaster: 'admin' } })
  gh.repository('guild/hall', { files: { 'src/a.ts': 'one\n' } })
  const { number } = gh.as('guildmaster').openIssue('guild/hall', { title: 'Count the guild', body: 'All of it.' })
  say('guild/hall', number, 'guildmaster', '/wl post')
  gh.as('guildmaster').installApp({ account: 'guild' })
}

/** Deliveries of all that the program acts on most. */
export function playLast(told: Told, { at, ada, press, sealed, entry, own, back, merged, talk }: Played) {
  const { as, say, pull } = told
  ada.merge(at('press'), press, 'squash')
  ada.merge(at('sealed'), sealed)
  ada.commit(at('back'), {
    message: `Revert "Count"\n\nThis reverts commit ${merged}.`,
    files: { [FILE]: null },
  })
  say(at('bounty'), entry, 'mia', '/wl stamp quality=4')
  say(at('owners'), own, 'uma2', '/wl status')
  say(at('back'), back, 'mia', '/wl correct quality=1 reason="It is taken back"')
  const issue = ada.openIssue(at('talk'), { title: 'Count what waits', body: 'All of it.' })
  say(at('talk'), issue.number, OWNER, '/wl post effort=small')
  pull(at('talk'), 'kim', `Closes #${issue.number}`)
  say(at('talk'), talk, 'olga', '/wl join')
  as('mia').openIssue(at('talk'), { title: 'Nothing to count' })
}

export type Played = Awaited<ReturnType<typeof playBefore>>
