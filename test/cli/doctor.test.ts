import { spawnSync } from 'node:child_process'
import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { checkDeliveries, checkHook } from '../../src/cli/doctor-github.ts'
import { checkProxy } from '../../src/cli/doctor-proxy.ts'
import { runCli } from '../../src/cli/run.ts'
import { type Config, readConfig } from '../../src/config.ts'
import { readMigrations } from '../../src/operations/postgres/migrations.ts'
import { readAppFile } from '../../src/github/app-file.ts'
import { trustNobody } from '../../src/ops/client-address.ts'
import { createLog } from '../../src/ops/log.ts'
import { startFakeMariaDb } from '../ledger/fake-mysql.ts'
import { OWNER, postItem, startWorld, type World } from '../scenarios/world.ts'
import type { CliContext } from '../../src/cli/subcommand.ts'

const app = readAppFile(readFileSync(new URL('../../app.yml', import.meta.url), 'utf8'))

/** Runs the doctor and gives its exit code and its lines, by part. */
async function doctor(readConfig: () => Config, ...args: string[]) {
  let text = ''
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk)
    return true
  })
  try {
    const code = await runCli(['doctor', ...args], { readConfig, createLog } as unknown as CliContext)
    const lines = text.split('\n').map((line) => /^(ok|warning|wrong) +(.{14}\S*)  ?(.*)$/.exec(line))
    const found = lines.flatMap((line) => (line === null ? [] : [[line[2]!.trim(), `${line[1]}: ${line[3]}`]]))
    return { code, text, found: Object.fromEntries(found) as Record<string, string> }
  } finally {
    write.mockRestore()
  }
}

