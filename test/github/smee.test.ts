import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { afterEach, expect, test, vi } from 'vitest'
import { newChannel, startSmee } from '../../src/github/smee.ts'

const until = (condition: () => boolean) => vi.waitUntil(condition, { timeout: 10_000 })

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

const silent = () => ({ info: vi.fn(), warn: vi.fn(), debug: vi.fn() })

async function listen(handler: (request: IncomingMessage, response: ServerResponse) => void, port = 0) {
  const server = createServer(handler).listen(port, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => stop(server))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { server, port: address.port, url: `http://127.0.0.1:${address.port}` }
}

async function stop(server: Server) {
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
}

/** A channel as smee.io serves it: server-sent events to whoever listens. */
async function channel(port = 0) {
  const listeners = new Set<ServerResponse>()
  const served = await listen((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('event: ready\ndata: {}\n\n')
    listeners.add(response)
  }, port)
  const send = (data: string) => listeners.forEach((response) => response.write(`data: ${data}\n\n`))
  return { ...served, listeners, send }
}

async function target() {
  const received: { headers: IncomingMessage['headers']; body: string }[] = []
  const served = await listen((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() })
      response.writeHead(202).end()
    })
  })
  return { ...served, received }
}

function start(source: string, targetUrl: string) {
  const log = silent()
  const smee = startSmee({ source, target: `${targetUrl}/api/github/webhooks`, log, firstWaitMs: 20 })
  closers.push(smee.close)
  return { smee, log }
}

const webhook = (delivery: string) =>
  JSON.stringify({
    'x-github-event': 'ping',
    'x-github-delivery': delivery,
    'x-hub-signature-256': 'sha256=00',
    cookie: 'a=b',
    query: {},
    timestamp: 1,
    body: { zen: 'ü', nested: { a: [1] } },
  })

test('a webhook is relayed with its signature and its body, and no other header', async () => {
  const [source, bridge] = [await channel(), await target()]
  start(source.url, bridge.url)
  await until(() => source.listeners.size === 1)
  source.send(webhook('d-1'))
  await until(() => bridge.received.length === 1)
  expect(bridge.received[0]).toMatchObject({
    headers: { 'x-github-event': 'ping', 'x-github-delivery': 'd-1', 'x-hub-signature-256': 'sha256=00' },
    body: '{"zen":"ü","nested":{"a":[1]}}',
  })
  expect(bridge.received[0]?.headers).not.toHaveProperty('cookie')
})

test.each(['not json', 'null', '{}', '{"body":null}', '{"x-github-event":"ping","body":"text"}'])(
  'what is no webhook (%s) is passed over and the next one comes through',
  async (nonsense) => {
    const [source, bridge] = [await channel(), await target()]
    start(source.url, bridge.url)
    await until(() => source.listeners.size === 1)
    source.send(nonsense)
    source.send(webhook('d-2'))
    await until(() => bridge.received.length === 1)
    expect(bridge.received[0]?.headers['x-github-delivery']).toBe('d-2')
  },
)

test('a proxy that cannot be reached is a warning, and found once it is there', async () => {
  const bridge = await target()
  const gone = await channel()
  await stop(gone.server)
  const { log } = start(gone.url, bridge.url)
  await until(() => log.warn.mock.calls.length > 0)
  const back = await channel(gone.port)
  await until(() => back.listeners.size === 1)
  back.send(webhook('d-3'))
  await until(() => bridge.received.length === 1)
})

test('a proxy that answers with an error page is tried again', async () => {
  let asked = 0
  const broken = await listen((_, response) => {
    asked += 1
    response.writeHead(502).end()
  })
  const { log } = start(broken.url, 'http://127.0.0.1:9')
  await until(() => asked >= 3)
  expect(log.warn.mock.calls[0]?.[0]).toMatchObject({ reason: expect.stringContaining('502') })
})

test('a bridge that does not answer is a warning and the relay goes on', async () => {
  const source = await channel()
  const { log } = start(source.url, 'http://127.0.0.1:9')
  await until(() => source.listeners.size === 1)
  source.send(webhook('d-4'))
  await until(() => log.warn.mock.calls.length === 1)
  expect(log.warn.mock.calls[0]?.[0]).toMatchObject({ delivery: 'd-4' })
})

test('closing ends the connection, also while none was made', async () => {
  const source = await channel()
  const { smee } = start(source.url, 'http://127.0.0.1:9')
  await until(() => source.listeners.size === 1)
  const [listener] = source.listeners
  const ended = listener === undefined ? undefined : once(listener, 'close')
  await smee.close()
  await ended
  await start('http://127.0.0.1:9', 'http://127.0.0.1:9').smee.close()
})

test('a new channel is where smee redirects to', async () => {
  const smee = await listen((_, response) => response.writeHead(307, { location: 'https://smee.io/new1' }).end())
  expect(await newChannel({ newChannelUrl: smee.url })).toBe('https://smee.io/new1')
})

test('a smee that makes no channel is told as a sentence', async () => {
  const smee = await listen((_, response) => response.writeHead(500).end())
  await expect(newChannel({ newChannelUrl: smee.url })).rejects.toThrow('smee.io made no channel')
})
