import { createHash, randomBytes } from 'node:crypto'
import { fullName } from './access.ts'
import type { Courier } from './courier.ts'
import type { Fault, Json, SeenRequest, Watch } from './faults.ts'
import { answerGraphql } from './graphql/answer.ts'
import type { Limits } from './limits.ts'
import { answerOfPeople } from './people/rest.ts'
import { Refusal } from './refusal.ts'
import { moved, type Answer, type Ask, type Caller } from './rest/ask.ts'
import { authenticate, type Tokens } from './rest/auth.ts'
import { createMatcher, type Matcher } from './rest/routes.ts'
import type { Repository, World } from './world.ts'

const documentation = 'https://docs.github.com/rest'

export type ServerDeps = { world: World; courier: Courier; tokens: Tokens; watch: Watch; limits: Limits }
type Handler = (request: Request, cut: () => void) => Promise<Response>

/**
 * The REST API, below `/api/v3` and at the root. The steps of a request: recorded, hook before, latency, fault,
 * answered, hook after, headers. `pages` answers everything that is not of the API.
 */
export function createHandler(deps: ServerDeps, pages: (request: Request) => Response | Promise<Response>): Handler {
  const { watch, limits } = deps
  const match = createMatcher()

  return async (request, cut) => {
    const call = await read(deps, match, request)
    if (!call) return pages(request)
    const { seen } = call
    watch.requests.push(seen)
    limits.count(call.token, isGraphql(call) ? 'graphql' : 'rest')
    await watch.tell('before', seen)
    await watch.roundTrip()
    const fault = watch.take(seen)
    if (fault?.hang) return new Promise(() => {})
    if (fault?.delayMs) await new Promise((resolve) => setTimeout(resolve, fault.delayMs))
    const wrong = fault && !onlySlow(fault) ? wrongAnswer(fault) : null
    const right = !wrong || fault?.after ? await perform(deps, call, refusedBy(fault)) : null
    if (right) await watch.tell('after', seen)
    const answer = wrong ?? right!
    const sent = toSend(request, call, answer)
    const template = call.found?.route.template ?? null
    watch.tellExchange(() => ({
      ...seen,
      template,
      status: answer.status,
      answer: plain(answer.body),
      faulty: wrong !== null || fault?.field !== undefined,
      unchanged: sent.status === 304,
    }))
    if (fault?.drop) cut()
    if (isGraphql(call)) return respond(sent, {})
    if (sent.status !== 304 || call.token === '') limits.spend(call.token)
    return respond(sent, limits.told(call.token))
  }
}

type Call = {
  /** The token; empty without one. */
  token: string
  seen: SeenRequest
  caller: Caller | Refusal
  found: ReturnType<Matcher>
  url: URL
  prefix: string
  path: string
  accept: string
  raw: string
}

const isGraphql = ({ path }: Call) => path === '/graphql'

/** Null for a request that is not for the API. */
async function read(deps: ServerDeps, match: Matcher, request: Request): Promise<Call | null> {
  const url = new URL(request.url)
  const prefix = /^\/api(\/v3)?(?=\/)/.exec(url.pathname)?.[0] ?? ''
  const path = rewrite(deps.world, url.pathname.slice(prefix.length))
  const found = match(request.method, path)
  if (!found && prefix === '' && path !== '/graphql') return null
  const raw = await request.text()
  const authorization = request.headers.get('authorization')
  const caller = callerOf(deps, authorization)
  const token = authorization?.replace(/^\S+ +/, '') ?? ''
  const seen: SeenRequest = {
    n: deps.watch.requests.length + 1,
    method: request.method,
    path: path + url.search,
    auth: caller instanceof Refusal ? 'bad' : caller.kind,
    body: parse(raw) ?? null,
  }
  const accept = request.headers.get('accept') ?? ''
  return { token, seen, caller, found, url, prefix, path, accept, raw }
}