describe('wasteland-bridge doctor, beside a running bridge', () => {
  let world: World
  let healthy: Config
  beforeAll(async () => {
    const permissions = Object.fromEntries(
      app.permissions.map(({ name, access }) => [name, access as 'read' | 'write']),
    )
    const events = app.events.map(({ name }) => name)
    world = await startWorld({ github: { app: { owner: OWNER, permissions, events } } })
    // Of its installation GitHub told before there was anybody to hear.
    await world.gh.redeliverAll()
    await world.idle()
    healthy = { ...world.config, PUBLIC_URL: world.bridge.url }
  }, 120_000)
  afterAll(() => world.close())
  const undo: (() => void)[] = []
  afterEach(() => {
    for (const one of undo.splice(0)) one()
  })

  it('finds nothing wrong where nothing is, and shows no secret', async () => {
    const { code, text, found } = await doctor(() => healthy)
    expect(Object.values(found).filter((line) => !line.startsWith('ok: '))).toEqual([])
    expect(Object.keys(found)).toEqual([
      'environment',
      'clock',
      'credentials',
      'permissions',
      'events',
      'hook',
      'deliveries',
      'installed: ada',
      'Dolt',
      'ledger',
      'operations',
      'data',
      'ledger key',
      'space',
    ])
    expect(found['credentials']).toBe('ok: GitHub knows us as the App wasteland-bridge of ada.')
    expect(found['ledger']).toMatch(/commons on Dolt [0-9.]+, whole and committed/)
    expect(found['Dolt']).toMatch(/^ok: 1\.|CAST\(column AS CHAR\)/)
    expect(text).toContain('\nNothing is wrong.\n')
    expect(code).toBe(0)
    const secrets = [
      world.config.WEBHOOK_SECRET!,
      world.config.privateKey!.slice(100, 140),
      ...['dolt/password', 'postgres/password'].map((file) =>
        readFileSync(join(world.config.dataDir, file), 'utf8').trim(),
      ),
    ]
    for (const secret of secrets) expect(text).not.toContain(secret)
  })

  it('names the permissions and events that the App lacks', async () => {
    const { permissions, events } = world.gh.app
    undo.push(() => Object.assign(world.gh.app, { permissions, events }))
    Object.assign(world.gh.app, {
      permissions: { ...permissions, checks: 'read', members: undefined },
      events: events.filter((name) => !['push', 'member'].includes(name)),
    })
    const { code, found } = await doctor(() => healthy)
    expect(found['permissions']).toMatch(/^wrong: the App lacks checks: write, members: read\. Set them on/)
    expect(found['events']).toMatch(/^wrong: the App does not hear of push, member\./)
    expect(code).toBe(1)
  })

  it.each([
    ['an App that is another’s', { APP_ID: '1' }],
    [
      'the key of another App',
      {
        privateKey: generateKeyPairSync('rsa', {
          modulusLength: 2048,
          publicKeyEncoding: { type: 'spki', format: 'pem' },
          privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
        }).privateKey,
      },
    ],
  ])('says that GitHub does not accept %s', async (_, change) => {
    const { code, found } = await doctor(() => ({ ...healthy, ...change }))
    expect(found['credentials']).toBe(
      'wrong: GitHub does not accept them. APP_ID and the private key must be of one App, and the clock right.',
    )
    expect(Object.keys(found)).not.toContain('hook')
    expect(found['ledger']).toMatch(/^ok/)
    expect(code).toBe(1)
  })

  it('says that a key is none, and does not show it', async () => {
    const { code, text, found } = await doctor(() => ({ ...healthy, privateKey: '-----BEGIN hunter2-----' }))
    expect(found['credentials']).toMatch(/^wrong: The private key of PRIVATE_KEY or PRIVATE_KEY_PATH is cut short/)
    expect(text).not.toContain('hunter2')
    expect(code).toBe(1)
  })

  it('says that GitHub cannot be reached, and looks at the rest', async () => {
    const { code, found } = await doctor(() => ({ ...healthy, GHE_HOST: '127.0.0.1:1' }))
    expect(found['clock']).toMatch(/^wrong: GitHub cannot be reached/)
    expect(found['credentials']).toMatch(/^wrong: GitHub cannot be reached/)
    expect(found['operations']).toMatch(/^ok/)
    expect(code).toBe(1)
  })

  it.each([
    [20, /^warning: 20 s|^warning: (19|21) s/],
    [300, /^wrong: (299|300|301) s from GitHub’s: GitHub refuses our tokens/],
  ])('compares the clock: %i s', async (seconds, words) => {
    const date = new Date(Date.now() + seconds * 1000).toUTCString()
    undo.push(world.gh.fault({ path: /^\/rate_limit/, status: 200, headers: { date }, body: {} }))
    expect((await doctor(() => healthy)).found['clock']).toMatch(words)
  })

  it('says that a hook leads elsewhere', async () => {
    undo.push(() => world.gh.setHookUrl(`${world.bridge.url}/api/github/webhooks`))
    world.gh.setHookUrl('http://127.0.0.1:9/other?token=hunter2')
    const elsewhere = await doctor(() => healthy)
    expect(elsewhere.found['hook']).toMatch(/^wrong: GitHub sends to http:\/\/127\.0\.0\.1:9\/other, we expect http/)
    expect(elsewhere.text).not.toContain('hunter2')
  })

  it('tells deliveries that failed, until they are sent again', async () => {
    const stop = world.gh.drop(() => true)
    const repo = world.repository('missed')
    world.gh.as(OWNER).openIssue(repo, { title: 'x' })
    await world.gh.settled()
    stop()
    const missed = await doctor(() => healthy)
    expect(missed.found['deliveries']).toMatch(
      /^wrong: 1 of the last \d+ did not arrive, at last issues at .*failed to connect to host/,
    )
    expect(missed.code).toBe(1)
    world.gh.as(OWNER).openIssue(repo, { title: 'y' })
    await world.idle()
    expect((await doctor(() => healthy)).found['deliveries']).toMatch(/^warning: 1 of the last/)
    await world.gh.redeliver(world.gh.deliveries.findLast(({ attempts }) => attempts[0]!.statusCode === 502)!.guid)
    expect((await doctor(() => healthy)).found['deliveries']).toMatch(/^ok: the last \d+ arrived/)
  })

  it('tells installations apart: what is served, suspended', async () => {
    world.gh.user('other')
    world.gh.repository('other/one')
    world.gh.as('other').installApp({ account: 'other' })
    await world.idle()
    expect((await doctor(() => healthy)).found['installed: other']).toMatch(
      /^ok: serves 0 of 1 repository; not other\/one/,
    )
    world.gh.as('other').suspendApp('other')
    await world.idle()
    expect((await doctor(() => healthy)).found['installed: other']).toMatch(/^warning: suspended/)
    world.gh.as('other').uninstallApp('other')
    await world.idle()
  })

  it('names settings that lie where they are not read', async () => {
    const repo = world.repository('near')
    world.gh.as(OWNER).writeFile(repo, 'wasteland.yml', 'quiet: true\n')
    const { code, text } = await doctor(() => healthy)
    expect([code, text]).toEqual([
      0,
      expect.stringContaining(
        'ada/near, wasteland.yml is not read, so it narrows nothing. Rename it to .github/wasteland.yml.',
      ),
    ])
    world.gh.as(OWNER).writeFile(repo, 'wasteland.yml', null)
  })

  it('names logins in settings files that nobody had, or that another account took', async () => {
    const repo = world.repository('listing')
    const { id: was } = world.gh.user('kim')
    world.gh.as(OWNER).writeFile(repo, '.github/wasteland.yml', 'stampers: {users: [mia, kim, zed]}\n')
    await postItem(world, repo)
    world.gh.renameUser('kim', 'kim-now')
    const { id: now } = world.gh.user('kim')
    const { code, text } = await doctor(() => healthy)
    const lines = text.split('\n').filter((line) => line.includes('ada/listing, .github/wasteland.yml'))
    expect(lines).toEqual([
      expect.stringContaining(
        `lists kim: it means account ${was}, which had this login when it was listed. Account ${now} has`,
      ),
      expect.stringContaining('lists zed: when it was listed, GitHub knew no such account, so it means nobody.'),
    ])
    expect(code).toBe(0)
  })

  it('says of the ledger what is uncommitted and what is missing', async () => {
    await world.sql('ALTER TABLE stamps DROP COLUMN pilot_cohort')
    expect((await doctor(() => healthy)).found['ledger']).toMatch(/^wrong: .*uncommitted changes in stamps/)
    await world.sql(`CALL DOLT_COMMIT('-Am', 'Lose a column')`)
    expect((await doctor(() => healthy)).found['ledger']).toMatch(/^warning: .*lacks stamps\.pilot_cohort/)
    await world.sql('CREATE DATABASE strangers')
    await world.sql('CREATE TABLE strangers.t (id INT PRIMARY KEY)')
    const url = new URL(await readUrl())
    url.pathname = '/strangers'
    expect((await doctor(() => ({ ...healthy, LEDGER_URL: url.href }))).found['ledger']).toMatch(
      /^wrong: .*not a wasteland/,
    )
    url.pathname = '/nowhere'
    expect((await doctor(() => ({ ...healthy, LEDGER_URL: url.href }))).found['ledger']).toMatch(
      /^wrong: .*no database "nowhere"/,
    )
    url.password = 'hunter2'
    const denied = await doctor(() => ({ ...healthy, LEDGER_URL: url.href }))
    expect(denied.found['ledger']).toMatch(/^wrong: .*does not let the user "root"/)
    expect(denied.text).not.toContain('hunter2')
    const away = await doctor(() => ({ ...healthy, LEDGER_URL: 'mysql://a:hunter2@127.0.0.1:1/commons' }))
    expect(away.found['ledger']).toMatch(/^wrong: the Dolt server 127\.0\.0\.1:1 cannot be reached \(ECONNREFUSED\)/)
    expect(away.text).not.toContain('hunter2')
  })
  const readUrl = async () => {
    const read = (file: string) => readFileSync(join(world.config.dataDir, 'dolt', file), 'utf8').trim()
    return `mysql://root:${read('password')}@127.0.0.1:${read('port')}/commons`
  }

  it('says of the operations store what is not applied, newer, or away', async () => {
    // One that makes no table: its tables would be taken for another program's.
    const name = [...readMigrations()].findLast(([, { tables }]) => tables.length === 0)![0]
    const [last] = await world.ops('SELECT * FROM kysely_migration WHERE name = $1', [name])
    await world.ops('DELETE FROM kysely_migration WHERE name = $1', [last!['name']])
    expect((await doctor(() => healthy)).found['operations']).toBe(
      `warning: Postgres 18.4, reached; ${last!['name']} is applied at the next start.`,
    )
    await world.ops('INSERT INTO kysely_migration (name, timestamp) VALUES ($1, $2)', [
      last!['name'],
      last!['timestamp'],
    ])
    await world.ops(`INSERT INTO kysely_migration (name, timestamp) VALUES ('9999-later', '')`)
    expect((await doctor(() => healthy)).found['operations']).toMatch(/^wrong: .*newer wasteland-bridge/)
    await world.ops(`DELETE FROM kysely_migration WHERE name = '9999-later'`)
    const away = await doctor(() => ({ ...healthy, DATABASE_URL: 'postgres://a:hunter2@127.0.0.1:1/x' }))
    expect(away.found['operations']).toMatch(
      /^wrong: the Postgres server 127\.0\.0\.1:1 cannot be reached \(ECONNREFUSED\)/,
    )
    expect(away.text).not.toContain('hunter2')
  })

  it('names secrets that others can read', async () => {
    const file = join(world.config.dataDir, 'hmac.key')
    await chmod(file, 0o644)
    const { code, found } = await doctor(() => healthy)
    expect(found['data']).toBe(`wrong: others can read hmac.key. chmod 600 ${file}`)
    expect(found['ledger key']).toMatch(/^warning: .* has the mode 644: whoever reads it can sign commits/)
    expect(code).toBe(1)
    await chmod(file, 0o600)
    expect((await doctor(() => healthy)).found['ledger key']).toBe(`ok: ${file}, mode 600.`)
  })
})

