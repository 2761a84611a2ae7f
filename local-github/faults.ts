import { setTimeout as sleep } from 'node:timers/promises'
import { unit } from './people/random.ts'

// oxlint-disable-next-line typescript/no-explicit-any -- GitHub's JSON, checked against its OpenAPI in tests
export type Json = any

/** A request as the server saw it. `path` is without `/api/v3`, with the query. */
export type SeenRequest = {
  /** 1 for the first request since the start. */
  n: number
  method: string
  path: string
  auth: 'app' | 'installation' | 'user' | 'none' | 'bad'
  body: Json
}

/** A request with its answer. `template` is the OpenAPI path, `/repos/{owner}/{repo}/pulls/{pull_number}`. */
export type Exchange = SeenRequest & {
  template: string | null
  status: number
  answer: Json
  faulty: boolean
  /** Sent as 304 without a body: the client has the answer already. */
  unchanged: boolean
}

/** An injected fault. */
export type Fault = {
  method?: string
  path?: RegExp
  /** Texts that its body must contain, all of them: a login or a field of a GraphQL query, say. */
  asking?: string | readonly string[]
  status?: number
  headers?: Record<string, string>
  body?: Json
  /** GraphQL: only the fields of this name or alias are refused, each by an error beside the data. */
  field?: string
  /** The type of that error; by default FORBIDDEN. */
  type?: string
  /** The number of requests it hits. Default 1; unlimited with `until`, `every` or `share`. */
  times?: number
  /** It hits every n-th of the requests that match. */
  every?: number
  /** It hits this share of the requests that match, by their count: the same ones in every run. */
  share?: number
  /** It hits every request before this time, in milliseconds of this machine's clock. */
  until?: number
  delayMs?: number
  /** Apply the request, then answer with the fault. */
  after?: boolean
  /** Cut the connection instead of answering. */
  drop?: boolean
  /** Never answer. */
  hang?: boolean
}

type RequestHook = (request: SeenRequest) => void | Promise<void>

/** Lets tests inject faults and watch requests at the REST edge. */
export type Watch = {
  requests: SeenRequest[]
  /** The round trip to this GitHub in milliseconds, which every answer of its API is delayed by; 0 at the start. */
  setLatency(ms: number): void
  /** Resolves after the round trip. */
  roundTrip(): Promise<void>
  fault(fault: Fault): () => void
  /** The fault for this request, if any; counts it down. */
  take(request: SeenRequest): Fault | undefined
  onRequest(hook: RequestHook, when?: 'before' | 'after'): () => void
  onExchange(hook: (exchange: Exchange) => void): () => void
  tell(when: 'before' | 'after', request: SeenRequest): Promise<void>
  /** `make` is called only if somebody listens: a large answer takes time to copy. */
  tellExchange(make: () => Exchange): void
}

export function createWatch(): Watch {
  const faults = new Map<Fault, { left: number; seen: number }>()
  const hooks = { before: new Set<RequestHook>(), after: new Set<RequestHook>() }
  const exchanges = new Set<(exchange: Exchange) => void>()
  let latency = 0
  return {
    requests: [],
    setLatency(ms) {
      latency = ms
    },
    async roundTrip() {
      if (latency > 0) await sleep(latency)
    },
    fault(fault) {
      const isOnce = fault.until === undefined && fault.every === undefined && fault.share === undefined
      faults.set(fault, { left: fault.times ?? (isOnce ? 1 : Infinity), seen: 0 })
      return () => void faults.delete(fault)
    },
    take(request) {
      for (const [fault, count] of faults) {
        if (count.left === 0 || !fits(fault, request) || !isDue(fault, ++count.seen)) continue
        count.left--
        return fault
      }
      return undefined
    },
    onRequest(hook, when = 'before') {
      hooks[when].add(hook)
      return () => void hooks[when].delete(hook)
    },
    onExchange(hook) {
      exchanges.add(hook)
      return () => void exchanges.delete(hook)
    },
    async tell(when, request) {
      for (const hook of hooks[when]) await hook(request)
    },
    tellExchange(make) {
      if (exchanges.size === 0) return
      const exchange = make()
      for (const hook of exchanges) hook(exchange)
    },
  }
}

function fits({ method, path, asking, until = Infinity }: Fault, request: SeenRequest): boolean {
  if (Date.now() >= until || (method && method !== request.method) || (path && !path.test(request.path))) return false
  if (asking === undefined) return true
  const body = JSON.stringify(request.body) ?? ''
  return [asking].flat().every((words) => body.includes(words))
}

/** Whether a fault hits the n-th matching request. */
function isDue({ every = 1, share = 1 }: Fault, n: number): boolean {
  return n % every === 0 && (share === 1 || unit(n) < share)
}
