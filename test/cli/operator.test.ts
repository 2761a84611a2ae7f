import { generateKeyPairSync } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { execFile, execFileSync, spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startFakeMariaDb } from '../ledger/fake-mysql.ts'
import { canRead, NOBODY } from '../ops/nobody.ts'

/* What an operator meets at the command line, with the program as they start it: a process of its own. */

const START = new URL('../../src/start.js', import.meta.url).pathname
const PROGRAM = ['--disable-warning=ExperimentalWarning', START]
const IS_ROOT = process.getuid?.() === 0

let home: string
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'operator-'))
  chmodSync(home, 0o755)
})
afterAll(() => rmSync(home, { recursive: true }))

/** Nothing of this machine's own, and a GitHub that nobody is. */
const environment = (env: NodeJS.ProcessEnv) => ({
  PATH: '/nowhere',
  HOME: home,
  PORT: '0',
  GHE_HOST: '127.0.0.1:1',
  GHE_PROTOCOL: 'http',
  ...env,
})

interface Ended {
  code: unknown
  out: string
  err: string
}

/** Runs it to its end. */
function run(args: readonly string[], env: NodeJS.ProcessEnv, user: { uid?: number; gid?: number } = {}) {
  const options = { cwd: home, env: environment(env), timeout: 60_000, ...user }
  return new Promise<Ended>((resolve) => {
    execFile(process.execPath, [...PROGRAM, ...args], options, (error, out, err) =>
      resolve({ code: error === null ? 0 : error.code, out, err }),
    )
  })
}