describe('wasteland-bridge doctor, before anything runs', () => {
  let dataDir: string
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'doctor-'))
  })
  afterAll(() => rm(dataDir, { recursive: true }))

  it('says what is still to be done, counts it, and does not say that nothing is wrong', async () => {
    const { code, found, text } = await doctor(() =>
      readConfig({ DATA_DIR: join(dataDir, 'none'), PATH: '/nowhere', XDG_CACHE_HOME: dataDir }),
    )
    expect(found).toMatchObject({
      credentials: expect.stringMatching(/^warning: there is no APP_ID yet/),
      Dolt: expect.stringMatching(/^warning: .*The next start fetches it/),
      ledger: expect.stringMatching(/^warning: the embedded one does not run/),
      operations: expect.stringMatching(/^warning: the embedded one does not run/),
      data: expect.stringMatching(/^warning: .*not there yet/),
    })
    expect(text).toContain('\n5 warnings.\n')
    expect(text).not.toContain('Nothing is wrong')
    expect(code).toBe(0)
  })

  it('gives the same as JSON', async () => {
    const { code, text } = await doctor(
      () => readConfig({ DATA_DIR: join(dataDir, 'none'), LEDGER_URL: 'x' }),
      '--json',
    )
    expect(JSON.parse(text)).toEqual([
      { state: 'wrong', part: 'environment', says: expect.stringContaining('LEDGER_URL') },
    ])
    expect(code).toBe(1)
  })

  it('says of a DATA_DIR that is a file, leads nowhere, or lies below a file, that it cannot be used', async () => {
    const says = async (dir: string) =>
      (await doctor(() => ({ ...readConfig({ DATA_DIR: dataDir }), dataDir: dir }))).found['data']
    await writeFile(join(dataDir, 'file'), '')
    await symlink(join(dataDir, 'nowhere'), join(dataDir, 'link'))
    expect(await says(join(dataDir, 'file'))).toMatch(/^wrong: .*file is a file\. Name a folder/)
    expect(await says(join(dataDir, 'file', 'below'))).toMatch(/^wrong: .* lies below a file/)
    expect(await says(join(dataDir, 'link'))).toMatch(/^wrong: .*link is a link that leads nowhere/)
    await rm(join(dataDir, 'file'))
    await rm(join(dataDir, 'link'))
  })

  it.runIf(process.getuid?.() === 0)('tries as the user who runs it whether DATA_DIR can be written', async () => {
    const file = join(dataDir, 'try.ts')
    await writeFile(
      file,
      `import { checkFolder } from '${new URL('../../src/cli/doctor-data.ts', import.meta.url).pathname}'
      for (const dir of process.argv.slice(2)) console.log((await checkFolder(dir)).says)`,
    )
    await chmod(dataDir, 0o755)
    const { uid, gid } = { uid: 65_534, gid: 65_534 }
    const run = spawnSync(process.execPath, [file, dataDir, join(dataDir, 'new')], { uid, gid, encoding: 'utf8' })
    await chmod(dataDir, 0o700)
    expect(run.stdout.split('\n')).toEqual([
      expect.stringContaining(`this user cannot write into ${dataDir} (EACCES)`),
      expect.stringContaining(`this user cannot make it in ${dataDir}`),
      '',
    ])
  })

  it('says which variables go before what set-up wrote', async () => {
    await writeFile(join(dataDir, 'app.env'), 'APP_ID=1\nPORT=3000\n', { mode: 0o600 })
    const { found } = await doctor(() => readConfig({ DATA_DIR: dataDir, APP_ID: '2', PORT: '3000' }))
    expect(found['environment']).toMatch(/^warning: APP_ID of the environment goes before what set-up wrote/)
    await rm(join(dataDir, 'app.env'))
  })

  it('says which variable is wrong', async () => {
    const { code, found } = await doctor(() => readConfig({ DATA_DIR: dataDir, LEDGER_URL: 'hunter2' }))
    expect(found).toEqual({ environment: expect.stringMatching(/^wrong: LEDGER_URL in the environment is not usable/) })
    expect(code).toBe(1)
    const unruly = await doctor(() => ({ ...readConfig({ DATA_DIR: dataDir }), policy: 'claims: many' }))
    expect(unruly.found['environment']).toMatch(/^wrong: The file that POLICY names is not usable: claims/)
    const half = await doctor(() => readConfig({ DATA_DIR: dataDir, APP_ID: '1' }))
    expect(half.found['credentials']).toMatch(/^wrong: APP_ID is set, but neither PRIVATE_KEY/)
  })

  it('says of the ledger’s key that it is not there, or none', async () => {
    const says = async () => (await doctor(() => readConfig({ DATA_DIR: dataDir }))).found['ledger key']
    expect(await says()).toMatch(/^warning: .*hmac\.key is not there\. The next start makes one/)
    await writeFile(join(dataDir, 'hmac.key'), 'short', { mode: 0o600 })
    expect(await says()).toMatch(/^wrong: .*hmac\.key has 5 bytes where a key has 32/)
    await rm(join(dataDir, 'hmac.key'))
  })

  it('says of a MariaDB what serve says', async () => {
    const fake = await startFakeMariaDb()
    const LEDGER_URL = `mysql://root:hunter2@127.0.0.1:${fake.port}/x`
    const { code, text, found } = await doctor(() => readConfig({ DATA_DIR: dataDir, LEDGER_URL }))
    fake.close()
    expect(found['ledger']).toBe(
      `wrong: The server 127.0.0.1:${fake.port} of LEDGER_URL does not speak Dolt's SQL; MySQL and MariaDB do not. Name a Dolt server.`,
    )
    expect(text).not.toContain('hunter2')
    expect(code).toBe(1)
  })

  it('says that a folder is open to others', async () => {
    await writeFile(join(dataDir, 'app.env'), '', { mode: 0o600 })
    await chmod(dataDir, 0o777)
    expect((await doctor(() => readConfig({ DATA_DIR: dataDir }))).found['data']).toMatch(/^wrong: others can write/)
    await chmod(dataDir, 0o755)
    expect((await doctor(() => readConfig({ DATA_DIR: dataDir }))).found['data']).toMatch(
      /^warning: others can look into/,
    )
    await chmod(dataDir, 0o700)
  })
})

