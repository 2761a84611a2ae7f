import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COMMENT_AUTHORS } from '../../src/github/own-comments.ts'
import { ended, importsBeside, sayAlone } from './importing.ts'
import { OWNER, startWorld, type World } from './world.ts'

const TEMPLATE = new URL('../../.github/ISSUE_TEMPLATE/import-character-sheet.yml', import.meta.url)

describe('a profile is imported at its owner’s word', () => {
  let world: World
  let repo: string
  beforeAll(async () => {
    world = await startWorld({ importer: 'ops' })
    repo = world.repository('talk')
  }, 120_000)
  afterAll(() => world.close())

  const imports = (login: string) => world.ops('SELECT * FROM imports WHERE login = $1 ORDER BY created_at', [login])

  describe('by /wl import', () => {
    it('one comment begins, and ends with the sheet; the pile has it, claimed', async () => {
      world.gh.person('pam', 'prolific_maintainer')
      const number = await sayAlone(world, repo, 'pam')
      expect(world.said(repo, number)).toEqual([
        expect.stringMatching(
          /^Imported the character sheet of pam, .*`pam`\.\n\n- quality 92 %, reliability 86 %, creativity 75 %\n- `typescript` `expert`, `go` `expert`/s,
        ),
      ])
      expect(await world.sql(`SELECT trust_level FROM pile.rigs WHERE handle = 'pam'`)).toEqual([{ trust_level: 1 }])
      expect(await world.sql(`SELECT * FROM rigs WHERE handle = 'pam'`)).toEqual([])
      expect(await imports('pam')).toMatchObject([{ state: 'done', token: null, kept: null, handle: 'pam' }])
    })

    it('the second of a day is told when it may ask again; a repeated delivery asks nothing twice', async () => {
      world.gh.person('ray', 'reviewer')
      const first = await sayAlone(world, repo, 'ray')
      const { guid } = world.gh.deliveries.at(-1)!
      const [row] = await imports('ray')
      const second = await sayAlone(world, repo, 'ray')
      const at = new Date(row!['ended_at'].getTime() + 24 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')
      expect(world.said(repo, second)).toEqual([
        expect.stringContaining(
          `This sheet is fresh: a profile is fetched once a day at most. Ask again after ${at} UTC.`,
        ),
      ])
      await world.gh.redeliver(guid)
      await world.idle()
      expect(world.said(repo, first)).toHaveLength(1)
      expect(await imports('ray')).toHaveLength(1)
    })

    it('who takes no part is not fetched', async () => {
      world.gh.person('dee', 'newcomer')
      await sayAlone(world, repo, 'dee', '/wl decline confirm')
      const asked: unknown[] = []
      const over = world.gh.onExchange(({ path, body }) => {
        if (path === '/graphql') asked.push((body as { query?: unknown }).query)
      })
      const number = await sayAlone(world, repo, 'dee')
      expect(world.said(repo, number).at(-1)).toContain('takes no part, or asked to be forgotten')
      over()
      // The answer looks for one that was given already, and that is all.
      expect(asked).toEqual([COMMENT_AUTHORS])
      expect(await imports('dee')).toEqual([])
    })

    it('while another’s import of the same login is under way, it says so and asks nothing more', async () => {
      world.gh.person('ned', 'newcomer')
      world.gh.fault({ path: /^\/graphql$/, asking: 'ned', delayMs: 2_000 })
      const beside = await importsBeside(world)
      const requested = await beside.request({ login: 'Ned', by: { way: 'operator' } })
      const number = await sayAlone(world, repo, 'ned')
      expect(world.said(repo, number)).toEqual([
        expect.stringContaining('This profile is being imported already, and the answer comes where'),
      ])
      expect(await ended(beside, (requested as { job: string }).job)).toMatchObject({ state: 'done' })
      expect(await imports('ned')).toHaveLength(1)
      await beside.close()
    })

    it('a bot gets no sheet', async () => {
      world.gh.person('robot[bot]', { as: 'bot', kind: 'Bot' })
      await sayAlone(world, repo, 'robot[bot]')
      expect(await imports('robot[bot]')).toEqual([])
    })
  })

  describe('by the issue form', () => {
    const TICKED = '- [X] I ask for my own public GitHub profile to be imported.'
    const form = (box = TICKED) => `### Import my character sheet\n\n${box}`
    const open = async (login: string, body: string, where = repo) => {
      world.gh.user(login)
      const { number } = world.gh.as(login).openIssue(where, { title: 'Import my character sheet', body })
      await world.idle()
      return number
    }
    const stateOf = (number: number, where = repo) => (world.gh.issue(where, number) as { state: string }).state

    it('is answered with the sheet, and closed', async () => {
      world.gh.person('vera', 'dormant_veteran')
      const number = await open('vera', form())
      expect(world.said(repo, number)).toEqual([expect.stringMatching(/^Imported the character sheet of vera/)])
      expect(stateOf(number)).toBe('closed')
      await world.gh.redeliverAll()
      await world.idle()
      expect(world.said(repo, number)).toHaveLength(1)
    })

    it('the template of ours makes such an issue', () => {
      const text = readFileSync(TEMPLATE, 'utf8')
      const label = /type: checkboxes[^]*?\n {6}label: (.*)\n/.exec(text)![1]!
      const option = /- label: (.*)\n/.exec(text)![1]!
      expect(`### ${label}\n\n- [X] ${option}`).toBe(form())
    })

    it.each([
      ['its box is not ticked', form(TICKED.replace('X', ' '))],
      ['it is talk about the form', `What does it mean?\n\n> ${form()}`],
      ['it is empty', ''],
    ])('nothing happens where %s', async (_why, body) => {
      const number = await open('olaf', body)
      expect([world.said(repo, number), stateOf(number), await imports('olaf')]).toEqual([[], 'open', []])
    })

    it('nothing happens for a bot, nor in a repository that is not admitted', async () => {
      world.gh.user('helper[bot]', { bot: true })
      expect(world.said(repo, await open('helper[bot]', form()))).toEqual([])
      const closed = `${OWNER}/closed`
      world.gh.repository(closed, { private: true, collaborators: { mia: 'write' } })
      const number = await open('mia', form(), closed)
      expect([world.said(closed, number), stateOf(number, closed), await imports('mia')]).toEqual([[], 'open', []])
    })

    it('of two at once one is answered with the sheet and the other with where it comes; both are closed', async () => {
      world.gh.person('tess', 'polyglot')
      world.gh.hold()
      const issues = [1, 2].map(() =>
        world.gh.as('tess').openIssue(repo, { title: 'Import my character sheet', body: form() }),
      )
      world.gh.release()
      await world.idle()
      expect(await imports('tess')).toHaveLength(1)
      const said = issues.map(({ number }) => world.said(repo, number))
      expect(said.map((each) => each.length)).toEqual([1, 1])
      expect(said.flat().toSorted()).toEqual([
        expect.stringMatching(/^Imported the character sheet of tess/),
        expect.stringMatching(/^This (sheet is fresh|profile is being imported already)/),
      ])
      expect(issues.map(({ number }) => stateOf(number))).toEqual(['closed', 'closed'])
    })

    it('one that comes to nothing is closed with the reason', async () => {
      world.gh.user('gone')
      world.gh.hold()
      const { number } = world.gh.as('gone').openIssue(repo, { title: 'Import my character sheet', body: form() })
      world.gh.deleteUser('gone')
      world.gh.release()
      await world.idle()
      expect(world.said(repo, number)).toEqual([
        expect.stringMatching(/^The profile of gone was not imported\. .* has no user gone: the name is misspelt/),
      ])
      expect(stateOf(number)).toBe('closed')
    })
  })
})