/** Starts `serve` with both its streams in one pipe, and gives the lines up to the address of set-up. */
async function serve(env: NodeJS.ProcessEnv) {
  const child = spawn('/bin/sh', ['-c', 'exec "$0" "$@" 2>&1', process.execPath, ...PROGRAM, 'serve'], {
    cwd: home,
    env: environment(env),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = once(child, 'close')
  const lines: string[] = []
  let isOpen = false
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    isOpen ||= line.includes('/setup?token=')
    // The last line to come: the warning that PUBLIC_URL is missing, or the address.
    if (isOpen && lines.length >= 3) break
  }
  return {
    lines,
    async stop() {
      child.kill('SIGTERM')
      child.stdout.resume()
      await closed
    },
  }
}

describe.skipIf(IS_ROOT && (NOBODY === undefined || !canRead(START)))('a DATA_DIR that this user cannot use', () => {
  /** Root may write everywhere; another user is kept out of their own folders by the mode. */
  const [OTHERS, UNWRITABLE] = IS_ROOT ? [0o700, 0o755] : [0o000, 0o555]
  beforeAll(() => {
    writeFileSync(join(home, 'file'), '')
    for (const name of ['private', 'unwritable', 'unwritable/dolt']) mkdirSync(join(home, name))
    chmodSync(join(home, 'private'), OTHERS)
    chmodSync(join(home, 'unwritable'), UNWRITABLE)
  })
  afterAll(() => {
    for (const name of ['private', 'unwritable']) chmodSync(join(home, name), 0o700)
  })

  const A_FILE = /^DATA_DIR is \S+file, which is a file\. Expected a folder\.$/
  const ANOTHERS =
    /^\S+private\/app\.env cannot be read \(EACCES\)\. Start the bridge as the user whose folder DATA_DIR is/
  const NOT_USABLE = /^The data folder \S+ cannot be used \(.*\)\. Let this user write there, or name another one/

  it.each<[what: string, dir: string, subcommand: string, says: RegExp]>([
    ['a file', 'file', 'serve', A_FILE],
    ['a file', 'file', 'admit ada/engine', A_FILE],
    ['a file', 'file', 'backup', A_FILE],
    ['a file', 'file', 'doctor', /^wrong +environment +DATA_DIR is \S+file, which is a file\. Expected a folder\.$/m],
    ['another’s, mode 700', 'private', 'serve', ANOTHERS],
    ['another’s, mode 700', 'private', 'admit ada/engine', ANOTHERS],
    ['another’s, mode 700', 'private', 'backup', ANOTHERS],
    [
      'another’s, mode 700',
      'private',
      'doctor',
      /^wrong +environment +\S+ cannot be read \(EACCES\)\. Start the bridge as/,
    ],
    ['not writable', 'unwritable', 'serve', NOT_USABLE],
    [
      'not writable',
      'unwritable',
      'admit ada/engine',
      /^Not done: \S+\/admitted cannot be used \(EACCES\)\. Let this user use it, or name another place with DATA_DIR\.$/,
    ],
    ['not writable', 'unwritable', 'backup', NOT_USABLE],
    ['not writable', 'unwritable', 'doctor', /^wrong +data +this user cannot write into \S+ \(EACCES\)\. Let it in/m],
    ['in one that is not writable', 'unwritable/new', 'serve', NOT_USABLE],
    [
      'in one that is not writable',
      'unwritable/new',
      'admit ada/engine',
      /^Not done: \S+new cannot be used \(EACCES\)/,
    ],
    [
      'in one that is not writable',
      'unwritable/new',
      'doctor',
      /^wrong +data +\S+ is not there, and this user cannot make it/m,
    ],
  ])('%s (%s): %s says so, without a stack', async (_, dir, subcommand, says) => {
    const { code, out, err } = await run(subcommand.split(' '), { DATA_DIR: join(home, dir) }, NOBODY)
    const said = subcommand === 'doctor' ? out : err.trimEnd()
    expect(said).toMatch(says)
    expect(said).not.toMatch(/^ +at /m)
    expect({ code, other: subcommand === 'doctor' ? err : out }).toEqual({ code: 1, other: '' })
  })
})

describe('serve ends with a sentence', () => {
  const key = () =>
    generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    }).privateKey

  it.each<[what: string, env: () => NodeJS.ProcessEnv, says: string | RegExp]>([
    [
      'HOST is of another machine',
      () => ({ HOST: '192.0.2.1' }),
      '192.0.2.1 is no address of this machine. Set HOST to one that is.',
    ],
    [
      'HOST is of no network here',
      () => ({ HOST: 'fe80::1' }),
      'fe80::1 is no address of this machine. Set HOST to one that is.',
    ],
    [
      'HOST is no name',
      () => ({ HOST: 'http://bridge' }),
      'HOST is http://bridge, which leads to no address. Set it to an address of this machine, such as 127.0.0.1.',
    ],
    ['PORT is a word', () => ({ PORT: 'abc' }), 'PORT in the environment is not usable: expected a port such as 3000.'],
    [
      'APP_ID without WEBHOOK_SECRET',
      () => ({ APP_ID: '1', PRIVATE_KEY: key() }),
      /^APP_ID is set, but not WEBHOOK_SECRET\./,
    ],
    [
      'the key file is not there',
      () => ({ APP_ID: '1', PRIVATE_KEY_PATH: '/nowhere' }),
      'PRIVATE_KEY_PATH names a file that cannot be read (ENOENT). Expected the App’s private key.',
    ],
    [
      'the key file is a folder',
      () => ({ APP_ID: '1', PRIVATE_KEY_PATH: home }),
      /^PRIVATE_KEY_PATH names a file that cannot be read \(EISDIR\)\./,
    ],
    [
      'the key file has no key',
      () => ({ APP_ID: '1', PRIVATE_KEY_PATH: START }),
      /^PRIVATE_KEY or the file of PRIVATE_KEY_PATH is no PEM\. Expected the file that GitHub gave/,
    ],
  ])('%s', async (_, env, says) => {
    const { code, out, err } = await run(['serve'], { DATA_DIR: join(home, 'data'), ...env() })
    const expected = typeof says === 'string' ? says : expect.stringMatching(says)
    expect({ code, out, err: err.trimEnd() }).toEqual({ code: 1, out: '', err: expected })
    expect(err.trimEnd()).not.toContain('\n')
  })

  it('the port is used', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    expect(await run(['serve'], { DATA_DIR: join(home, 'data'), PORT: String(port) })).toEqual({
      code: 1,
      out: '',
      err: `Port ${port} is in use. Set PORT to a free one.\n`,
    })
    other.close()
  })

  it('two at once on one DATA_DIR', async () => {
    const DATA_DIR = join(home, 'shared')
    const first = await serve({ DATA_DIR })
    const { code, out, err } = await run(['serve'], { DATA_DIR })
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toMatch(/^The data folder \S+shared is in use by another wasteland-bridge \(process \d+, since .*\n$/)
    await first.stop()
  })

  it('LEDGER_URL names a MariaDB', async () => {
    const fake = await startFakeMariaDb()
    const { code, err } = await run(['serve'], {
      APP_ID: '1',
      PRIVATE_KEY: key(),
      WEBHOOK_SECRET: 'hunter2',
      LEDGER_URL: `mysql://root@127.0.0.1:${fake.port}/x`,
      DATA_DIR: join(home, 'beside-mariadb'),
    })
    fake.close()
    expect({ code, err }).toEqual({
      code: 1,
      err: `The server 127.0.0.1:${fake.port} of LEDGER_URL does not speak Dolt's SQL; MySQL and MariaDB do not. Name a Dolt server.\n`,
    })
  })
})

