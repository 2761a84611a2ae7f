import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { beginEmbedded, type Life } from './life.ts'
import { REPO } from './story.ts'
import { mostFailures } from '../queue-rows.ts'

/** As long as Dolt may collect garbage. */
const STALL_MS = 5_000

let life: Life
beforeAll(async () => {
  life = await beginEmbedded()
  await life.play(1)
})
afterAll(() => life.close())

/** A store's process and all that it began. */
async function processesOf(store: 'dolt' | 'postgres'): Promise<number[]> {
  const record = await readFile(join(life.dataDir, store, 'server.json'), 'utf8')
  const { pid } = JSON.parse(record) as { pid: number }
  return [pid, ...childrenOf(pid)]
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => parentOf(name) === pid)
    .map(Number)
}

function parentOf(pid: string): number | undefined {
  try {
    return Number(/^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
  } catch {
    return undefined // it has ended
  }
}

/** Each by somebody else: one person may not post so many. */
const post = (title: string) => {
  const login = title.replaceAll(' ', '-')
  life.gh.user(login)
  const { number } = life.gh.as(login).openIssue(REPO, { title })
  life.gh.as(login).comment(REPO, number, '/wl post')
  return number
}

it.each(['dolt', 'postgres'] as const)(
  'a %s that stalls for five seconds while commands come in slows us and loses nothing',
  async (store) => {
    const before = life.gh.deliveries.length
    const asked = new Promise<void>((resolve) => void life.gh.onRequest(() => resolve()))
    const numbers = Array.from({ length: 6 }, (_, n) => post(`${store} before ${n}`))
    // The first are in hand.
    await asked
    const pids = await processesOf(store)
    for (const pid of pids) process.kill(pid, 'SIGSTOP')
    const stalled = sleep(STALL_MS)
    try {
      numbers.push(...Array.from({ length: 6 }, (_, n) => post(`${store} meanwhile ${n}`)))
      // What Postgres does not need to know is answered at once.
      if (store === 'dolt') await life.gh.settled()
      const url = await life.bridge().url
      expect((await fetch(`${url}/healthz`)).status).toBe(200)
      const part = store === 'dolt' ? 'ledger' : 'operations'
      expect(await life.bridge().readyz()).toMatchObject({
        status: 503,
        text: expect.stringContaining(`${part}: does not answer.`),
      })
      expect(await (await fetch(`${url}/metrics`)).text()).toContain(`wasteland_bridge_ready{part="${part}"} 0`)
      await stalled
    } finally {
      for (const pid of pids) process.kill(pid, 'SIGCONT')
    }
    await life.gh.settled()
    // GitHub heard of each within its ten seconds: that we have it, or, when it took us too long, that we do not.
    const heard = new Set(life.gh.deliveries.slice(before).map(({ attempts }) => attempts[0]?.statusCode))
    expect([...heard].filter((status) => status !== 202 && (store === 'dolt' || status !== 503))).toEqual([])
    await life.rest()
    const rows = await life.ledger('SELECT title FROM wanted WHERE title LIKE ?', [`${store} %`])
    expect(rows).toHaveLength(12)
    for (const number of numbers)
      expect(life.gh.comments(REPO, number).filter(({ user }) => user?.type === 'Bot')).toHaveLength(1)
    expect(life.deaths()).toBe(0)
    expect(await mostFailures(life.operations)).toBe(0)
  },
)
