import { subscribe, tracingChannel } from 'node:diagnostics_channel'
import pg from 'pg'
import { now } from './figure.ts'
import type { Part, Span } from './spans.ts'

/**
 * Notes whom its process waits for, without a word in `src`: fetch and mysql2 publish it, pg's query is wrapped.
 * Loaded before the program (`node --import`); the parent that sends 'spans' gets those since the last time.
 */
let spans: Span[] = []
const CUT = 80

function begin(part: Part, what: string): () => void {
  const began = now()
  return () => void spans.push({ part, what: what.slice(0, CUT), began, ended: now() })
}

/** Those since the last time. */
export function takeSpans(): Span[] {
  const taken = spans
  spans = []
  return taken
}

const ends = new WeakMap<object, () => void>()
const end = (key: object) => {
  ends.get(key)?.()
  ends.delete(key)
}

interface Sent {
  request: { method: string; path: string }
}
subscribe('undici:client:sendHeaders', (message) => {
  const { request } = message as Sent
  ends.set(request, begin('github', `${request.method} ${request.path}`))
})
for (const name of ['undici:request:trailers', 'undici:request:error'])
  subscribe(name, (message) => end((message as Sent).request))

tracingChannel<'mysql2:query', { query: string }>('mysql2:query').subscribe({
  start: (context) => void ends.set(context, begin('dolt', context.query)),
  end: () => {},
  asyncStart: (context) => end(context),
  asyncEnd: () => {},
  error: (context) => end(context),
})

type Query = (this: unknown, ...given: unknown[]) => unknown
const query = pg.Client.prototype.query as unknown as Query
const probed: Query = function (...given) {
  const [first] = given
  const done = begin('postgres', typeof first === 'string' ? first : String((first as { text?: unknown })?.text))
  const last = given.at(-1)
  if (typeof last === 'function') {
    given[given.length - 1] = (...answer: unknown[]) => {
      done()
      return (last as Query)(...answer)
    }
    return query.apply(this, given)
  }
  const answer = query.apply(this, given)
  if (answer instanceof Promise) void answer.finally(done).catch(() => {})
  return answer
}
pg.Client.prototype.query = probed as unknown as typeof pg.Client.prototype.query

if (process.send !== undefined) {
  process.on('message', (message) => {
    if (message === 'spans') process.send!({ spans: takeSpans() })
  })
  // The parent that listens must not keep this process running.
  process.channel?.unref()
}
