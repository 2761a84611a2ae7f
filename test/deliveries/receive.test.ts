import { createHmac } from 'node:crypto'
import { type AddressInfo, connect } from 'node:net'
import { serve } from '@hono/node-server'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Delivery } from '../../src/deliveries/stored-event.ts'
import { receiver } from '../../src/deliveries/webhook-endpoint.ts'
import { createClients, trustNobody } from '../../src/ops/client-address.ts'

const PATH = '/api/github/webhooks'
const SECRET = 'of the webhook'
const GUID = '0b9f3a70-1234-11ef-9c4c-3f1f6c9b9a01'
const LIMIT = 25 * 1024 * 1024
const sign = (body: string | Buffer) => `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`

const GITHUB = '140.82.115.10'
/** Of the right form. */
const WRONG = sign('another text')

interface Given {
  starting?: boolean
  store?: (delivery: Delivery) => Promise<void>
}
function start({ starting = false, store = async () => {} }: Given = {}) {
  const stored: Delivery[] = []
  const answered: [string, number][] = []
  const warn = vi.fn()
  const keep = async (delivery: Delivery) => {
    await store(delivery)
    stored.push(delivery)
  }
  const app = receiver({
    intake: () => (starting ? undefined : { secret: SECRET, store: keep }),
    networkOf: createClients(trustNobody).networkOf,
    answered: (event, status) => void answered.push([event, status]),
    log: { warn },
  })
  const post = async (
    body: string | Buffer | ReadableStream,
    headers: Record<string, string> = {},
    address = GITHUB,
  ) => {
    const signature = typeof body === 'string' || Buffer.isBuffer(body) ? sign(body) : WRONG
    const all = {
      'content-type': 'application/json',
      'x-github-event': 'ping',
      'x-github-delivery': GUID,
      'x-hub-signature-256': signature,
      ...headers,
    }
    const env = { incoming: { socket: { remoteAddress: address } } }
    return app.request(PATH, { method: 'POST', body, headers: all, duplex: 'half' }, env)
  }
  return { app, post, stored, answered, warn }
}

afterEach(() => void vi.useRealTimers())

describe('a delivery', () => {
  test('that is signed is stored under its GUID and answered 202', async () => {
    const { post, stored } = start()
    expect((await post('{"action":"x"}')).status).toBe(202)
    expect(stored).toEqual([{ guid: GUID, name: 'ping', payload: { action: 'x' } }])
  })

  test.each([
    { name: 'no signature', status: 401, headers: { 'x-hub-signature-256': '' } },
    { name: 'another signature', status: 401, headers: { 'x-hub-signature-256': sign('{} ') } },
    { name: 'only SHA-1', status: 401, headers: { 'x-hub-signature-256': 'sha1=abc' } },
    { name: 'half a signature', status: 401, headers: { 'x-hub-signature-256': sign('{}').slice(0, 40) } },
    { name: 'the signature in capitals', status: 401, headers: { 'x-hub-signature-256': sign('{}').toUpperCase() } },
    { name: 'a form', status: 415, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    { name: 'no type', status: 415, headers: { 'content-type': '' } },
    {
      name: 'a type that only begins like JSON',
      status: 415,
      headers: { 'content-type': 'application/json-patch+json' },
    },
    { name: 'no event', status: 400, headers: { 'x-github-event': '' } },
    { name: 'broken JSON', status: 400, body: '{' },
    { name: 'JSON that is no object', status: 400, body: '[1]' },
    { name: 'JSON null', status: 400, body: 'null' },
    { name: 'nothing', status: 400, body: '' },
    { name: 'JSON too deep to read', status: 400, body: '['.repeat(200_000) },
    { name: 'a body that is no UTF-8', status: 401, body: Buffer.from([0x7b, 0xff, 0x7d]) },
    { name: 'more announced than GitHub sends', status: 413, headers: { 'content-length': String(LIMIT + 1) } },
  ])(
    'with $name is answered $status, stores nothing and leaks nothing',
    async ({ status, headers = {}, body = '{}' }) => {
      const { post, stored } = start()
      const answer = await post(body, headers)
      expect(answer.status).toBe(status)
      expect(await answer.text()).toBe('')
      expect(stored).toEqual([])
    },
  )

  test('that is refused is logged, without its body, and a flood of them only once', async () => {
    const { post, warn } = start()
    for (let n = 0; n < 20; n++) await post('{"token":"in the payload"}', { 'x-hub-signature-256': 'sha256=bad' })
    expect(warn).toHaveBeenCalledExactlyOnceWith({ status: 401, event: 'ping' }, expect.any(String))
  })

  test.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON ;x'])(
    'may be of the type %s',
    async (type) => {
      expect((await start().post('{}', { 'content-type': type })).status).toBe(202)
    },
  )

  test('that streams more than it announced is cut off at the limit', async () => {
    let sent = 0
    const body = new ReadableStream({
      pull(controller) {
        sent += 1024 * 1024
        controller.enqueue(new Uint8Array(1024 * 1024))
      },
    })
    expect((await start().post(body)).status).toBe(413)
    expect(sent).toBeLessThan(LIMIT + 4 * 1024 * 1024)
  })

  test('is told of by its event and what it was answered', async () => {
    const { post, answered } = start()
    await post('{}')
    await post('{}', { 'x-hub-signature-256': '' })
    expect(answered).toEqual([
      ['ping', 202],
      ['ping', 401],
    ])
  })

  test('of exactly the limit is taken', async () => {
    const body = `{"x":"${'y'.repeat(LIMIT - 8)}"}`
    expect(Buffer.byteLength(body)).toBe(LIMIT)
    expect((await start().post(body)).status).toBe(202)
  })
})

