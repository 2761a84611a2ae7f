import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { credentialsOf, Environment, readConfig } from '../src/config.ts'
import { UserError } from '../src/domain/errors.ts'
import { apiUrl } from '../src/github/github.ts'

const { privateKey: PEM, publicKey: PUBLIC } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
})
const ENCRYPTED = createPrivateKey(PEM).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'config-'))
})
afterEach(() => rmSync(dataDir, { recursive: true }))

const read = (env: NodeJS.ProcessEnv = {}) => readConfig({ DATA_DIR: dataDir, ...env })
const appEnv = (text: string) => writeFileSync(join(dataDir, 'app.env'), text)

function errorOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof UserError) return error.message
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('the environment', () => {
  test('has a default for everything that is not the App’s', () => {
    expect(read()).toMatchObject({
      PORT: 3000,
      LOG_LEVEL: 'info',
      GHE_PROTOCOL: 'https',
      ADMIT: [],
      dataDir,
      privateKey: undefined,
    })
    expect(credentialsOf(read())).toBeUndefined()
  })

  test('takes an empty variable for one that is not set', () => {
    expect(read({ PORT: '', APP_ID: '', LEDGER_URL: '', PRIVATE_KEY: '' })).toMatchObject({
      PORT: 3000,
      privateKey: undefined,
    })
  })

  test('reads lists without blanks and empty parts', () => {
    expect(read({ ADMIT: ' acme, other/repo ,,' }).ADMIT).toEqual(['acme', 'other/repo'])
  })

  test('describes every variable for README', () => {
    for (const field of Object.values(Environment.shape)) expect(field.description).toMatch(/\.$/)
  })

  const SECRET = 'hunter2'
  test.each([
    { name: 'APP_ID', value: `12${SECRET}` },
    { name: 'TRUST_PROXY', value: `10.0.0.1,${SECRET}` },
    { name: 'PORT', value: SECRET },
    { name: 'PORT', value: '65536' },
    { name: 'PORT', value: '-1' },
    { name: 'PORT', value: '3000.5' },
    { name: 'LOG_LEVEL', value: SECRET },
    { name: 'GHE_HOST', value: `https://${SECRET}` },
    { name: 'GHE_PROTOCOL', value: SECRET },
    { name: 'LEDGER_URL', value: `postgres://root:${SECRET}@localhost/commons` },
    { name: 'LEDGER_URL', value: SECRET },
    { name: 'DATABASE_URL', value: `mysql://root:${SECRET}@localhost/x` },
    { name: 'PUBLIC_URL', value: `ftp://${SECRET}` },
    { name: 'WEBHOOK_PROXY_URL', value: SECRET },
    { name: 'PRIVATE_KEY', value: SECRET },
    { name: 'PRIVATE_KEY_PATH', value: `/${SECRET}` },
    { name: 'PRIVATE_KEY_PATH', value: `${PEM}${SECRET}` },
    { name: 'PRIVATE_KEY_PATH', value: `/${SECRET}\0` },
  ])('that cannot be used is named with what was expected, and never shown: $name=$value', ({ name, value }) => {
    const message = errorOf(() => read({ [name]: value }))
    expect(message).toMatch(new RegExp(`${name}\\b.*[Ee]xpected `))
    expect(message).not.toContain(value)
    expect(message).not.toContain(SECRET)
  })
})

