import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Delivery, receiver } from '../../src/deliveries/receive.ts'

const PATH = '/api/github/webhooks'
const SECRET = 'of the webhook'
const GUID = '0b9f3a70-1234-11ef-9c4c-3f1f6c9b9a01'
const LIMIT = 25 * 1024 * 1024
const sign = (body: string | Buffer) => `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`

interface Given {
  starting?: boolean
  store?: (delivery: Delivery) => Promise<void>
}
function start({ starting = false, store = async () => {} }: Given = {}) {
  const stored: Delivery[] = []
  const answered: [string, number][] = []
  const warn = vi.fn()
  const app = receiver({
    verify: () => (starting ? undefined : async (body, signature) => sign(body) === signature),
    store: async (delivery) => {
      await store(delivery)
      stored.push(delivery)
    },
    answered: (event, status) => void answered.push([event, status]),
    log: { warn },
  })
  const post = async (body: string | Buffer | ReadableStream, headers: Record<string, string> = {}) => {
    const signature = typeof body === 'string' || Buffer.isBuffer(body) ? sign(body) : 'sha256='
    const all = {
      'content-type': 'application/json',
      'x-github-event': 'ping',
      'x-github-delivery': GUID,
      'x-hub-signature-256': signature,
      ...headers,
    }
    return app.request(PATH, { method: 'POST', body, headers: all, duplex: 'half' })
  }
  return { post, stored, answered, warn }
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
    for (let n = 0; n < 6; n++) expect((await post(large, { 'x-hub-signature-256': 'sha256=bad' })).status).toBe(401)
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
