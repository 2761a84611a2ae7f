import { createHook } from 'node:async_hooks'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { PREPARED_IN } from './prepared-stores.ts'
import { inReview, startWorld } from './scenarios/world.ts'

/*
 * `npm run spine`: gives one stamp on a pull request, by a comment, and prints the chain of files from the webhook to
 * the job, from the job to Dolt's commit, and from the job to our comment. A file is on it when one of its functions was
 * on the call stack, asynchronous frames included, at one of five moments: when the delivery was received, when the job was put into the queue, when the
 * transaction was put into the write queue, when Dolt committed, and when GitHub's client was called to write our
 * comment. What was called and had returned is not on it, nor are the general helpers of `ops/`, nor what hooks into
 * Octokit behind its call. Ends with 1 where the chain is longer than it should be.
 */

const MOST = 15
const SRC = new URL('../src/', import.meta.url).pathname
Error.stackTraceLimit = 200

/** Files of `src` that a stack goes through, the outermost first, up to the call of GitHub's client. */
function filesOf(stack: string): string[] {
  const frames = stack.split('\n').flatMap((line) => /file:\/\/(\/[^\s:)]+):\d+/.exec(line)?.[1] ?? [])
  const outer = frames.slice(Math.max(0, frames.indexOf(`${SRC}github/errors.ts`)))
  const ours = outer.filter((path) => path.startsWith(SRC)).map((path) => relative(SRC, path))
  return [...new Set(ours.filter((path) => !path.startsWith('ops/')).toReversed())]
}

const chain = new Map<string, string[]>()
let isWatching = false
const here = () => new Error('here').stack ?? ''

const hook = createHook({
  init() {
    if (!isWatching || chain.has('Dolt commits')) return
    const stack = here()
    if (/storeDelivery /.test(stack) && stack.includes('/deliveries/webhook-endpoint.ts'))
      chain.set('the delivery is received', filesOf(stack))
    if (/storeDelivery /.test(stack) && /\bput .*operations\/queue/.test(stack))
      chain.set('the job is put into the queue', filesOf(stack))
    if (/transact .*ledger\/engine\/writer\.ts/.test(stack))
      chain.set('the transaction is put into the write queue', filesOf(stack))
  },
})

// The package exports no such path; its prototype is where every statement goes through.
const connection = createRequire(import.meta.url)(
  new URL('../node_modules/mysql2/lib/base/connection.js', import.meta.url).pathname,
).prototype
const query = connection.query
connection.query = function watched(this: unknown, ...args: unknown[]) {
  if (isWatching && /DOLT_COMMIT[\s\S]*wl accept/.test(JSON.stringify(args, textOnly)))
    chain.set('Dolt commits', filesOf(here()))
  return query.apply(this, args)
}

function textOnly(_: string, value: unknown): unknown {
  return typeof value === 'function' ? undefined : value
}

const { fetch } = globalThis
globalThis.fetch = (input, init) => {
  if (isWatching && JSON.stringify(init?.body ?? '').includes('updateIssueComment'))
    chain.set('GitHub is asked to write', filesOf(here()))
  return fetch(input, init)
}

const stores = mkdtempSync(join(tmpdir(), 'spine-'))
process.env[PREPARED_IN] = stores
const world = await startWorld()
try {
  const repo = world.repository('spine')
  const { number } = await inReview(world, repo)
  isWatching = true
  hook.enable()
  world.gh.as('mia').comment(repo, number, '/wl stamp quality=4')
  await world.idle()
} finally {
  hook.disable()
  isWatching = false
  await world.close()
  rmSync(stores, { recursive: true, force: true })
}
for (const [moment, files] of chain) console.log(`${moment}:\n  ${files.join('\n  ')}`)
const { size } = new Set([...chain.values()].flat())
console.log(`${size} files, of ${MOST} at most.`)
if (chain.size !== 5) throw new Error('Not all five moments were seen.')
process.exitCode = size > MOST ? 1 : 0
