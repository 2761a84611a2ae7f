import { fork } from 'node:child_process'
import { createHmac, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { setPriority } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Delivery } from '../local-github/local-github.ts'
import { now } from './figure.ts'

/** Webhooks to send, at most `abreast` at once. */
export interface Load {
  /** Of the App; GitHub's path is added. */
  url: string
  /** They are signed with it. */
  secret: string
  /** Sent in turn until `count` are; one that comes round again has a new GUID. */
  deliveries: Pick<Delivery, 'guid' | 'event' | 'payload'>[]
  abreast: number
  count: number
  /** Of the process that sends, where it is not to take time from what is measured. */
  nice?: number
}

/** When the first was sent (`now()`), and each one's milliseconds to its answer. */
export interface Acknowledged {
  began: number
  took: number[]
}

/** Sends them from a process of its own, so that what answers GitHub's API here slows none of them. */
export async function sendLoad(load: Load): Promise<Acknowledged> {
  const child = fork(fileURLToPath(import.meta.url), { execArgv: ['--disable-warning=ExperimentalWarning'] })
  try {
    child.send(load)
    const [{ refused, ...acknowledged }] = (await once(child, 'message')) as [Acknowledged & { refused: number[] }]
    if (refused.length > 0) throw new Error(`webhooks were answered with ${[...new Set(refused)].join(', ')}`)
    return acknowledged
  } finally {
    child.kill()
  }
}

async function sendAll(load: Load): Promise<Acknowledged & { refused: number[] }> {
  if (load.nice !== undefined) setPriority(load.nice)
  const { url, secret, deliveries, abreast, count } = load
  const agent = new Agent({ keepAlive: true })
  // Signed before, for that is GitHub's work.
  const ready = deliveries.map(({ event, payload }) => {
    const body = Buffer.from(JSON.stringify(payload))
    const signature = createHmac('sha256', secret).update(body).digest('hex')
    return { body, event, signature }
  })

  async function post(n: number): Promise<number> {
    const { body, event, signature } = ready[n % ready.length]!
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    const headers = {
      'content-type': 'application/json',
      'content-length': body.length,
      'x-github-delivery': deliveries[n]?.guid ?? randomUUID(),
      'x-github-event': event,
      'x-hub-signature-256': `sha256=${signature}`,
    }
    request(`${url}/api/github/webhooks`, { method: 'POST', agent, headers }, (answer) =>
      answer.resume().on('end', () => resolve(answer.statusCode!)),
    )
      .on('error', reject)
      .end(body)
    return promise
  }

  const took: number[] = []
  const refused: number[] = []
  let next = 0
  async function sendOneAfterTheOther() {
    while (next < count) {
      const sent = now()
      const status = await post(next++)
      took.push(now() - sent)
      if (status < 200 || status > 299) refused.push(status)
    }
  }
  const began = now()
  await Promise.all(Array.from({ length: abreast }, sendOneAfterTheOther))
  return { began, took, refused }
}

if (import.meta.main) {
  process.once('message', (load: Load) => void sendAll(load).then((sent) => process.send!(sent)))
}
