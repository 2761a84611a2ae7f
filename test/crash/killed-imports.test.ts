import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../ops/fake-server.ts'
import { beginEmbedded, type Life } from './life.ts'
import { REPO } from './story.ts'
import { countUnfinished } from '../queue-rows.ts'

const TEST_MS = 120_000
const BOT = 'wasteland-bridge[bot]'

describe('SIGKILL of the whole program while somebody is imported or forgotten, then a restart', () => {
  let life: Life
  beforeAll(async () => {
    life = await beginEmbedded()
    await life.revive()
  }, TEST_MS)
  afterAll(() => life.close())

  it.each([
    ['after the years', 'languages_0'],
    ['after the repositories', 'is:closed sort'],
    ['after the counts', 'pullRequestReviewContributions'],
  ])(
    'killed %s: one comment with the sheet, and what was kept is not asked again',
    async (_when, asking) => {
      const login = await person()
      const whole = await requestsOf(await person())
      const number = say(login, '/wl import')
      let struck = false
      const unhook = life.gh.onRequest(async ({ path, body }) => {
        const text = JSON.stringify(body) ?? ''
        if (struck || path !== '/graphql' || !text.includes(asking)) return
        struck = true
        const bridge = life.bridge()
        life.strike()
        await bridge.ended
      })
      const from = life.gh.requests.length
      await until(() => struck)
      unhook()
      await atRest()
      expect(said(number)).toEqual([expect.stringMatching(new RegExp(`^Imported the character sheet of ${login}`))])
      // Only what was asked when it was killed is asked twice.
      expect(asked(from)).toBeLessThanOrEqual(whole + 2)
      expect(await life.operations('SELECT state, token, kept FROM imports WHERE login = $1', [login])).toEqual([
        { state: 'done', token: null, kept: null },
      ])
      expect(await life.ledger('SELECT COUNT(*) AS n FROM pile.boot_blocks WHERE handle = ?', [login])).toEqual([
        { n: 1 },
      ])
    },
    TEST_MS,
  )

  it(
    'killed when the answer was said and not noted: it is said once',
    async () => {
      const login = await person()
      const number = say(login, '/wl import')
      let struck = false
      const unhook = life.gh.onRequest(async ({ method, path }) => {
        if (struck || method !== 'PATCH' || !path.includes('/comments/')) return
        struck = true
        const bridge = life.bridge()
        life.strike()
        await bridge.ended
      }, 'after')
      await until(() => struck)
      unhook()
      await atRest()
      expect(said(number)).toEqual([expect.stringMatching(new RegExp(`^Imported the character sheet of ${login}`))])
    },
    TEST_MS,
  )

  it(
    'killed while somebody is forgotten: the next start brings it to its end, and it is answered once',
    async () => {
      const login = await person()
      say(login, '/wl import')
      await atRest()
      // It would be over between two looks: the comment that told of the import cannot be taken back for now.
      const end = life.gh.fault({ method: 'PATCH', path: /\/issues\/comments\/\d+$/, hang: true, times: Infinity })
      const number = say(login, '/wl forget confirm')
      await until(async () => (await life.operations('SELECT 1 FROM forgetting')).length > 0)
      life.strike()
      await life.bridge().ended
      end()
      await atRest()
      await until(async () => (await life.operations('SELECT 1 FROM forgetting')).length === 0)
      expect(said(number)).toEqual([expect.stringContaining('- Proof: no row, no former version')])
      expect(await life.operations('SELECT 1 FROM imports WHERE login = $1', [login])).toEqual([])
      expect(await life.ledger('SELECT 1 FROM pile.rigs WHERE handle = ?', [login])).toEqual([])
    },
    TEST_MS,
  )

  let people = 0
  async function person(): Promise<string> {
    const login = `newcomer-${++people}`
    life.gh.person(login, 'newcomer')
    return login
  }

  function say(login: string, line: string): number {
    const { number } = life.gh.as('ada').openIssue(REPO, { title: 'Talk' })
    life.gh.as(login).comment(REPO, number, line)
    return number
  }

  const asked = (from: number) => life.gh.requests.slice(from).filter(({ path }) => path === '/graphql').length

  async function requestsOf(login: string): Promise<number> {
    const from = life.gh.requests.length
    say(login, '/wl import')
    await atRest()
    return asked(from)
  }

  /** `rest` knows deliveries alone. */
  async function atRest() {
    await life.rest()
    await until(async () => {
      return (await countUnfinished(life.operations, ['imports'])) === 0
    })
  }

  function said(number: number): string[] {
    return life.gh
      .comments(REPO, number)
      .filter((comment) => comment.user?.login === BOT)
      .map((comment) => String(comment.body))
  }
})
