import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { Imports, ImportView } from '../../../domain/imports.ts'
import { isOver, standingOf } from './words.ts'

const POLL_MS = 500
/** Milliseconds between keep-alive messages, which find a client that is gone. */
const ALIVE_MS = 15_000
const MOST_STREAMS = 200
/** The most streams of one visitor: an office behind one address may watch too. */
const MOST_STREAMS_OF_ONE = 20

type Listener = (view: ImportView | undefined) => void
/** Subscribes to an import: calls the listener after each poll, until the returned function is called. */
type ImportSubscription = (job: string, listener: Listener) => () => void

/** Polls the store for an import that is watched: once for all its listeners, every POLL_MS. */
export function importWatch(find: Imports['find'], missed: (error: unknown) => void): ImportSubscription {
  const watched = new Map<string, Set<Listener>>()

  async function poll(job: string, listeners: Set<Listener>) {
    while (listeners.size > 0) {
      await find(job).then((view) => listeners.forEach((listener) => listener(view)), missed)
      await sleep(POLL_MS, undefined, { ref: false })
    }
  }

  return (job, listener) => {
    const known = watched.get(job)
    const listeners = known ?? new Set()
    listeners.add(listener)
    if (known === undefined) {
      watched.set(job, listeners)
      void poll(job, listeners)
    }
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0 && watched.get(job) === listeners) watched.delete(job)
    }
  }
}

/**
 * Answers with server-sent events: the state of an import each time it changes, until the import is over, the client
 * goes or `ending` is aborted. `visitor`: the signed-in person, or the network of an address.
 */
export function importEvents(
  watch: ImportSubscription,
  ending: AbortSignal,
): (context: Context, job: string, visitor: string) => Response {
  let open = 0
  const openOf = new Map<string, number>()
  const count = (visitor: string, change: 1 | -1) => {
    open += change
    const left = (openOf.get(visitor) ?? 0) + change
    if (left > 0) openOf.set(visitor, left)
    else openOf.delete(visitor)
  }
  return (context, job, visitor) => {
    const isFull = open >= MOST_STREAMS || (openOf.get(visitor) ?? 0) >= MOST_STREAMS_OF_ONE
    if (isFull || ending.aborted) {
      // The page then reloads after a while.
      return context.text('Too many are looking on.', 503, { 'Retry-After': '5' })
    }
    // Nobody reads the body of an answer to HEAD, so such a stream would never end.
    if (context.req.method === 'HEAD') return context.body(null)
    count(visitor, 1)
    return streamSSE(context, async (stream) => {
      const { promise: ended, resolve } = Promise.withResolvers<void>()
      const end = () => resolve()
      let sent = ''
      const stop = watch(job, (view) => {
        if (view === undefined) return end()
        const data = JSON.stringify(standingOf(view))
        const last = isOver(view) ? end : () => {}
        if (data !== sent) void stream.writeSSE({ data }).then(last)
        sent = data
      })
      const alive = setInterval(() => void stream.write(':\n\n'), ALIVE_MS).unref()
      stream.onAbort(end)
      ending.addEventListener('abort', end)
      try {
        await ended
      } finally {
        stop()
        clearInterval(alive)
        ending.removeEventListener('abort', end)
        count(visitor, -1)
      }
    })
  }
}