describe('a reverse proxy', () => {
  const https = 'https://bridge.example.com/'
  it.each<[string, Parameters<typeof checkProxy>[0], string[]]>([
    ['that is trusted', { PUBLIC_URL: https, TRUST_PROXY: trustNobody }, ['ok']],
    ['that nobody named', { PUBLIC_URL: https, TRUST_PROXY: undefined }, ['warning']],
    ['that there may not be', { PUBLIC_URL: 'http://127.0.0.1:3000/', TRUST_PROXY: undefined }, []],
    ['that nothing hints at', { PUBLIC_URL: undefined, TRUST_PROXY: undefined }, []],
  ])('%s', (_, config, states) => {
    expect(checkProxy(config).map(({ state }) => state)).toEqual(states)
  })
})

describe('a hook', () => {
  const PUBLIC_URL = 'https://bridge.example.com/'
  const right = 'https://bridge.example.com/api/github/webhooks'
  const hook = { url: right, isJson: true, isUnchecked: false }
  const config = { PUBLIC_URL, WEBHOOK_PROXY_URL: undefined, GHE_HOST: undefined }
  const proxied = { ...config, WEBHOOK_PROXY_URL: 'https://smee.io/hunter2' }

  it.each<[string, typeof config | typeof proxied, Partial<typeof hook>, RegExp]>([
    ['that leads here', config, {}, /^ok: https:\/\/bridge\.example\.com\/api\/github\/webhooks\.$/],
    ['that leads to the proxy', proxied, { url: 'https://smee.io/hunter2' }, /^ok: https:\/\/smee\.io\/…\.$/],
    ['past the proxy', proxied, {}, /^wrong: .*we expect https:\/\/smee\.io\/…/],
    ['as a form', config, { isJson: false }, /^wrong: its content type is form/],
    ['with TLS unchecked', config, { isUnchecked: true }, /^warning: .*Enable SSL/],
    [
      'to this machine',
      config,
      { url: 'http://localhost:3000/api/github/webhooks' },
      /^wrong: .*cannot be reached from GitHub/,
    ],
    ['to a private address', config, { url: 'http://192.168.1.4/x' }, /^wrong: .*cannot be reached/],
    ['to a private IPv6 address', config, { url: 'http://[fd00::1]/x' }, /^wrong: .*cannot be reached/],
    ['to a bare name', config, { url: 'http://bridge/x' }, /^wrong: .*cannot be reached/],
    ['that is not set', config, { url: '' }, /^wrong: none is set\. Set https:\/\/bridge/],
    ['that is no address', config, { url: 'nonsense' }, /^wrong: an address that is none cannot be reached/],
  ])('%s', (_, config, change, words) => {
    const { state, says } = checkHook(config, { ...hook, ...change }, { url: 'https://github.com/apps/x' })
    expect(`${state}: ${says}`).toMatch(words)
    expect(says).not.toContain('hunter2')
  })

  it('without PUBLIC_URL cannot be compared', () => {
    const finding = checkHook({ ...config, PUBLIC_URL: undefined }, hook, { url: 'x' })
    expect(finding).toMatchObject({ state: 'warning', says: expect.stringContaining('Set PUBLIC_URL') })
  })

  it('that got nothing yet is fine', () => {
    expect(checkDeliveries([])).toMatchObject({ state: 'ok' })
  })
})
