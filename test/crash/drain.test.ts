import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { beginEmbedded, beginTapped, type Life } from './life.ts'
import { startStores, type Stores } from './stores.ts'
import { REPO } from './story.ts'
import { deadLetters, mostFailures } from '../queue-rows.ts'

const STOP_MS = 10_000
const MANY = 24

let stores: Stores
beforeAll(async () => {
  stores = await startStores()
})
afterAll(() => stores.close())

/** Posts of many issues come in; resolves when the bridge has many of them in hand. */
async function muchInHand(life: Life): Promise<number[]> {
  const numbers = Array.from({ length: MANY }, (_, n) => {
    // One person may not post so many.
    const login = `poster-${n}`
    life.gh.user(login)
    const { number } = life.gh.as(login).openIssue(REPO, { title: `Count ${n}` })
    life.gh.as(login).comment(REPO, number, '/wl post')
    return number
  })
  await life.gh.settled()
  const inHand = async () => {
    const text = await (await fetch(`${await life.bridge().url}/metrics`)).text()
    return Number(/^wasteland_bridge_jobs_in_hand\{queue="deliveries"\} (\d+)$/m.exec(text)?.[1])
  }
  while ((await inHand()) < 12) await sleep(20)
  return numbers
}

/** SIGTERM, and the exit code. */
async function stopInTime(life: Life): Promise<number | null> {
  const began = Date.now()
  const code = await life.bridge().stop()
  expect(Date.now() - began).toBeLessThan(STOP_MS)
  return code
}

/** Each issue has one item and one reply, and no job has lost a try. */
async function allIsDoneOnce(life: Life, numbers: number[]) {
  const rows = await life.ledger('SELECT description FROM wanted')
  const issues = rows.map((row) => Number(/\/issues\/(\d+)/.exec(String(row['description']))?.[1]))
  expect(issues.toSorted((a, b) => a - b)).toEqual([1, ...numbers])
  const said = numbers.map((number) => life.gh.comments(REPO, number).filter(({ user }) => user?.type === 'Bot').length)
  expect(said).toEqual(numbers.map(() => 1))
  expect([await mostFailures(life.operations), await deadLetters(life.operations)]).toEqual([0, []])
}

it('told to end while GitHub does not answer, it hands back all that it has in hand', async () => {
  const life = await beginEmbedded()
  try {
    await life.play(1)
    const slow = life.gh.fault({ hang: true, path: /^\/(repos\/|graphql$)/, times: Infinity })
    const numbers = await muchInHand(life)
    expect(await stopInTime(life)).toBe(0)
    slow()
    await life.rest()
    await allIsDoneOnce(life, numbers)
  } finally {
    await life.close()
  }
})

it.each(['dolt', 'postgres'] as const)(
  'told to end while its %s hangs, it ends in time, and the next start does it all',
  async (store) => {
    const life = await beginTapped(stores, `hanging-${store}`, 0)
    try {
      await life.play(1)
      // What waits for GitHub is in hand when the store hangs.
      const slow = life.gh.fault({ delayMs: 1_000, path: /^\/(repos\/|graphql$)/, times: Infinity })
      const numbers = await muchInHand(life)
      life[store].hang()
      await stopInTime(life)
      slow()
      life[store].mend()
      await life.rest()
      await allIsDoneOnce(life, numbers)
    } finally {
      await life.close()
    }
  },
)