describe('the private key', () => {
  test.each([
    { name: 'as it is', key: PEM },
    { name: 'with written line breaks', key: PEM.replaceAll('\n', '\\n') },
    { name: 'with written \\r\\n', key: PEM.replaceAll('\n', '\\r\\n') },
    { name: 'with the line breaks of Windows', key: PEM.replaceAll('\n', '\r\n') },
    { name: 'whole in base64', key: Buffer.from(PEM).toString('base64') },
    {
      name: 'whole in base64, in lines',
      key: Buffer.from(PEM)
        .toString('base64')
        .replace(/(.{70})/g, '$1\n'),
    },
    { name: 'in double quotes', key: JSON.stringify(PEM) },
    { name: 'in single quotes', key: `'${PEM}'` },
    { name: 'on one line', key: PEM.replaceAll('\n', ' ') },
    { name: 'without any line break', key: PEM.replaceAll('\n', '') },
    { name: 'indented', key: PEM.replaceAll('\n', '\n    ') },
    { name: 'below a note', key: `the key of our App\n${PEM}\nend` },
    { name: 'behind a mark of its encoding', key: `\ufeff${PEM}` },
  ])('is read $name', ({ key }) => {
    expect(read({ PRIVATE_KEY: key }).privateKey).toBe(PEM)
  })

  test.each([
    ['is cut short', PEM.slice(0, 400), 'cut short'],
    ['has lost a part', PEM.replace(/(.{64}\n){4}/, ''), 'cannot be read'],
    ['is a public one', PUBLIC, 'is a public key'],
    ['has a passphrase', ENCRYPTED, 'has a passphrase'],
    [
      'has a passphrase, as of old',
      PEM.replace('-----\n', '-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES,00\n\n'),
      'has a passphrase',
    ],
    ['is one of SSH', PEM.replaceAll('RSA PRIVATE', 'OPENSSH PRIVATE'), 'key of SSH'],
    [
      'is of another kind',
      generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }),
      'ed25519',
    ],
  ])('that %s is refused by the credentials, and named', (_, key, words) => {
    const config = read({ APP_ID: '1', WEBHOOK_SECRET: 's', PRIVATE_KEY: String(key) })
    const said = errorOf(() => credentialsOf(config))
    expect(said).toContain(words)
    expect(said).toMatch(/PRIVATE_KEY.*Expected the file/)
    expect(said).not.toContain(PEM.slice(100, 130))
  })

  test('is read from its file', () => {
    const path = join(dataDir, 'key.pem')
    writeFileSync(path, PEM)
    expect(read({ PRIVATE_KEY_PATH: path }).privateKey).toBe(PEM)
  })

  test('of a file that the environment names goes before the one that set-up wrote', () => {
    const path = join(dataDir, 'key.pem')
    writeFileSync(path, PEM)
    appEnv('PRIVATE_KEY="-----BEGIN OLD KEY-----"\n')
    expect(read({ PRIVATE_KEY_PATH: path }).privateKey).toBe(PEM)
  })
})

describe('what set-up wrote', () => {
  test('stands below the environment', () => {
    appEnv(`APP_ID=1\nWEBHOOK_SECRET=from-set-up\nPRIVATE_KEY="${PEM.replaceAll('\n', '\\n')}"\n`)
    expect(credentialsOf(read())).toEqual({ appId: '1', webhookSecret: 'from-set-up', privateKey: PEM })
    expect(credentialsOf(read({ APP_ID: '2' }))).toMatchObject({ appId: '2', webhookSecret: 'from-set-up' })
  })
})

describe('the App’s credentials', () => {
  test.each([
    {
      name: 'its key',
      env: { APP_ID: '1', WEBHOOK_SECRET: 's3cret' },
      missing: 'neither PRIVATE_KEY nor PRIVATE_KEY_PATH',
    },
    { name: 'the webhook’s secret', env: { APP_ID: '1', PRIVATE_KEY: PEM }, missing: 'not WEBHOOK_SECRET' },
  ])('are refused without $name', ({ env, missing }) => {
    const message = errorOf(() => credentialsOf(read(env)))
    expect(message).toContain(missing)
    expect(message).not.toContain('s3cret')
  })
})

describe('GHE_HOST has one spelling', () => {
  test.each([
    ['GHE.Example.com', undefined, 'ghe.example.com'],
    ['ghe.example.com:443', undefined, 'ghe.example.com'],
    ['ghe.example.com.', undefined, 'ghe.example.com'],
    ['ghe.example.com:80', 'http', 'ghe.example.com'],
    ['ghe.example.com:8443', undefined, 'ghe.example.com:8443'],
    ['ghe.example.com:80', undefined, 'ghe.example.com:80'],
    ['127.0.0.1:3000', 'http', '127.0.0.1:3000'],
    ['OctoCorp.GHE.com', undefined, 'octocorp.ghe.com'],
    ['api.octocorp.ghe.com', undefined, 'octocorp.ghe.com'],
    ['github.com', undefined, undefined],
    ['www.GitHub.com:443', undefined, undefined],
    ['api.github.com', undefined, undefined],
  ])('%s by %s is %s', (GHE_HOST, GHE_PROTOCOL, host) => {
    expect(read({ GHE_HOST, GHE_PROTOCOL }).GHE_HOST).toBe(host)
  })

  test.each([
    [undefined, 'https', 'https://api.github.com'],
    ['ghe.example.com', 'https', 'https://ghe.example.com/api/v3'],
    ['octocorp.ghe.com', 'https', 'https://api.octocorp.ghe.com'],
  ])('%s is asked where its API is', (gheHost, gheProtocol, url) => {
    expect(apiUrl({ gheHost, gheProtocol })).toBe(url)
  })

  test('a tenant of ghe.com is not asked in clear', () => {
    expect(errorOf(() => read({ GHE_HOST: 'octocorp.ghe.com', GHE_PROTOCOL: 'http' }))).toContain('GHE_PROTOCOL')
  })
})

