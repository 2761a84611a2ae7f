import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { runCli } from '../../src/cli/run.ts'
import type { Config } from '../../src/config.ts'
import { createLog } from '../../src/ops/log.ts'
import { history, message, OWNER, postItem, recorded, startWorld, type World } from '../scenarios/world.ts'
import type { CliContext } from '../../src/cli/subcommand.ts'

describe('wasteland-bridge, beside a running bridge', () => {
  let world: World
  let repo: string
  let parent: string
  beforeAll(async () => {
    world = await startWorld()
    repo = world.repository('engine')
    parent = await postItem(world, repo, 'Parent')
  }, 120_000)
  afterAll(() => world.close())

  async function cli(args: string[], config: Partial<Config> = {}) {
    const said = { out: '', err: '' }
    const listen = (stream: 'stdout' | 'stderr', to: 'out' | 'err') =>
      vi.spyOn(process[stream], 'write').mockImplementation((chunk) => {
        said[to] += String(chunk)
        return true
      })
    const spies = [listen('stdout', 'out'), listen('stderr', 'err')]
    try {
      const readConfig = () => ({ ...world.config, ...config })
      const context: Partial<CliContext> = { readConfig, createLog }
      return { code: await runCli(args, context as CliContext), ...said }
    } finally {
      for (const spy of spies) spy.mockRestore()
    }
  }
  const titled = (title: string) => world.sql('SELECT * FROM wanted WHERE title = ?', [title])

  describe('post', () => {
    it('puts an item on the board, once for a title', async () => {
      const line = [
        'post',
        '--title',
        'Draw a\nlogo',
        '--by',
        OWNER,
        '--type',
        'design',
        '--effort',
        'small',
        '--tags',
        'art',
        '--parent',
        parent,
        '--bounty',
      ]
      expect(await cli(line)).toMatchObject({ code: 0, out: expect.stringMatching(/^Posted as w-[0-9a-f]{10}\./) })
      const [item] = await titled('Draw a logo')
      expect(item).toMatchObject({
        posted_by: OWNER,
        type: 'design',
        effort_level: 'small',
        priority: 2,
        tags: ['open-bounty', 'art'],
        status: 'open',
      })
      expect(await history(world, item!['id'])).toEqual([`wl post: ${item!['id']} — wasteland-bridge`])
      expect(await message(world, `wl post: ${item!['id']}`)).toContain(`Authority: operator\nParent: ${parent}`)
      expect(await cli(line)).toMatchObject({ code: 0, out: expect.stringContaining('has this title already') })
      expect(await titled('Draw a logo')).toHaveLength(1)
    })

    it('tells programs with --json under which id it lies, and whether it was posted', async () => {
      const line = ['post', '--title', 'For a program', '--by', OWNER, '--json']
      const first = await cli(line)
      const [item] = await titled('For a program')
      const read = ({ code, out, err }: typeof first) => ({ code, document: JSON.parse(out) as unknown, err })
      expect(read(first)).toEqual({ code: 0, document: { item: item!['id'], isNew: true }, err: '' })
      expect(read(await cli(line))).toEqual({ code: 0, document: { item: item!['id'], isNew: false }, err: '' })
    })

    it('is refused under a parent that was withdrawn', async () => {
      const repo = world.repository('withdrawn-parent')
      const parent = await postItem(world, repo, 'Not any more')
      world.gh.as(OWNER).comment(repo, 1, '/wl withdraw confirm')
      await world.idle()
      expect(await cli(['post', '--title', 'Part', '--by', OWNER, '--parent', parent])).toMatchObject({
        code: 1,
        out: '',
        err: expect.stringContaining(`${parent} was withdrawn, and cannot be the parent of another`),
      })
      expect(await titled('Part')).toEqual([])
    })

    it.each([
      [['--by', OWNER], 'give a --title'],
      [['--title', 'x'], 'say by --by <login>'],
      [['--title', 'x', '--by', OWNER, '--effort', 'huge'], '--effort: expected one of trivial'],
      [['--title', 'x', '--by', OWNER, '--frob'], 'Not understood'],
      [['--title', 'x', '--by', OWNER, '--parent', 'w-00000000ff'], 'There is no item w-00000000ff on this board'],
      [['--title', 'x', '--by', 'mia'], 'mia has no rig in this wasteland'],
      [['--title', 'x', '--by', 'nobody-here'], 'nobody-here has no rig in this wasteland'],
    ])('%j is refused', async (args, words) => {
      const isUsage = !/^(There is no item|mia|nobody-here) /.test(words)
      expect(await cli(['post', ...args])).toMatchObject({
        code: isUsage ? 2 : 1,
        out: '',
        err: expect.stringContaining(words),
      })
      expect(await titled('x')).toEqual([])
    })
  })

  describe('init --from-label', () => {
    const line = ['init', '--from-label', 'help wanted', '--repo', 'ada/engine', '--by', OWNER]

    it('shows what would be posted, and posts it after a yes; twice is once', async () => {
      const ada = world.gh.as(OWNER)
      ada.createLabel(repo, 'bug')
      const first = ada.openIssue(repo, { title: 'Fix it', body: 'Text', labels: ['help wanted', 'bug'] })
      const second = ada.openIssue(repo, { title: 'And this', labels: ['help wanted'] })
      const closed = ada.openIssue(repo, { title: 'Over', labels: ['help wanted'] })
      ada.close(repo, closed.number)
      ada.openIssue(repo, { title: 'Not this' })
      await world.idle()
      const preview = await cli(line)
      expect(preview).toMatchObject({ code: 0, err: '' })
      expect(preview.out).toBe(
        `2 open issues of ${repo} with the label "help wanted" to post as ${OWNER}:\n` +
          `  #${first.number}  Fix it  [medium, bug]\n  #${second.number}  And this  [medium]\n` +
          'A preview only: repeat it with --yes to post.\n',
      )
      expect(await titled('Fix it')).toEqual([])
      const asked = await cli([...line.slice(0, -1), OWNER.toUpperCase(), '--json'])
      const numbers = [first, second].map(({ number }) => expect.objectContaining({ number }))
      expect(JSON.parse(asked.out)).toEqual({
        fromLabel: {
          repository: 'ada/engine',
          label: 'help wanted',
          by: OWNER,
          onBoard: 0,
          toPost: expect.arrayContaining(numbers),
          posted: [],
        },
      })
      expect(asked.err).toBe('A preview only: repeat it with --yes to post.\n')
      expect(await titled('Fix it')).toEqual([])
      const posted = await cli([...line, '--yes'])
      expect(posted.out).toContain('Posted 2 items.')
      const [item] = await titled('Fix it')
      expect(item).toMatchObject({
        posted_by: OWNER,
        type: 'bug',
        tags: ['bug'],
        description: `${first.html_url} Text`,
      })
      expect(world.gh.issue(repo, first.number).labels.map((label: { name: string }) => label.name)).toContain(
        `wl:${item!['id']}`,
      )
      expect((await recorded(world, item!['id'])).status).toBe('open')
      expect((await cli([...line, '--yes'])).out).toContain(
        '0 open issues of ada/engine with the label "help wanted" to post as ada, and 2 on the board already',
      )
      const third = ada.openIssue(repo, { title: 'For programs', labels: ['help wanted'] })
      const { code, out } = await cli([...line, '--yes', '--json'])
      const [{ id }] = (await titled('For programs')) as [{ id: string }]
      expect({ code, done: JSON.parse(out) as unknown }).toMatchObject({
        code: 0,
        done: { fromLabel: { onBoard: 2, posted: [{ item: id, number: third.number, labelled: true }] } },
      })
      world.gh.as(OWNER).comment(repo, first.number, '/wl post')
      await world.idle()
      expect(await titled('Fix it')).toHaveLength(1)
    })

    it('with --json tells what was done where a later step fails, and nothing where the first one does', async () => {
      const ada = world.gh.as(OWNER)
      const { number } = ada.openIssue(repo, { title: 'Half done', labels: ['half'] })
      await world.idle()
      const half = ['init', '--from-label', 'half', '--repo', 'ada/engine', '--by', OWNER, '--yes', '--json']
      const failing = { method: 'POST', path: /\/labels$/, status: 502, times: 100 }
      const mend = world.gh.fault(failing)
      const broken = await cli(half)
      mend()
      const [{ id }] = (await titled('Half done')) as [{ id: string }]
      expect({ ...broken, out: JSON.parse(broken.out) as unknown }).toMatchObject({
        code: 1,
        out: { fromLabel: { by: OWNER, posted: [{ item: id, number, labelled: false }] } },
        err: expect.stringMatching(/^Not done: .*\n$/),
      })
      const nowhere = ['init', '--from-label', 'x', '--repo', 'zoe/none', '--by', OWNER, '--json']
      const err = expect.stringContaining('is not installed on zoe/none')
      expect(await cli(nowhere)).toEqual({ code: 1, out: '', err })
      const { out, ...rest } = await cli([...nowhere, '--name', 'Renamed all the same'])
      expect({ ...rest, document: JSON.parse(out) as unknown }).toEqual({
        code: 1,
        err,
        document: { name: 'Renamed all the same', nameBefore: null },
      })
    })

    it.each([
      [['--from-label', 'x'], '--from-label takes --repo owner/repo'],
      [['--from-label', 'x', '--repo', 'ada/engine'], 'whose items they will be'],
      [['--from-label', 'x', '--repo', 'engine', '--by', OWNER], 'expected owner/repo'],
      [['--from-label', 'x', '--repo', 'zoe/none', '--by', OWNER], 'is not installed on zoe/none'],
      [['--repo', 'ada/engine'], 'go with --from-label'],
    ])('%j is refused', async (args, words) => {
      const isUsage = !words.startsWith('is not installed')
      expect(await cli(['init', ...args])).toMatchObject({ code: isUsage ? 2 : 1, err: expect.stringContaining(words) })
    })

    it('without the App, or where the repository is not admitted or not public, says what to do', async () => {
      expect((await cli(line, { APP_ID: undefined })).err).toContain('there is no APP_ID yet')
      world.gh.as(OWNER).privatize(repo)
      await world.idle()
      expect((await cli(line)).err).toContain('ada/engine is not public')
      world.gh.user('zoe')
      world.gh.repository('zoe/shed')
      world.gh.as('zoe').installApp({ account: 'zoe' })
      const elsewhere = ['init', '--from-label', 'x', '--repo', 'zoe/shed', '--by', OWNER]
      expect((await cli(elsewhere)).err).toContain('First: wasteland-bridge admit zoe/shed')
    })
  })
})