async function perform(deps: ServerDeps, call: Call, refused: Ask['refused']): Promise<Answer> {
  const { caller, token, found, url, prefix, path, accept, raw, seen } = call
  try {
    if (caller instanceof Refusal) throw caller
    const json = parse(raw)
    if (json === undefined && raw.trim() !== '') throw new Refusal(400, 'Problems parsing JSON')
    const ask: Ask = { ...deps, caller, token, url, accept, params: found?.params ?? {}, json, refused }
    if (isGraphql(call)) return await answerGraphql(ask)
    const madeUp = seen.method === 'GET' ? answerOfPeople(ask, path) : undefined
    if (madeUp) return madeUp
    if (!found) throw new Refusal(404, 'Not Found')
    const elsewhere = found.params['repo'] === undefined ? undefined : moved(ask)
    if (elsewhere) return redirect(`${deps.world.url}${prefix}`, seen.method, elsewhere, path + url.search)
    return await found.route.answer(ask)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { status: error.status, body: problem(error.status, error.message, error.errors) }
  }
}

function wrongAnswer({ status = 500, headers, body }: Fault): Answer {
  return { status, body: body ?? problem(status, 'Server Error'), ...(headers && { headers }) }
}

const onlySlow = (fault: Fault) => fault.status === undefined && !fault.drop && fault.body === undefined

function refusedBy(fault: Fault | undefined): Ask['refused'] {
  if (fault?.field === undefined) return undefined
  return { field: fault.field, type: fault.type ?? 'FORBIDDEN', message: 'Resource not accessible by integration' }
}

function problem(status: number, message: string, errors?: unknown): object {
  return { message, ...(errors ? { errors } : {}), documentation_url: documentation, status: String(status) }
}

/** The body as a client would parse it: without undefined, and copied from the world. */
const plain = (body: unknown): Json => (body === undefined ? null : JSON.parse(JSON.stringify(body)))

/** Undefined for malformed JSON. */
function parse(raw: string): Json {
  try {
    return JSON.parse(raw)
  } catch {
    return undefined
  }
}

function callerOf({ world, tokens }: ServerDeps, header: string | null): Caller | Refusal {
  try {
    return authenticate(world, tokens, header)
  } catch (error) {
    if (error instanceof Refusal) return error
    return new Refusal(401, 'Bad credentials')
  }
}

/** `/repositories/{id}/…` is the same as `/repos/{owner}/{repo}/…`; renamed repositories redirect to it. */
function rewrite(world: World, path: string): string {
  const [, id, rest = ''] = /^\/repositories\/(\d+)(\/.*)?$/.exec(path) ?? []
  const repo = id === undefined ? undefined : world.repositories.get(Number(id))
  return repo && !repo.deleted ? `/repos/${fullName(world, repo)}${rest}` : path
}

function redirect(base: string, method: string, repo: Repository, path: string): Answer {
  const location = `${base}/repositories/${repo.id}${path.replace(/^\/repos\/[^/]+\/[^/?]+/, '')}`
  const [status, message] = method === 'GET' ? [301, 'Moved Permanently'] : [307, 'Temporary Redirect']
  return { status, headers: { location }, body: { message, url: location, documentation_url: documentation } }
}

type Sent = { status: number; text: string | null; headers: Record<string, string> }

/** The answer to send; 304 alone where the client's ETag matches. GitHub makes its ETags for a token. */
function toSend(request: Request, { token }: Call, { status, body, headers = {} }: Answer): Sent {
  const text = body === undefined || status === 204 ? null : typeof body === 'string' ? body : JSON.stringify(body)
  const typed = text === null ? headers : { 'content-type': 'application/json; charset=utf-8', ...headers }
  if (request.method !== 'GET' || status !== 200) return { status, text, headers: typed }
  const etag = `W/"${createHash('sha256').update(`${token}\n${text}`).digest('hex')}"`
  const known = { etag, 'cache-control': 'private, max-age=60, s-maxage=60' }
  if (request.headers.get('if-none-match') === etag) return { status: 304, text: null, headers: known }
  return { status, text, headers: { ...typed, ...known } }
}

function respond({ status, text, headers }: Sent, limits: Record<string, string>): Response {
  const all = {
    'x-github-request-id': randomBytes(10).toString('hex').toUpperCase(),
    'x-github-media-type': 'github.v3; format=json',
    ...limits,
    ...headers,
  }
  return new Response(text, { status, headers: all })
}
