import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startBridge } from '../../src/bridge.ts'
import { readConfig } from '../../src/config.ts'
import { diskFault } from '../../src/ops/disk.ts'
import { health } from '../../src/ops/health.ts'
import { createLog } from '../../src/ops/log.ts'
import { accountNotes, runningParts } from '../../src/ops/readiness-checks.ts'
import { createReadiness, notYet, type Parts } from '../../src/ops/readiness.ts'

let dataDir: string
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'wasteland-ready-'))
})
afterAll(() => rm(dataDir, { recursive: true, force: true }))

type Bridge = Parameters<typeof runningParts>[0]

const well = (): Bridge => ({
  ledger: async () => {},
  operations: async () => {},
  lastPolledAt: () => Date.now(),
  isRefused: () => false,
  dataDir,
})

async function ask(parts: Parts, notes: string[] = []) {
  const site = health({
    readiness: createReadiness(() => parts),
    notes: () => notes,
    metrics: { text: async () => 'x 1\n', type: 'text/x' },
  })
  const answer = await site.request('/readyz')
  return { status: answer.status, text: await answer.text() }
}

const never = () => new Promise<never>(() => {})
const away = () => Promise.reject(new Error('mysql://root:secret@host'))

describe('/readyz', () => {
  test('is 200 when all is well', async () => {
    expect(await ask(runningParts(well()))).toEqual({ status: 200, text: 'ready\n' })
  })

  test('is 200 where accounts refuse us, and names none, for anybody reads it', async () => {
    const told = (who: string) =>
      `ready\ngithub: ${who} us (IP allow list or SAML), so work there waits. The log and wasteland-bridge doctor say which; an owner can let the App in.\n`
    expect(await ask(runningParts(well()), accountNotes(['Acme']))).toEqual({
      status: 200,
      text: told('1 account refuses'),
    })
    expect((await ask(runningParts(well()), accountNotes(['Acme', 'Zed']))).text).toBe(told('2 accounts refuse'))
    expect((await ask(runningParts(well()), accountNotes([]))).text).toBe('ready\n')
  })

  test.each<[string, Partial<Bridge>, string]>([
    [
      'the ledger is away',
      { ledger: away },
      'ledger: cannot be reached. Commands wait until Dolt does again. Look at LEDGER_URL; of an embedded one at DATA_DIR/dolt/server.log.',
    ],
    [
      'the ledger hangs',
      { ledger: never },
      'ledger: does not answer. Commands wait until Dolt does again. Look at LEDGER_URL; of an embedded one at DATA_DIR/dolt/server.log.',
    ],
    [
      'the operations store is away',
      { operations: away },
      'operations: cannot be reached. Deliveries are refused until Postgres does again, and asked for then. Look at DATABASE_URL; of an embedded one at DATA_DIR/postgres/server.log.',
    ],
    [
      'the queue stands still',
      { lastPolledAt: () => Date.now() - 65_500 },
      'queue: has found no way to its jobs for 65 seconds. If the operations store is well, start the bridge again.',
    ],
    [
      'GitHub refuses us',
      { isRefused: () => true },
      'github: does not accept our credentials. Compare APP_ID and the private key with the App’s settings, and this machine’s clock with the time.',
    ],
    [
      'the data folder is gone',
      { dataDir: '/nonexistent/data' },
      'disk: DATA_DIR cannot be written to (ENOENT). It must be there, be ours, and not be mounted read-only.',
    ],
  ])('is 503 and says so when %s', async (_, wrong, line) => {
    expect(await ask(runningParts({ ...well(), ...wrong }))).toEqual({ status: 503, text: `${line}\n` })
  })

  test('has a line for each part that is not ready', async () => {
    const { text } = await ask(runningParts({ ...well(), ledger: away, operations: never, isRefused: () => true }))
    expect(text.match(/^\w+: /gm)).toEqual(['ledger: ', 'operations: ', 'github: '])
  })

  test('of a bridge without an App says where to register it, and / leads there', async () => {
    // At a terminal it goes to stderr, elsewhere into the log's stream.
    const said: string[] = []
    const atTerminal = vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0)
    const config = { ...readConfig({}), dataDir, PORT: 0 }
    const bridge = await startBridge(config, createLog('silent', { write: (text) => void said.push(text) }))
    try {
      const answer = await fetch(`${bridge.url}/readyz`)
      expect([answer.status, await answer.text()]).toEqual([503, 'app: not registered yet: open /setup\n'])
      const [, address] = /(http:\S+\/setup\?token=\S+)/.exec(said.join(''))!
      const admitted = await fetch(address!.replace('localhost', '127.0.0.1'))
      const cookie = admitted.headers.get('set-cookie')!.split(';')[0]!
      const first = await fetch(`${bridge.url}/`, { headers: { cookie }, redirect: 'manual' })
      expect([first.status, first.headers.get('location')]).toEqual([302, 'setup'])
    } finally {
      atTerminal.mockRestore()
      await bridge.stop()
    }
  })

  test('says what is missing while we start', async () => {
    expect(await ask({ start: notYet('not finished yet') })).toEqual({ status: 503, text: 'start: not finished yet\n' })
  })
})

test('a full disk is said in megabytes', async () => {
  expect(await diskFault(dataDir, Number.MAX_SAFE_INTEGER)).toMatch(
    /^\d+ MB are free in DATA_DIR\. Make room: a full disk stops every write\.$/,
  )
  expect(await diskFault(dataDir, 1)).toBeUndefined()
})

test('/healthz is 200 whatever hangs, and /metrics has its type', async () => {
  const readiness = createReadiness(() => ({ ledger: { ask: never } }))
  const site = health({ readiness, metrics: { text: async () => 'x 1\n', type: 'text/x' } })
  expect((await site.request('/healthz')).status).toBe(200)
  const metrics = await site.request('/metrics')
  expect([metrics.status, metrics.headers.get('content-type'), await metrics.text()]).toEqual([200, 'text/x', 'x 1\n'])
})

test('a part that hangs is asked once in a while, however often we are, and its answer counts when it comes', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  const asked: PromiseWithResolvers<undefined>[] = []
  const ledger = {
    ask() {
      asked.push(Promise.withResolvers())
      return asked.at(-1)!.promise
    },
  }
  const readiness = createReadiness(() => ({ ledger }))
  const look = async () => {
    const answer = readiness()
    await vi.advanceTimersByTimeAsync(2_000)
    return (await answer)[0]![1]
  }
  for (let n = 0; n < 5; n++) expect(await look()).toBe('does not answer.')
  expect(asked).toHaveLength(1)
  expect(await look()).toBe('does not answer.')
  expect(asked).toHaveLength(2)
  asked[1]!.resolve(undefined)
  const last = look()
  expect(await last).toBeUndefined()
  vi.useRealTimers()
})
