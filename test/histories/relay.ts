import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Fate } from './acts.ts'

/** What GitHub's hook URL points to: passes deliveries on to the bridge, each as its fate has it. */
export interface Relay {
  url: string
  /** Where bridges listen, each in its turn; nobody does where there is none. */
  to(targets: readonly string[]): void
  /** What is to become of these deliveries. `lane`: those of one history, among which they are swapped. */
  plan(guids: readonly string[], fate: Fate, lane: string): void
  /**
   * Brings what was kept back, the latest first, and some of what came before once more, under new GUIDs. Returns how
   * many of these are left for another time.
   */
  flush(): Promise<number>
  close(): Promise<void>
}

interface Sent {
  headers: Record<string, string>
  body: Buffer
}

export async function startRelay(): Promise<Relay> {
  const fates = new Map<string, { fate: Fate; lane: string }>()
  let targets: readonly string[] = []
  let passed = 0
  let kept: Sent[] = []
  let echoes: { sent: Sent; rests: number }[] = []
  const swapped = new Map<string, Sent[]>()

  /** Undefined when nobody answers. */
  async function pass({ headers, body }: Sent): Promise<number | undefined> {
    const target = targets[passed++ % targets.length]
    if (target === undefined) return undefined
    const answer = await fetch(target, { method: 'POST', headers, body: new Uint8Array(body) }).catch(() => undefined)
    await answer?.arrayBuffer().catch(() => undefined)
    return answer?.status
  }

  /** GitHub was answered for it already: it waits until the bridge takes it. */
  async function insist(sent: Sent): Promise<void> {
    for (let tries = 0; ; tries++) {
      const status = await pass(sent)
      if (status !== undefined && status < 300) return
      if (tries > 600) throw new Error('the bridge takes nothing')
      await sleep(100)
    }
  }

  async function take(sent: Sent): Promise<number | undefined> {
    const guid = sent.headers['x-github-delivery']!
    const { fate, lane } = fates.get(guid) ?? { fate: 'once', lane: '' }
    // What is sent again arrives.
    fates.delete(guid)
    if (fate === 'failed') return undefined
    if (fate === 'late') kept.push(sent)
    if (fate === 'swapped') swapped.set(lane, [...(swapped.get(lane) ?? []), sent])
    if (fate === 'late' || fate === 'swapped' || fate === 'lost') return 202
    const status = await pass(sent)
    if (fate === 'twice') await pass(sent)
    if (fate === 'again') echoes.push({ sent: again(sent), rests: echoes.length % 3 })
    const before = swapped.get(lane) ?? []
    swapped.delete(lane)
    for (const one of before) await insist(one)
    return status
  }

  const server = createServer(async (request, answer) => {
    const status = await take(await read(request))
    if (status === undefined) request.socket.destroy()
    else answer.writeHead(status).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/github/webhooks`,
    to: (urls) => void (targets = urls),
    plan(guids, fate, lane) {
      for (const guid of guids) fates.set(guid, { fate, lane })
    },
    async flush() {
      const due = echoes.filter(({ rests }) => rests <= 0).map(({ sent }) => sent)
      const now = [...[...swapped.values()].flat(), ...kept, ...due].toReversed()
      echoes = echoes.filter(({ rests }) => rests > 0).map(({ sent, rests }) => ({ sent, rests: rests - 1 }))
      kept = []
      swapped.clear()
      for (const sent of now) await insist(sent)
      return echoes.length
    },
    close: () => new Promise((resolve) => void (server.closeAllConnections(), server.close(() => resolve()))),
  }
}

function again({ headers, body }: Sent): Sent {
  return { headers: { ...headers, 'x-github-delivery': randomUUID() }, body }
}

async function read(request: IncomingMessage): Promise<Sent> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const headers = Object.entries(request.headers).filter(([name]) => /^(?:x-|content-type|user-agent)/.test(name))
  return { headers: Object.fromEntries(headers) as Record<string, string>, body: Buffer.concat(chunks) }
}
