import { fork } from 'node:child_process'
import { createHmac, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { setPriority } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { now } from './figure.ts'

/** What is done beside, in a process of its own: what this one has to do would slow it, and be measured with it. */
const BESIDE = { health: watchHealth, unsigned: sendUnsigned, receiving: watchReceiving }

/** Whoever attacks has a machine of their own. */
export const NICE = 19

const UNSIGNED_BYTES = 26_000
const GAP_MS = 10

/** What it needs to know. */
interface Given {
  url: string
  /** Signs what is sent. */
  secret: string
  /** Of the comment that is sent. */
  payload?: object
}

/** A process beside. */
export interface Beside {
  /** Has it do its work, or end it; resolves to what it measured. */
  ask(count: number): Promise<number[]>
}

export async function startBeside(what: keyof typeof BESIDE, given: Given): Promise<Beside> {
  const child = fork(fileURLToPath(import.meta.url), [what], { execArgv: ['--disable-warning=ExperimentalWarning'] })
  process.once('exit', () => child.kill())
  child.send(given)
  await once(child, 'message')
  return {
    async ask(count) {
      child.send(count)
      const ended = once(child, 'exit').then(() => {
        throw new Error(`what measures ${what} ended by itself`)
      })
      const [answer] = (await Promise.race([once(child, 'message'), ended])) as [number[]]
      ended.catch(() => {})
      child.kill()
      return answer
    },
  }
}

/** Bodies of the size of a delivery whose signature is wrong, fifty at once; what they are answered is no matter. */
async function sendUnsigned({ url }: Given, asked: Promise<number>): Promise<number[]> {
  setPriority(NICE)
  const body = JSON.stringify({ action: 'created', text: 'x'.repeat(UNSIGNED_BYTES) })
  const headers = headersOf(`sha256=${'0'.repeat(64)}`)
  let left = await asked
  const one = async () => {
    while (left-- > 0)
      await fetch(`${url}/api/github/webhooks`, { method: 'POST', headers, body })
        .then((answer) => answer.text())
        // One that makes room is cut off.
        .catch(() => {})
  }
  await Promise.all(Array.from({ length: 50 }, one))
  return []
}

/** Asks `/healthz` until it is told to stop; each answer's time. */
function watchHealth({ url }: Given, asked: Promise<number>): Promise<number[]> {
  return repeatUntil(asked, () => fetch(`${url}/healthz`))
}

/** Sends a comment without a command, one after the other, until it is told to stop; each acknowledgement's time. */
function watchReceiving({ url, secret, payload }: Given, asked: Promise<number>): Promise<number[]> {
  const body = JSON.stringify(payload)
  const headers = headersOf(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`)
  return repeatUntil(asked, () =>
    fetch(`${url}/api/github/webhooks`, {
      method: 'POST',
      headers: { ...headers, 'x-github-delivery': randomUUID() },
      body,
    }),
  )
}

function headersOf(signature: string): Record<string, string> {
  return {
    'content-type': 'application/json',
    'x-github-event': 'issue_comment',
    'x-hub-signature-256': signature,
  }
}

async function repeatUntil(asked: Promise<number>, request: () => Promise<Response>): Promise<number[]> {
  const took: number[] = []
  let isOver = false
  void asked.then(() => (isOver = true))
  // The first loads what fetches.
  await request()
  while (!isOver) {
    const began = now()
    const answer = await request()
    await answer.text()
    if (!answer.ok) throw new Error(`answered with ${answer.status}`)
    took.push(now() - began)
    await sleep(GAP_MS)
  }
  return took
}

if (import.meta.main) {
  const what = process.argv[2] as keyof typeof BESIDE
  const given = once(process, 'message').then(([told]) => told as Given)
  const known = await given
  const asked = once(process, 'message').then(([count]) => count as number)
  process.send!('ready')
  process.send!(await BESIDE[what](known, asked))
}
