import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { loadSubcommands, SUBCOMMANDS } from '../../src/cli/registry.ts'
import { runCli } from '../../src/cli/run.ts'
import { silent } from '../ops/fake-server.ts'
import type { CliContext } from '../../src/cli/subcommand.ts'

const ROOT = new URL('../../', import.meta.url).pathname
let home: string
beforeAll(() => void (home = mkdtempSync(join(tmpdir(), 'help-'))))
afterAll(() => rmSync(home, { recursive: true }))

/** Runs the program as somebody at a terminal does, in an empty folder. */
function start(args: readonly string[], { dataDir = join(home, 'data'), options = [] as readonly string[] } = {}) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', ...options, join(ROOT, 'src/start.js'), ...args],
    { cwd: home, encoding: 'utf8', env: { PATH: '/nowhere', HOME: home, DATA_DIR: dataDir } },
  )
  return { code: status, out: stdout, err: stderr }
}

/** The same in this process, for what ends before anything is read. */
async function run(args: readonly string[]) {
  const said = { out: '', err: '' }
  const into = (name: keyof typeof said) => (text: unknown) => {
    said[name] += String(text)
    return true
  }
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(into('out')),
    vi.spyOn(process.stderr, 'write').mockImplementation(into('err')),
  ]
  try {
    const readConfig = () => {
      throw new Error('the configuration was read before the arguments')
    }
    const context = { readConfig, createLog: () => silent } as unknown as CliContext
    return { code: await runCli(args, context), ...said }
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}

describe('help', () => {
  it('fits 80 columns and names every subcommand', async () => {
    const { code, out } = await run(['help'])
    expect(start(['help'])).toEqual({ code, out, err: '' })
    expect(code).toBe(0)
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([])
    for (const { name } of SUBCOMMANDS) expect(out).toMatch(new RegExp(`^  ${name}\\b`, 'm'))
    expect(out).toContain(
      '\n  init [--name <name>] [--maintainer <login>] [--upgrade [--yes]] [--from-label\n      <label> --repo <owner/repo>',
    )
  })

  it.each([[[]], [['--help']], [['-h']], [['help', '--help']]])('is what %j gives', async (args) => {
    expect((await run(args)).out).toBe((await run(['help'])).out)
  })

  it.each([['--help'], ['-h']])(
    'of one subcommand is what %s gives behind it, in 80 columns',
    async (flag) => {
      for (const { name } of SUBCOMMANDS) {
        const { code, out } = await run([name, flag])
        expect({ name, code, first: out.startsWith(`wasteland-bridge ${name}`) }).toEqual({
          name,
          code: 0,
          first: true,
        })
        expect(out.split('\n').filter((line) => line.length > 80)).toEqual([])
      }
    },
    60_000,
  )

  it.each([['--version'], ['-V'], ['version']])('%s names the version', async (flag) => {
    expect(await run([flag])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^wasteland-bridge \d+\.\d+\.\d+ \(Node 2\d/),
    })
  })
})

it('names --json for each subcommand that answers', async () => {
  const without = (await loadSubcommands()).filter(({ usage }) => !usage.includes('[--json]')).map(({ name }) => name)
  // They run until they are stopped.
  expect(without).toEqual(['serve', 'demo'])
})

describe('what is not understood ends with 2, in one line', () => {
  it.each([
    [['docter'], 'There is no subcommand docter. Did you mean doctor? wasteland-bridge help lists them all.'],
    [['frobnicate'], 'There is no subcommand frobnicate. wasteland-bridge help lists them all.'],
    [['help', 'serv'], 'There is no subcommand serv. Did you mean serve? wasteland-bridge help lists them all.'],
    [['serve', '--port', '4000'], "Not understood (Unknown option '--port'). Expected: wasteland-bridge serve"],
    [['serve', 'x'], expect.stringMatching(/^Not understood \(.*'x'.*\)\. Expected: wasteland-bridge serve$/)],
    [['doctor', '--yaml'], "Not understood (Unknown option '--yaml'). Expected: wasteland-bridge doctor [--json]"],
    [['demo', '--twice'], "Not understood (Unknown option '--twice'). Expected: wasteland-bridge demo [--once]"],
    [['admit'], 'Name at least one repository: wasteland-bridge admit owner/repo'],
    [['admit', '--list', 'x'], expect.stringMatching(/^Not understood\. Expected: wasteland-bridge admit/)],
    [['vouch', '--foo'], "Not understood (Unknown option '--foo'). Expected: wasteland-bridge vouch --yes [--json]"],
    [
      ['vouch', '--yes', 'now'],
      expect.stringMatching(/^Not understood \(.*'now'.*\)\. Expected: wasteland-bridge vouch/),
    ],
    [
      ['init', '--from-label', 'x', '--repo', 'engine', '--by', 'ada'],
      expect.stringMatching(/^Not understood \(engine is not a repository: expected owner\/repo\)\. Expected: /),
    ],
    [
      ['backup', 'a', 'b'],
      'Not understood. Expected: wasteland-bridge backup [<folder>] [--no-pile] [--json] | --restore <backup> [--json]',
    ],
    [['backup', '--restore'], expect.stringMatching(/^Not understood\. Expected: wasteland-bridge backup/)],
  ])('%j', async (args, words) => {
    const { code, out, err } = await run(args)
    expect({ code, out, err: err.trimEnd() }).toEqual({ code: 2, out: '', err: words })
  })
})

it('a Node that is too old is told which is needed, and nothing else', () => {
  const old = 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.19.4"})'
  const { code, out, err } = start(['help'], { options: ['--import', old] })
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toMatch(/^wasteland-bridge needs Node 24 or newer, and this is 20\.19\.4\. .*npm start/)
})

it('a fault of the configuration is a sentence, without a stack', () => {
  for (const args of [['serve'], ['admit', '--list'], ['redeliver']]) {
    const { code, err } = start(args, { dataDir: `${ROOT}package.json` })
    const said = `DATA_DIR is ${ROOT}package.json, which is a file. Expected a folder.\n`
    expect({ args, code, err }).toEqual({ args, code: 1, err: said })
  }
})
