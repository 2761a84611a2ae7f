import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { credentialsOf, Environment, readConfig } from '../src/config.ts'
import { UserError } from '../src/domain/errors.ts'

const PEM = '-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\n'
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
    { name: 'whole in base64', key: Buffer.from(PEM).toString('base64') },
  ])('is read $name', ({ key }) => {
    expect(read({ PRIVATE_KEY: key }).privateKey).toBe(PEM)
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