it('serve runs in folders with blanks, quotes and $ in their names', async () => {
  const DATA_DIR = join(home, `my "own" folder, $x's`, 'of data')
  const bridge = await serve({ DATA_DIR })
  expect(existsSync(join(DATA_DIR, 'owner.json'))).toBe(true)
  await bridge.stop()
  expect(existsSync(join(DATA_DIR, 'owner.json'))).toBe(false)
})

it('the first lines of a piped serve are always in the same order', async () => {
  const starts = Array.from({ length: 6 }, async (_, n) => {
    const { lines, stop } = await serve({ DATA_DIR: join(home, `piped-${n}`) })
    await stop()
    return lines.map((line) => (line.startsWith('{') ? JSON.parse(line).msg : line))
  })
  const expected = [
    'listening',
    expect.stringMatching(/^PUBLIC_URL is not set\./),
    expect.stringMatching(
      /^There is no GitHub App yet\. To register one, open http:\/\/localhost:\d+\/setup\?token=\S+$/,
    ),
  ]
  for (const start of starts) expect(await start).toEqual(expected)
})

describe('where the disk is full', () => {
  const shell = (script: string) => ['-rm', '/bin/sh', '-c', `mount -t tmpfs -o size=64k none "$DATA_DIR" && ${script}`]
  const canMount = () => {
    try {
      execFileSync('unshare', shell('true'), { env: { ...process.env, DATA_DIR: tmpdir() }, stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  }

  it.skipIf(!canMount()).each([
    ['serve', /^The data folder \S+full cannot be used \(database or disk is full\)\./],
    [
      'admit ada/engine',
      /^Not done: there is no room left on the disk \(ENOSPC\)\. Make some, or name another place with DATA_DIR\.$/m,
    ],
    ['doctor', /^wrong +data +this user cannot write into \S+full \(ENOSPC\)\./m],
  ])('%s says so', async (subcommand, says) => {
    const DATA_DIR = join(home, 'full')
    mkdirSync(DATA_DIR, { recursive: true })
    const script = `{ cat /dev/zero >"$DATA_DIR/zeros" 2>&-; exec "$0" "$@"; }`
    const { code, said } = await new Promise<{ code: unknown; said: string }>((resolve) => {
      execFile(
        'unshare',
        [...shell(script), process.execPath, ...PROGRAM, ...subcommand.split(' ')],
        { cwd: home, env: { ...environment({ DATA_DIR }), PATH: process.env['PATH'] } },
        (error, out, err) => resolve({ code: error === null ? 0 : error.code, said: `${err}${out}` }),
      )
    })
    expect(said).toMatch(says)
    expect(code).toBe(1)
  })
})