describe('ADMIT takes what can match a repository', () => {
  test.each([
    ['https://github.com/octo/app', 'octo/app'],
    ['https://github.com/octo/app.git', 'octo/app'],
    ['@octo', 'octo'],
    ['octo/*', 'octo'],
    ['octo/app/', 'octo/app'],
    ['octo/app/tree/main', undefined],
    ['octo app', undefined],
    ['octo/app#abc', undefined],
  ])('%s is refused', (name, meant) => {
    const said = errorOf(() => read({ ADMIT: `fine/one,${name}` }))
    expect(said).toContain(`ADMIT in the environment is not usable: "${name}" is not a repository.`)
    if (meant === undefined) expect(said).not.toContain('Write ')
    else expect(said).toContain(`Write ${meant}.`)
  })

  test.each(['octo', 'octo/app', 'octo/.github', 'Octo/App#12', 'octo#7'])('%s is taken', (name) => {
    expect(read({ ADMIT: name }).ADMIT).toEqual([name])
  })
})

describe('.env in the folder of the start', () => {
  const dotenv = (text: string, mode = 0o600) => {
    const file = join(dataDir, '.env')
    writeFileSync(file, text)
    chmodSync(file, mode)
    return (env: NodeJS.ProcessEnv = {}) => readConfig({ DATA_DIR: dataDir, ...env }, file)
  }

  test('stands below the environment and above what set-up wrote, and its names are told', () => {
    appEnv('APP_ID=1\nWEBHOOK_SECRET=set-up\n')
    const readBeside = dotenv('APP_ID=2\nPORT=4000\nLOG_LEVEL=warn\nNODE_ENV=production\nHOST=\n')
    expect(readBeside({ LOG_LEVEL: 'error' })).toMatchObject({
      APP_ID: '2',
      PORT: 4000,
      LOG_LEVEL: 'error',
      WEBHOOK_SECRET: 'set-up',
      fromDotenv: ['APP_ID', 'PORT'],
      overridden: ['APP_ID'],
    })
  })

  test('may say where DATA_DIR is', () => {
    const file = join(dataDir, '.env')
    writeFileSync(file, `DATA_DIR=${dataDir}/elsewhere\n`, { mode: 0o600 })
    mkdirSync(join(dataDir, 'elsewhere'))
    writeFileSync(join(dataDir, 'elsewhere', 'app.env'), 'APP_ID=7\n')
    expect(readConfig({}, file)).toMatchObject({ APP_ID: '7', dataDir: join(dataDir, 'elsewhere') })
  })

  test('is left alone where the environment is not that of the process', () => {
    expect(read().fromDotenv).toEqual([])
  })

  test('that others can write is refused, unless it has nothing of ours', () => {
    expect(errorOf(() => dotenv('LEDGER_URL=mysql://a@b/c\n', 0o666)())).toMatch(/Others can write .*chmod 600/)
    expect(dotenv('OTHER=1\n', 0o666)().fromDotenv).toEqual([])
  })

  test.runIf(process.getuid?.() === 0)('that belongs to somebody else is refused', () => {
    const readBeside = dotenv('LEDGER_URL=mysql://a@b/c\n')
    chownSync(join(dataDir, '.env'), 12_345, 12_345)
    expect(errorOf(readBeside)).toContain('belongs to another user (12345)')
  })
})

describe('a DATA_DIR that cannot be one', () => {
  test('is said in words', () => {
    const file = join(dataDir, 'file')
    writeFileSync(file, '')
    expect(errorOf(() => readConfig({ DATA_DIR: file }))).toBe(
      `DATA_DIR is ${file}, which is a file. Expected a folder.`,
    )
    mkdirSync(join(dataDir, 'app.env'))
    expect(errorOf(() => read())).toMatch(/app\.env cannot be read \(EISDIR\)/)
  })
})