describe('a delivery that cannot be stored', () => {
  test('is answered 503 while we start', async () => {
    expect((await start({ starting: true }).post('{}')).status).toBe(503)
  })

  test('is answered 503 without a word of why, which only the log has, without the payload', async () => {
    const { post, warn } = start({ store: () => Promise.reject(new Error('postgres://user:password@host')) })
    const answer = await post('{"token":"in the payload"}')
    expect([answer.status, await answer.text()]).toEqual([503, ''])
    expect(warn).toHaveBeenCalledWith(expect.objectContaining({ delivery: GUID }), 'delivery: could not be stored')
    expect(JSON.stringify(warn.mock.calls)).not.toContain('in the payload')
  })

  test('in time is answered 503 before GitHub gives up', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const store = vi.fn(() => new Promise<void>(() => {}))
    const { post } = start({ store })
    const answer = post('{}')
    await vi.waitFor(() => expect(store).toHaveBeenCalled())
    await vi.advanceTimersByTimeAsync(9_000)
    expect((await answer).status).toBe(503)
  })
})

describe('too many at once', () => {
  const large = JSON.stringify({ x: 'y'.repeat(10 * 1024 * 1024) })

  test('for what may lie in memory are answered 503, until the store has those before', async () => {
    const letGo = Promise.withResolvers<void>()
    const store = vi.fn(() => letGo.promise)
    const { post, stored } = start({ store })
    const first = [post(large), post(large), post(large)]
    await vi.waitFor(() => expect(store).toHaveBeenCalledTimes(3))
    expect((await post(large)).status).toBe(503)
    expect(stored).toEqual([])
    letGo.resolve()
    expect((await Promise.all(first)).map(({ status }) => status)).toEqual([202, 202, 202])
    expect((await post(large)).status).toBe(202)
  })

  test('hold nothing once they are refused', async () => {
    const { post } = start()
    for (let n = 0; n < 6; n++) expect((await post(large, { 'x-hub-signature-256': WRONG })).status).toBe(401)
    expect((await post(large)).status).toBe(202)
  })

  test('a body that does not come to its end is left, and holds nothing', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { post } = start()
    const slow = () => {
      const begun = new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from(large)) })
      return post(begun)
    }
    const answers = [slow(), slow(), slow()]
    await vi.waitFor(() => expect(vi.getTimerCount()).toBe(3))
    await vi.advanceTimersByTimeAsync(10_000)
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([503, 503, 503])
    expect((await post(large)).status).toBe(202)
  })
})

