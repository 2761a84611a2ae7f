import { AsyncLocalStorage } from 'node:async_hooks'
import type { Requester } from './fair-queue.ts'

/** The work for which GitHub is asked: whose it is, and how many requests it has sent so far. */
export interface RequestContext extends Requester {
  sent: number
}

const contexts = new AsyncLocalStorage<RequestContext>()

/** Runs work whose requests are counted in `context`, and take their turns as its. */
export function inRequestContext<T>(context: RequestContext, work: () => Promise<T>): Promise<T> {
  return contexts.run(context, work)
}

export function requestContext(): RequestContext | undefined {
  return contexts.getStore()
}
