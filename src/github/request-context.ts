import { AsyncLocalStorage } from 'node:async_hooks'
import type { Requester } from './fair-queue.ts'

/** The context of requests to GitHub: the repository and person they are for, and the number sent so far. */
export interface RequestContext extends Requester {
  sent: number
}

const contexts = new AsyncLocalStorage<RequestContext>()

/** Runs work whose requests are counted in `context` and throttled as its requester's. */
export function inRequestContext<T>(context: RequestContext, work: () => Promise<T>): Promise<T> {
  return contexts.run(context, work)
}

export function requestContext(): RequestContext | undefined {
  return contexts.getStore()
}
