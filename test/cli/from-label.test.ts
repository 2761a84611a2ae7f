import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OWNER, postItem, startWorld, type World } from '../scenarios/world.ts'

const MAIN = fileURLToPath(new URL('../../src/start.js', import.meta.url))
/** Of util-linux; that of the BSDs takes other options. */
const HAS_SCRIPT = spawnSync('script', ['--version']).stdout?.includes('util-linux') ?? false

describe('wasteland-bridge init --from-label, as a program beside a running bridge', () => {
  let world: World
  let repo: string
  let number: number
  beforeAll(async () => {
    world = await startWorld()
    repo = world.repository('engine')
    await postItem(world, repo, 'First')
    number = world.gh.as(OWNER).openIssue(repo, { title: 'Fix it', labels: ['help wanted'] }).number
    await world.idle()
  }, 120_000)
  afterAll(() => world.close())

  const line = ['init', '--from-label', 'help wanted', '--repo', 'ada/engine', '--by', OWNER]
  const command = [process.execPath, '--disable-warning=ExperimentalWarning', MAIN, ...line]
  const posted = async () => (await world.sql(`SELECT id FROM wanted WHERE title = 'Fix it'`)).map((row) => row['id'])
  const labels = () => world.gh.issue(repo, number).labels.map((label: { name: string }) => label.name)

  function environment(): NodeJS.ProcessEnv {
    const { dataDir, privateKey, APP_ID, WEBHOOK_SECRET, GHE_HOST, GHE_PROTOCOL } = world.config
    const { PATH, HOME, XDG_CACHE_HOME } = process.env
    const app = { DATA_DIR: dataDir, PRIVATE_KEY: privateKey, APP_ID, WEBHOOK_SECRET, GHE_HOST, GHE_PROTOCOL }
    // Most of a start is reading the sources; each program after the first finds them compiled.
    const cache = join(tmpdir(), 'wasteland-crash-compile-cache')
    return { ...app, PATH, HOME, XDG_CACHE_HOME, NODE_COMPILE_CACHE: cache, SHELL: '/bin/sh', TERM: 'dumb' }
  }

  /** Types `keys` once it is asked, at a terminal; pipes them in elsewhere. Resolves to all it said and its exit code. */
  async function answered(keys: string, where: 'at a terminal' | 'through a pipe') {
    const quoted = command.map((word) => `'${word}'`).join(' ')
    const [program, args] =
      where === 'at a terminal' ? ['script', ['-qefc', quoted, '/dev/null']] : [command[0]!, command.slice(1)]
    const child: ChildProcess = spawn(program, args, { env: environment(), stdio: 'pipe' })
    let said = ''
    let typed = false
    const type = () => {
      typed = true
      child.stdin!.write(keys)
    }
    if (where === 'through a pipe') type()
    for (const stream of [child.stdout!, child.stderr!])
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        if (!typed && said.includes('[y/N] ')) type()
      })
    const code = await new Promise((resolve) => child.once('close', resolve))
    return { said: said.replaceAll('\r\n', '\n'), code }
  }

  const PREVIEW = () => `1 open issue of ${repo} with the label "help wanted" to post as ${OWNER}:`

  it('without a terminal shows what would be posted and posts nothing, whatever is piped in', async () => {
    const { said, code } = await answered('y\n', 'through a pipe')
    expect(said).toBe(`${PREVIEW()}\n  #${number}  Fix it  [medium]\nA preview only: repeat it with --yes to post.\n`)
    expect(code).toBe(0)
    expect(await posted()).toEqual([])
  })

  describe.runIf(HAS_SCRIPT)('at a terminal', () => {
    it.each([
      ['n', 'n\n'],
      ['Enter alone', '\n'],
      ['another word', 'yep\n'],
      ['Ctrl-D', '\u0004'],
      ['Ctrl-C', '\u0003'],
    ])('asks after the preview, and posts nothing on %s', async (_name, keys) => {
      const { said, code } = await answered(keys, 'at a terminal')
      expect(said).toContain(`${PREVIEW()}\n  #${number}  Fix it  [medium]\nPost 1 item? [y/N] `)
      expect(said).toMatch(/\nNothing is posted\.\n$/)
      expect(code).toBe(0)
      expect(await posted()).toEqual([])
      expect(labels()).toEqual(['help wanted'])
    })

    it('posts on y, and asks nothing more when all is posted', async () => {
      const { said, code } = await answered('y\n', 'at a terminal')
      const ids = await posted()
      expect(ids).toEqual([expect.stringMatching(/^w-/)])
      expect(said).toContain(`${ids[0]}  #${number}\nPosted 1 item.\n`)
      expect(code).toBe(0)
      expect(labels()).toEqual(['help wanted', `wl:${ids[0]}`])
      const again = await answered('y\n', 'at a terminal')
      expect(again.said).toContain('and 1 on the board already')
      expect(again.said).not.toContain('[y/N]')
      expect(again.code).toBe(0)
    })
  })
})