describe('bodies of strangers', () => {
  /** Until what was begun counts as standing still. */
  const meanwhile = () => sleep(1500)
  const kB = 1024
  /** A body that begins and then stands still. */
  const stalled = (bytes: number) =>
    new ReadableStream({
      start(controller) {
        for (let left = bytes; left > 0; left -= 64 * kB) controller.enqueue(new Uint8Array(Math.min(left, 64 * kB)))
      },
    })
  /** Signed, and in parts as a socket gives them. */
  const inParts = (body: Buffer) => {
    let sent = 0
    return new ReadableStream({
      async pull(controller) {
        await new Promise((later) => setImmediate(later))
        controller.enqueue(body.subarray(sent, (sent += 64 * kB)))
        if (sent >= body.length) controller.close()
      },
    })
  }
  const signed = (bytes: number) => {
    const body = Buffer.from(JSON.stringify({ x: 'y'.repeat(bytes - 8) }))
    const headers = { 'x-hub-signature-256': sign(body), 'content-length': String(body.length) }
    return { stream: inParts(body), headers }
  }

  test.each([
    { name: 'of one address', of: () => '203.0.113.1' },
    { name: 'of a thousand addresses', of: (n: number) => `203.0.${n >> 8}.${n & 255}` },
    { name: 'of GitHub’s own address, as behind a proxy that we do not know', of: () => GITHUB },
  ])('$name keep no signed one out', async ({ of }) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { post, stored } = start()
    const wrong = { 'x-hub-signature-256': WRONG }
    for (let n = 0; n < 1000; n++) {
      const [announced, given] = [
        [250 * kB, 200 * kB],
        [250 * kB, 1],
        [20_000 * kB, 1000 * kB],
        [undefined, 100 * kB],
      ][n % 4]!
      const length: Record<string, string> = announced === undefined ? {} : { 'content-length': String(announced) }
      void post(stalled(given!), { ...wrong, ...length }, of(n))
    }
    await meanwhile()
    const sizes = [...Array<number>(100).fill(20 * kB), 300 * kB, 1000 * kB, 3000 * kB, 20_000 * kB]
    const answers = sizes.map((size) => {
      const { stream, headers } = signed(size)
      return post(stream, { ...headers, 'x-github-delivery': '' })
    })
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(sizes.map(() => 202))
    expect(stored).toHaveLength(sizes.length)
    await vi.advanceTimersByTimeAsync(20_000)
  })

  test('go before a slow one of an address that signed bodies came from', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { post } = start()
    expect((await post('{}')).status).toBe(202)
    const body = Buffer.from(JSON.stringify({ x: 'y'.repeat(3000 * kB) }))
    let end = () => {}
    const slow = new ReadableStream({
      start(controller) {
        controller.enqueue(body.subarray(0, 1000))
        end = () => (controller.enqueue(body.subarray(1000)), controller.close())
      },
    })
    const answer = post(slow, { 'x-hub-signature-256': sign(body), 'content-length': String(body.length) })
    await new Promise((later) => setImmediate(later))
    const others = Array.from({ length: 40 }, (_, n) =>
      post(stalled(1000 * kB), { 'x-hub-signature-256': WRONG }, `203.0.113.${n}`),
    )
    // Some had to make room for others.
    expect((await Promise.race(others)).status).toBe(503)
    end()
    expect((await answer).status).toBe(202)
    await vi.advanceTimersByTimeAsync(20_000)
  })

  test('without a signature of the right form are not read', async () => {
    let pulled = 0
    const pull = () => void (pulled += 1)
    const body = new ReadableStream({ pull }, { highWaterMark: 0 })
    expect((await start().post(body, { 'x-hub-signature-256': 'sha256=x' })).status).toBe(401)
    expect(pulled).toBe(0)
  })

  test('on three hundred open sockets keep no signed one out', async () => {
    const { app } = start()
    const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 })
    if (!server.listening) await new Promise((listening) => server.once('listening', listening))
    const { port } = server.address() as AddressInfo
    const head = (length: number, signature: string) =>
      `POST ${PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-GitHub-Event: ping\r\n` +
      `X-Hub-Signature-256: ${signature}\r\nContent-Length: ${length}\r\n\r\n`
    const sockets = Array.from({ length: 300 }, (_, n) => {
      const socket = connect(port, '127.0.0.1').on('error', () => {})
      socket.write(head(n % 2 === 0 ? 250 * kB : 1_000_000, WRONG))
      socket.write(Buffer.alloc(n % 2 === 0 ? 200 * kB : 900_000))
      return socket
    })
    try {
      await meanwhile()
      const url = `http://127.0.0.1:${port}${PATH}`
      for (let round = 0; round < 10; round++) {
        const statuses = Array.from({ length: 20 }, async (_, n) => {
          const body = JSON.stringify({ n, x: 'y'.repeat(n === 0 ? 5_000_000 : 20_000) })
          const headers = {
            'content-type': 'application/json',
            'x-github-event': 'ping',
            'x-hub-signature-256': sign(body),
          }
          return (await fetch(url, { method: 'POST', body, headers })).status
        })
        expect(new Set(await Promise.all(statuses))).toEqual(new Set([202]))
      }
    } finally {
      for (const socket of sockets) socket.destroy()
      await new Promise((closed) => {
        server.close(closed)
        if ('closeAllConnections' in server) server.closeAllConnections()
      })
    }
  })
})

