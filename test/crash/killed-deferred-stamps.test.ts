import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { beginTapped, type Life } from './life.ts'
import { startStores, type Stores } from './stores.ts'
import { somePoints } from './points.ts'
import { REPO } from './story.ts'
import { type Step, strikeAfter } from './strike.ts'
import type { Tap } from './tap.ts'

const TEST_MS = 180_000
const BOT = 'wasteland-bridge[bot]'

const HOLDING: Step[] = [
  ['it is deferred', 'Postgres', /insert into "held_stamps"/],
  ['the answer is said', 'GitHub', /^POST .*issues\/\d+\/comments/],
]
const GIVING: Step[] = [
  ['the Dolt commit is made', 'Dolt', /DOLT_COMMIT\('-Am', 'wl accept/],
  ['a comment is changed', 'GitHub', /^POST \/graphql Publish/],
  ['its end is noted', 'Postgres', /update "held_stamps"/],
]
const ASKING: Step[] = [
  ['the validator is asked', 'GitHub', /^POST .*issues\/\d+\/comments/],
  ['its end is noted', 'Postgres', /update "held_stamps"/],
]

describe('SIGKILL of the bridge while a stamp is deferred or given, then a restart: one stamp, each told once', () => {
  let stores: Stores
  let life: Life & { dolt: Tap; postgres: Tap }
  let pulls = 0
  beforeAll(async () => {
    stores = await startStores()
    life = await beginTapped(stores, 'press', 0)
    await life.revive()
    life.gh.as('ada').writeFile(REPO, '.github/wasteland.yml', 'press: merge')
    await life.rest()
  }, 120_000)
  afterAll(async () => {
    await life.close()
    await stores.close()
  })

  it.each(somePoints(HOLDING, 'holding'))(
    'in the holding, when %s',
    async (_done, at, text) => {
      const { id, number } = await inReview()
      const struck = strikeAfter(life, at, text)
      await stamp(number)
      expect(struck()).toBe(true)
      expect(await stampsOn(id)).toEqual([])
      expect(said(number)).toEqual([
        expect.stringContaining('- Deferred stamp of `mia`'),
        expect.stringMatching(/^Deferred/),
      ])
      await merge(number)
      expect(await stampsOn(id)).toEqual(['mia'])
    },
    TEST_MS,
  )

  it.each(somePoints(GIVING, 'giving'))(
    'while it is given, when %s',
    async (_done, at, text) => {
      const { id, number } = await inReview()
      await stamp(number)
      const struck = strikeAfter(life, at, text)
      await merge(number)
      expect(struck()).toBe(true)
      expect(await stampsOn(id)).toEqual(['mia'])
      expect(said(number)).toEqual([expect.stringContaining('**Completed**'), expect.stringMatching(/^Given/)])
    },
    TEST_MS,
  )

  it.each(somePoints(ASKING, 'asking'))(
    'in asking again, when %s',
    async (_done, at, text) => {
      const { id, number } = await inReview()
      await stamp(number)
      life.gh.as('bob').push(REPO, number, { files: { [`src/more-${pulls}.ts`]: 'export {}\n' } })
      await life.rest()
      const struck = strikeAfter(life, at, text)
      await merge(number)
      expect(struck()).toBe(true)
      expect(await stampsOn(id)).toEqual([])
      expect(said(number)).toEqual([
        expect.not.stringContaining('Deferred'),
        expect.stringContaining('it was not given'),
        expect.stringMatching(/^\*\*Not given\*\*, @mia/),
      ])
    },
    TEST_MS,
  )

  async function inReview(): Promise<{ id: string; number: number }> {
    const issue = life.gh.as('ada').openIssue(REPO, { title: 'Count' }).number
    life.gh.as('ada').comment(REPO, issue, '/wl post')
    await life.rest()
    const { labels } = life.gh.issue(REPO, issue) as { labels: { name: string }[] }
    const id = labels[0]!.name.replace('wl:', '')
    life.gh.user('bob')
    const head = `bob-${++pulls}`
    const commits = [{ files: { [`src/${head}.ts`]: 'export {}\n' } }]
    const { number } = life.gh
      .as('bob')
      .openPullRequest({ repo: REPO, title: 'Count', head, body: `Wanted: ${id}`, commits })
    await life.rest()
    return { id, number }
  }

  async function stamp(number: number) {
    life.gh.as('mia').comment(REPO, number, '/wl stamp quality=4')
    await life.rest()
  }

  async function merge(number: number) {
    life.gh.as('ada').merge(REPO, number)
    await life.rest()
  }

  async function stampsOn(id: string): Promise<string[]> {
    const rows = await life.ledger(
      'SELECT author FROM stamps WHERE context_id IN (SELECT id FROM completions WHERE wanted_id = ?)',
      [id],
    )
    return rows.map((row) => String(row['author']))
  }

  function said(number: number): string[] {
    return life.gh
      .comments(REPO, number)
      .filter((comment) => comment.user?.login === BOT)
      .map((comment) => String(comment.body))
  }
})
