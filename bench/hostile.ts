import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setPriority } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Delivery } from '../local-github/local-github.ts'
import { type Bench, ms, now } from './figure.ts'
import { sendLoad } from './load.ts'
import { pullsInReview, sayStamp, startWorld, waiting } from './world.ts'

const COMMANDS = 200
const HOSTILE = 20
const UNSIGNED = 1_000
const STAMP_MS = 2_000
const HEALTH_MS = 50
/** Of the 5,000 that an installation has an hour. */
const REQUESTS = 2_500
const TIMEOUT_MS = 60_000
/** Deliveries that wait when the maintainer stamps. */
const UNDER_WAY = 40
/** Who attacks has a machine of their own. */
const NICE = 19

/** Markdown that is slow to read: 64 kB of what nests, and a command in its midst. */
const TANGLED = ['> - ', '> ', '1. ', '* _', '[', '`'].map((piece) => piece.repeat(Math.floor(60_000 / piece.length)))

/** One account writes 200 commands, others 20 hostile texts, and a thousand bodies come unsigned; a maintainer stamps elsewhere. */
export const benchHostile: Bench = async ({ say, tell, quick, profiles }) => {
  const share = quick ? 0.05 : 1
  const world = await startWorld({ profiles, policy: 'posts: { 1: 1000 }\nclaims: { 1: 1000 }\n' })
  try {
    const { gh, bridge } = world
    const [pull, ...others] = await pullsInReview(world, 'honest', 4)
    const send = (deliveries: Delivery[], nice = 0) =>
      sendLoad({
        url: bridge.url,
        secret: gh.app.webhookSecret,
        deliveries,
        abreast: 50,
        count: deliveries.length,
        nice,
      })
    const target = 'ada/attacked'
    gh.repository(target, { files: { 'a.ts': 'one\n' } })
    const issue = gh.as('ada').openIssue(target, { title: 'Talk' })
    for (const login of ['eve', 'mallory']) gh.user(login)
    // As one that has run for a while: what is loaded and compiled at the first use is not the attack's.
    gh.as('ada').comment(target, issue.number, 'Some words of a long comment.\n'.repeat(100))
    for (const other of others) await send([sayStamp(world, other).delivery])
    await world.idle()
    const before = gh.requests.length
    const health = await beside('health', bridge.url)
    const unsigned = await beside('unsigned', bridge.url)
    const { comment, delivery } = sayStamp(world, pull!)
    for (let n = 0; n < HOSTILE * share; n++)
      gh.as('mallory').comment(target, issue.number, `${TANGLED[n % TANGLED.length]}\n\n/wl status\n`)
    for (let n = 0; n < COMMANDS * share; n++) gh.as('eve').comment(target, issue.number, '/wl status')
    const hostile = gh.deliveries.filter(
      ({ event, payload }) => event === 'issue_comment' && ['eve', 'mallory'].includes(payload.sender.login),
    )
    const attack = Promise.all([send(hostile, NICE), unsigned.ask(UNSIGNED * share)])
    const end = now() + TIMEOUT_MS
    while ((await waiting(world.database)) < UNDER_WAY * share) {
      if (now() > end) throw new Error('the attack does not get under way')
      await sleep(5)
    }
    const { began } = await send([delivery])
    while (gh.reactions(comment).length === 0) {
      if (now() > end) throw new Error('the stamp is not answered')
      await sleep(5)
    }
    const took = now() - began
    await attack
    const worst = await health.ask(0)
    const used = gh.requests.length - before
    say(`The stamp was answered in ${ms(took)}, with ${used} requests sent by the time the attack had been delivered.`)
    tell({ what: 'a maintainer’s stamp elsewhere, ms', is: took, limit: ['at most', STAMP_MS] })
    tell({ what: 'the slowest /healthz, ms', is: worst, limit: ['at most', HEALTH_MS] })
    await sleep(quick ? 0 : 10_000)
    tell({ what: 'requests to GitHub', is: gh.requests.length - before, limit: ['at most', REQUESTS] })
  } finally {
    await world.close()
  }
}

/** What is done beside, in a process of its own: what this one has to do would slow it, and be measured with it. */
const BESIDE = { health: watchHealth, unsigned: sendUnsigned }

async function beside(what: keyof typeof BESIDE, url: string) {
  const child = fork(fileURLToPath(import.meta.url), [what, url], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  await once(child, 'message')
  return {
    /** Has it do its work, or end it; resolves to what it measured. */
    async ask(count: number): Promise<number> {
      child.send(count)
      const ended = once(child, 'exit').then(() => {
        throw new Error(`what measures ${what} ended by itself`)
      })
      const [answer] = (await Promise.race([once(child, 'message'), ended])) as [number]
      ended.catch(() => {})
      child.kill()
      return answer
    },
  }
}

/** Bodies of the size of a delivery whose signature is wrong, fifty at once; what they are answered is no matter. */
async function sendUnsigned(url: string, asked: Promise<number>): Promise<number> {
  setPriority(NICE)
  const body = JSON.stringify({ action: 'created', text: 'x'.repeat(26_000) })
  const headers = {
    'content-type': 'application/json',
    'x-github-event': 'issue_comment',
    'x-hub-signature-256': `sha256=${'0'.repeat(64)}`,
  }
  const count = await asked
  let left = count
  const one = async () => {
    while (left-- > 0)
      await fetch(`${url}/api/github/webhooks`, { method: 'POST', headers, body })
        .then((answer) => answer.text())
        // One that makes room is cut off.
        .catch(() => {})
  }
  await Promise.all(Array.from({ length: 50 }, one))
  return count
}

/** Asks `/healthz` until it is told to stop; resolves to the longest time that an answer took, in milliseconds. */
async function watchHealth(url: string, asked: Promise<number>): Promise<number> {
  // The first request loads what fetches.
  await fetch(`${url}/healthz`)
  let worst = 0
  let isOver = false
  void asked.then(() => (isOver = true))
  while (!isOver) {
    const began = now()
    await fetch(`${url}/healthz`).then((answer) => answer.text())
    worst = Math.max(worst, now() - began)
    await sleep(10)
  }
  return worst
}

if (import.meta.main) {
  const [what, url] = process.argv.slice(2) as [keyof typeof BESIDE, string]
  const asked = once(process, 'message').then(([count]) => count as number)
  process.send!('ready')
  process.send!(await BESIDE[what](url, asked))
}