describe('what Postgres could not keep', () => {
  const store = async (body: string, headers = {}) => {
    const { post, stored } = start()
    expect((await post(body, headers)).status).toBe(202)
    return stored[0]!
  }

  test.each([
    { name: 'NUL', json: String.raw`{"a":{"b":["x\u0000y"]}}`, text: 'x\ufffdy' },
    { name: 'a lone high surrogate', json: String.raw`{"a":{"b":["x\ud83dy"]}}`, text: 'x\ufffdy' },
    { name: 'a lone low surrogate', json: String.raw`{"a":{"b":["x\uDE00y"]}}`, text: 'x\ufffdy' },
    { name: 'a whole pair, which stays', json: String.raw`{"a":{"b":["x\ud83d\ude00y"]}}`, text: 'x😀y' },
  ])('is mended in the payload: $name', async ({ json, text }) => {
    expect((await store(json)).payload).toEqual({ a: { b: [text] } })
  })

  test('is never in a payload, whatever text GitHub sends', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\0', '\ud83d', '\ude00', '\\', 'u0000', '"') })
    await fc.assert(
      fc.asyncProperty(text, async (body) => {
        const kept = (await store(JSON.stringify({ body }))).payload['body'] as string
        expect(kept.isWellFormed() && !kept.includes('\0')).toBe(true)
        expect(kept).toBe(body.replaceAll('\0', '\ufffd').toWellFormed())
      }),
    )
  })

  test.each([
    { name: 'in capitals', guid: GUID.toUpperCase(), kept: GUID },
    { name: 'no UUID', guid: 'hello; DROP TABLE', kept: undefined },
    { name: 'missing', guid: '', kept: undefined },
  ])('is a UUID, the same each time, when GitHub’s GUID is $name', async ({ guid, kept }) => {
    const [first, again] = [
      await store('{}', { 'x-github-delivery': guid }),
      await store('{}', { 'x-github-delivery': guid }),
    ]
    expect(first.guid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    expect(again.guid).toBe(first.guid)
    expect(first.guid).toBe(kept ?? first.guid)
  })
})
