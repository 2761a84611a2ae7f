// oxlint-disable-next-line typescript/no-explicit-any -- GitHub's JSON, checked against its OpenAPI in tests
export type Json = any

/** A request as the fake saw it. `path` is without `/api/v3`, with the query. */
export type SeenRequest = {
  /** 1 for the first request since the start. */
  n: number
  method: string
  path: string
  auth: 'app' | 'installation' | 'user' | 'none' | 'bad'
  body: Json
}

/** A request with its answer. `template` is the OpenAPI path, `/repos/{owner}/{repo}/pulls/{pull_number}`. */
export type Exchange = SeenRequest & { template: string | null; status: number; answer: Json; faulty: boolean }

/** Something to go wrong. */
export type Fault = {
  method?: string
  path?: RegExp
  status?: number
  headers?: Record<string, string>
  body?: Json
  /** How many requests it hits. Default 1. */
  times?: number
  /** It hits every request before this, in milliseconds of this machine's clock. */
  until?: number
  delayMs?: number
  /** Do what was asked, then answer wrongly. */
  after?: boolean
  /** Cut the connection instead of answering. */
  drop?: boolean
}

type RequestHook = (request: SeenRequest) => void | Promise<void>

/** What tests order and watch at the REST edge. */
export type Watch = {
  requests: SeenRequest[]
  fault(fault: Fault): () => void
  /** The fault for this request, counted down. */
  take(request: SeenRequest): Fault | undefined
  onRequest(hook: RequestHook, when?: 'before' | 'after'): () => void
  onExchange(hook: (exchange: Exchange) => void): () => void
  tell(when: 'before' | 'after', request: SeenRequest): Promise<void>
  tellExchange(exchange: Exchange): void
}

export function createWatch(): Watch {
  const faults = new Map<Fault, number>()
  const hooks = { before: new Set<RequestHook>(), after: new Set<RequestHook>() }
  const exchanges = new Set<(exchange: Exchange) => void>()
  return {
    requests: [],
    fault(fault) {
      faults.set(fault, fault.times ?? (fault.until === undefined ? 1 : Infinity))
      return () => void faults.delete(fault)
    },
    take({ method, path }) {
      for (const [fault, left] of faults) {
        if (left === 0 || Date.now() >= (fault.until ?? Infinity)) continue
        if ((fault.method && fault.method !== method) || (fault.path && !fault.path.test(path))) continue
        faults.set(fault, left - 1)
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
    tellExchange(exchange) {
      for (const hook of exchanges) hook(exchange)
    },
  }
}
