import { setTimeout as sleep } from 'node:timers/promises'
import { type Bench, ms, now } from './figure.ts'
import { sendLoad } from './load.ts'
import { pullsInReview, sayStamp, startWorld } from './world.ts'

const COMMANDS = 200
const HOSTILE = 20
const UNSIGNED = 1_000
const STAMP_MS = 2_000
const HEALTH_MS = 50
/** Of the 5,000 that an installation has an hour. */
const REQUESTS = 2_500
const PATIENCE_MS = 60_000

/** Markdown that is slow to read: 64 kB of what nests, and a command in its midst. */
const TANGLED = ['> - ', '> ', '1. ', '* _', '[', '`'].map((piece) => piece.repeat(Math.floor(60_000 / piece.length)))

/** One account writes 200 commands, others 20 hostile texts, and a thousand bodies come unsigned; a maintainer stamps elsewhere. */
export const benchHostile: Bench = async ({ say, tell, quick }) => {
  const share = quick ? 0.05 : 1
  const world = await startWorld({ policy: 'posts: { 1: 1000 }\nclaims: { 1: 1000 }\n' })
  try {
    const { gh, bridge } = world
    const [pull] = await pullsInReview(world, 'honest', 1)
    const target = 'ada/attacked'
    gh.repository(target, { files: { 'a.ts': 'one\n' } })
    const issue = gh.as('ada').openIssue(target, { title: 'Talk' })
    for (const login of ['eve', 'mallory']) gh.user(login)
    await world.idle()
    const before = gh.requests.length
    const health = watchHealth(bridge.url)
    const { comment, delivery } = sayStamp(world, pull!)
    for (let n = 0; n < HOSTILE * share; n++)
      gh.as('mallory').comment(target, issue.number, `${TANGLED[n % TANGLED.length]}\n\n/wl status\n`)
    for (let n = 0; n < COMMANDS * share; n++) gh.as('eve').comment(target, issue.number, '/wl status')
    const hostile = gh.deliveries.filter(
      ({ event, payload }) => event === 'issue_comment' && ['eve', 'mallory'].includes(payload.sender.login),
    )
    const send = (deliveries: typeof hostile, secret: string, count: number) =>
      sendLoad({ url: bridge.url, secret, deliveries, abreast: 50, count })
    const attack = Promise.all([
      send(hostile, gh.app.webhookSecret, hostile.length),
      sendUnsigned(bridge.url, UNSIGNED * share),
    ])
    await sleep(200)
    const began = now()
    await send([delivery], gh.app.webhookSecret, 1)
    while (gh.reactions(comment).length === 0) {
      if (now() - began > PATIENCE_MS) throw new Error('the stamp is not answered')
      await sleep(5)
    }
    const took = now() - began
    await attack
    const worst = await health()
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

/** Bodies of the size of a delivery whose signature is wrong, fifty at once; what they are answered is no matter. */
async function sendUnsigned(url: string, count: number): Promise<void> {
  const body = JSON.stringify({ action: 'created', text: 'x'.repeat(26_000) })
  const headers = {
    'content-type': 'application/json',
    'x-github-event': 'issue_comment',
    'x-hub-signature-256': `sha256=${'0'.repeat(64)}`,
  }
  let left = count
  const one = async () => {
    while (left-- > 0)
      await fetch(`${url}/api/github/webhooks`, { method: 'POST', headers, body }).then((r) => r.text())
  }
  await Promise.all(Array.from({ length: 50 }, one))
}

/** Asks `/healthz` until it is told to stop; resolves to the longest time that an answer took, in milliseconds. */
function watchHealth(url: string): () => Promise<number> {
  let worst = 0
  let isOver = false
  const asking = (async () => {
    while (!isOver) {
      const began = now()
      await fetch(`${url}/healthz`)
      worst = Math.max(worst, now() - began)
      await sleep(10)
    }
  })()
  return async () => {
    isOver = true
    await asking
    return worst
  }
}
