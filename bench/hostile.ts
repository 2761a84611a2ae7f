import { setTimeout as sleep } from 'node:timers/promises'
import type { Delivery } from '../local-github/local-github.ts'
import { NICE, startBeside } from './beside.ts'
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

/** Markdown that is slow to read: 60 kB of what nests. */
export const TANGLED = ['> - ', '> ', '1. ', '* _', '[', '`'].map((piece) =>
  piece.repeat(Math.floor(60_000 / piece.length)),
)

/** One account writes 200 commands, others 20 hostile texts, and a thousand bodies come unsigned; a maintainer stamps elsewhere. */
export const benchHostile: Bench = async ({ say, tell, quick, profiles, latency }) => {
  const share = quick ? 0.05 : 1
  const world = await startWorld({ profiles, latency, policy: 'posts: { 1: 1000 }\nclaims: { 1: 1000 }\n' })
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
    const given = { url: bridge.url, secret: gh.app.webhookSecret }
    const [health, unsigned] = [await startBeside('health', given), await startBeside('unsigned', given)]
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
    const worst = Math.max(...(await health.ask(0)))
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
