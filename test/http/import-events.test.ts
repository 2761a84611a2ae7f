import { afterEach, describe, expect, test, vi } from 'vitest'
import { createClients, readTrustedProxies } from '../../src/ops/client-address.ts'
import { importWatch } from '../../src/http/pages/import/event-streams.ts'
import type { ImportProgress } from '../../src/http/pages/import/words.ts'
import { fakeImports } from './fake-imports.ts'
import { type ImportSite, importSite } from './import-site.ts'

let site: ImportSite
afterEach(async () => site?.close())

/** The messages of a stream, as they come. */
async function* messages(response: Response): AsyncGenerator<ImportProgress> {
  let rest = ''
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split('\n\n')
    rest = blocks.pop()!
    for (const block of blocks) {
      if (block.startsWith('data: ')) yield JSON.parse(block.slice('data: '.length)) as ImportProgress
    }
  }
}

describe('the events of an import', () => {
  test('say how it stands each time that changes, and end with it', async () => {
    site = await importSite()
    const { imports } = site
    const { id } = imports.put({ queue: { before: 1, seconds: 60 } })
    const response = await fetch(`${site.url}/import/${id}/events`)
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const steps = [
      { state: 'fetching', progress: { done: 7, of: 18 } },
      { state: 'scoring', progress: { done: 18, of: 18 } },
      { state: 'done', sheet: { handle: 'alice', changed: true } },
    ] as const
    const seen: [string, string, number][] = []
    for await (const { state, detail, progress } of messages(response)) {
      seen.push([state, detail, progress.value / progress.max])
      const next = steps[seen.length - 1]
      if (next !== undefined) imports.change(id, next)
    }
    expect(seen).toEqual([
      ['queued', '1 import is before it. It begins in about 1 minute.', 0],
      ['fetching', '7 of about 18 requests answered', 7 / 18],
      ['scoring', '18 of about 18 requests answered', 1],
      ['done', '18 of about 18 requests answered', 1],
    ])
  })

  test('end when the bridge does, and are looked for no more', async () => {
    site = await importSite()
    const { id } = site.imports.put()
    const response = await fetch(`${site.url}/import/${id}/events`)
    let count = 0
    for await (const _ of messages(response)) {
      count += 1
      site.end()
    }
    expect(count).toBe(1)
    const { finds } = site.imports
    await new Promise((later) => setTimeout(later, 1200))
    expect(site.imports.finds).toBe(finds)
    expect((await fetch(`${site.url}/import/${id}/events`)).status).toBe(503)
  })

  test('of no import are none', async () => {
    site = await importSite()
    const response = await fetch(`${site.url}/import/3f2b8c1e-1111-4222-8333-123456789abc/events`)
    expect(response.status).toBe(404)
  })

  const proxied = (n: number) => ({ 'x-forwarded-for': `198.51.100.${n}` })

  test('go to twenty of one visitor at most, and others are not kept out', async () => {
    site = await importSite({ clients: createClients(readTrustedProxies('1')) })
    const { id } = site.imports.put()
    const responses: Response[] = []
    const open = async (headers: Record<string, string>, signal: AbortSignal | null = null) => {
      const response = await fetch(`${site.url}/import/${id}/events`, { headers, signal })
      responses.push(response)
      return response.status
    }
    const leaving = new AbortController()
    expect(await open(proxied(1), leaving.signal)).toBe(200)
    const others = await Promise.all(Array.from({ length: 30 }, () => open(proxied(1))))
    expect(others.filter((status) => status === 200)).toHaveLength(19)
    expect(others.filter((status) => status === 503)).toHaveLength(11)
    expect(await open(proxied(2))).toBe(200)
    const { cookies } = await site.signedIn()
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    expect(await open({ ...proxied(1), cookie })).toBe(200)
    leaving.abort()
    await vi.waitFor(async () => expect(await open(proxied(1))).toBe(200), { timeout: 20_000, interval: 50 })
  })

  test('go to two hundred at most, and a client that went makes room', async () => {
    site = await importSite({ clients: createClients(readTrustedProxies('1')) })
    const { id } = site.imports.put()
    const leaving = new AbortController()
    // Kept: of a response that nobody holds any more, fetch closes the stream.
    const responses: Response[] = []
    let opened = 0
    const open = async (signal: AbortSignal | null = null) => {
      const headers = proxied((opened += 1) % 250)
      const response = await fetch(`${site.url}/import/${id}/events`, { headers, signal })
      responses.push(response)
      return response.status
    }
    expect(await open(leaving.signal)).toBe(200)
    const others = await Promise.all(Array.from({ length: 199 }, () => open()))
    expect(new Set(others)).toEqual(new Set([200]))
    expect(await open()).toBe(503)
    leaving.abort()
    await vi.waitFor(async () => expect(await open()).toBe(200), { timeout: 20_000, interval: 50 })
    expect(responses.filter(({ status }) => status === 200)).toHaveLength(201)
  })
})

describe('looking at an import', () => {
  test('is done once for all who look, and ends with the last of them', async () => {
    const imports = fakeImports()
    const { id } = imports.put()
    const watch = importWatch((job) => imports.find(job), vi.fn())
    const looks = [0, 0, 0]
    const stops = looks.map((_, who) => watch(id, () => void (looks[who]! += 1)))
    await vi.waitFor(() => expect(looks).toEqual([2, 2, 2]), { timeout: 20_000, interval: 20 })
    expect(imports.finds).toBe(2)
    stops[0]!()
    await vi.waitFor(() => expect(looks).toEqual([2, 3, 3]), { timeout: 20_000, interval: 20 })
    stops.forEach((stop) => stop())
    await new Promise((later) => setTimeout(later, 1200))
    expect([imports.finds, ...looks]).toEqual([3, 2, 3, 3])
  })

  test('goes on after the store was away', async () => {
    const imports = fakeImports()
    const { id } = imports.put()
    const missed = vi.fn()
    let asked = 0
    const find = async (job: string) => {
      asked += 1
      if (asked === 1) throw new Error('away')
      return imports.find(job)
    }
    const states: unknown[] = []
    const stop = importWatch(find, missed)(id, (view) => void states.push(view?.state))
    await vi.waitFor(() => expect(states).toEqual(['queued']), { timeout: 20_000, interval: 20 })
    expect(missed).toHaveBeenCalledOnce()
    stop()
  })
})
