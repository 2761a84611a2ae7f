import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { runCli } from '../../src/cli/run.ts'
import { readConfig } from '../../src/config.ts'
import { type LocalGitHub, startLocalGitHub } from '../../local-github/local-github.ts'
import { createLog } from '../../src/ops/log.ts'
import type { CliContext } from '../../src/cli/subcommand.ts'

let dataDir: string
beforeEach(() => void (dataDir = mkdtempSync(join(tmpdir(), 'admit-'))))
afterEach(() => rmSync(dataDir, { recursive: true }))

async function admit(args: string[], env: NodeJS.ProcessEnv = {}) {
  let said = ''
  const listen = (text: unknown) => {
    said += String(text)
    return true
  }
  const spies = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockImplementation(listen))
  try {
    const context = { readConfig: () => readConfig({ DATA_DIR: dataDir, ...env }), createLog } as unknown as CliContext
    return { code: await runCli(['admit', ...args], context), said }
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}

const file = () =>
  readFileSync(join(dataDir, 'admitted'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')

describe('without an App', () => {
  it('a name is written, and that it was not looked up is said', async () => {
    const { code, said } = await admit(['Ada/Engine', 'octo#7'])
    expect(code).toBe(0)
    expect(said).toContain('Ada/Engine is admitted. It was not looked up: there is no APP_ID yet.\n')
    expect(file()).toEqual(['ada/engine', 'octo#7'])
    expect((await admit(['ada/engine'])).said).toContain('ada/engine is admitted already.')
    expect(file()).toEqual(['ada/engine', 'octo#7'])
  })

  it.each(['https://github.com/octo/app', '@octo', 'octo/*', 'octo/app/', 'a b'])(
    '%s, which matches nothing, is not',
    async (name) => {
      const { code, said } = await admit([name])
      expect({ code, said }).toEqual({
        code: 1,
        said: expect.stringMatching(/^".*" is not a repository\. Expected owner\/repo/),
      })
      expect(() => file()).toThrow('ENOENT')
    },
  )

  it('--list tells names, ids and where each is from', async () => {
    writeFileSync(join(dataDir, 'admitted'), 'ada/engine\n\nocto#7')
    writeFileSync(join(dataDir, 'admitted-ids'), 'github ada/engine 5 55\n')
    expect(await admit(['--list'], { ADMIT: 'Acme' })).toEqual({
      code: 0,
      said: 'acme  (ADMIT)\nada/engine#55\nocto#7\n',
    })
    rmSync(join(dataDir, 'admitted'))
    expect((await admit(['--list'])).said).toMatch(/^None is admitted by name\./)
  })

  it('--list --json tells the same to programs, an empty list too; and --json goes with nothing else', async () => {
    const list = async (env = {}) => JSON.parse((await admit(['--list', '--json'], env)).said) as unknown
    expect(await list()).toEqual([])
    writeFileSync(join(dataDir, 'admitted'), 'ada/engine\n\nocto#7')
    writeFileSync(join(dataDir, 'admitted-ids'), 'github ada/engine 5 55\n')
    expect(await list({ ADMIT: 'Acme' })).toEqual([
      { name: 'acme', id: null, fromEnvironment: true },
      { name: 'ada/engine', id: 55, fromEnvironment: false },
      { name: 'octo', id: 7, fromEnvironment: false },
    ])
    for (const args of [['--json'], ['--json', 'ada/app'], ['--remove', '--json', 'ada/engine']])
      expect(await admit(args)).toMatchObject({ code: 2, said: expect.stringMatching(/^Not understood\. Expected: /) })
  })

  it('--remove takes names out, whole or not at all', async () => {
    writeFileSync(join(dataDir, 'admitted'), 'ada/engine\nocto#7\nada/engine#55\nacme', { mode: 0o600 })
    expect(await admit(['--remove', 'Ada/Engine', 'nobody'])).toEqual({
      code: 1,
      said: 'nobody is not admitted by name. wasteland-bridge admit --list shows what is.\n',
    })
    expect(file()).toHaveLength(4)
    expect(await admit(['--remove', 'Ada/Engine', 'octo'])).toMatchObject({ code: 0 })
    expect(file()).toEqual(['acme'])
    expect(statSync(join(dataDir, 'admitted')).mode & 0o777).toBe(0o600)
    expect(await admit(['--remove', 'acme'], { ADMIT: 'acme' })).toEqual({
      code: 1,
      said: expect.stringContaining('named by the variable ADMIT'),
    })
    expect(await admit(['--remove'])).toMatchObject({ code: 2 })
  })
})

describe('with an App', () => {
  let gh: LocalGitHub
  const env = () => ({
    APP_ID: String(gh.app.id),
    PRIVATE_KEY: gh.app.privateKey,
    WEBHOOK_SECRET: gh.app.webhookSecret,
    GHE_HOST: new URL(gh.url).host,
    GHE_PROTOCOL: 'http',
  })
  beforeAll(async () => {
    gh = await startLocalGitHub({ app: { owner: 'ada' } })
    for (const login of ['ada', 'zoe']) gh.user(login)
    for (const name of ['ada/engine', 'zoe/other']) gh.repository(name)
    gh.as('ada').installApp({ account: 'ada' })
  })
  afterAll(() => gh.close())

  it('what is there is admitted', async () => {
    expect((await admit(['ada/engine', 'zoe'], env())).said).toMatch(/^ada\/engine is admitted\.\nzoe is admitted\.\n/)
  })

  it('what the App does not see is admitted, and that is said', async () => {
    const { code, said } = await admit(['zoe/other'], env())
    expect({ code, said }).toEqual({
      code: 0,
      said: expect.stringMatching(/^zoe\/other is admitted\. GitHub does not show it to the App/),
    })
  })

  it.each([
    ['nobody-here', 'GitHub knows no account nobody-here'],
    ['nobody-here/x', 'GitHub knows no account nobody-here'],
  ])('%s, which is not there, is refused with all that was named', async (name, words) => {
    expect(await admit(['ada/engine', name], env())).toEqual({ code: 1, said: expect.stringContaining(words) })
    expect(() => file()).toThrow('ENOENT')
  })

  it('where GitHub does not answer, the name is admitted and that is said', async () => {
    const { code, said } = await admit(['ada/engine'], { ...env(), GHE_HOST: '127.0.0.1:1' })
    expect({ code, said }).toEqual({
      code: 0,
      said: expect.stringContaining('It was not looked up: GitHub does not answer now'),
    })
  })
})
