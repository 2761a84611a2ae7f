import { LRUCache } from 'lru-cache'
import { readDiff } from '../domain/git-diff.ts'

/**
 * Questions that are asked again, asked as "has it changed since?": a 304 costs nothing of an installation's hourly
 * limit (GitHub's docs, "Use conditional requests if appropriate"). Every question still goes to GitHub.
 */
export type Fetch = (url: string | URL | Request, init?: RequestInit) => Promise<Response>

interface CachedResponse {
  etag: string
  headers: [string, string][]
  text: string
}

const ENTRIES = 5_000
const CHARACTERS = 16 * 1024 * 1024
/** In bytes. A larger answer is not kept. */
const LARGEST = 256 * 1024
/** What a 304 leaves out. */
const OF_THE_ANSWER = ['content-type', 'link']

/** `send`, with the last answers kept in memory, the least used dropped first. */
export function conditional(send: Fetch, most = { entries: ENTRIES, characters: CHARACTERS }): Fetch {
  const kept = new LRUCache<string, CachedResponse>({
    max: most.entries,
    maxSize: most.characters,
    sizeCalculation: ({ text }, key) => key.length + text.length,
  })
  return async (url, init = {}) => {
    const headers = new Headers(init.headers)
    const key = keyOf(url, init.method, headers)
    if (key === undefined) return send(url, init)
    const known = kept.get(key)
    if (known !== undefined) headers.set('if-none-match', known.etag)
    const answer = await send(url, { ...init, headers })
    if (known !== undefined && answer.status === 304) return again(known, answer)
    kept.delete(key)
    const etag = answer.headers.get('etag')
    if (answer.status !== 200 || etag === null) return answer
    const bytes = await answer.arrayBuffer()
    // Large ones are not made a text twice: that takes as long as all the rest.
    const text = bytes.byteLength <= LARGEST ? new TextDecoder().decode(bytes) : undefined
    if (text !== undefined && isWhole(text, headers.get('accept')))
      kept.set(key, { etag, headers: ofTheAnswer(answer), text })
    return responseOf(bytes, answer.headers, answer)
  }
}

/**
 * Of an installation's questions only, and of one token's apart: GitHub makes its ETags for a token, and no answer
 * may reach another installation.
 */
function keyOf(url: string | URL | Request, method: string | undefined, headers: Headers): string | undefined {
  const token = headers.get('authorization') ?? ''
  if (typeof url !== 'string' || (method ?? 'GET') !== 'GET' || !/^token /i.test(token)) return undefined
  return [token, headers.get('accept'), url].join('\n')
}

function ofTheAnswer({ headers }: Response): CachedResponse['headers'] {
  return OF_THE_ANSWER.flatMap((name) => (headers.has(name) ? [[name, headers.get(name)!]] : []))
}

/** The answer of before, with what GitHub says now of limits and time. */
function again({ text, headers }: CachedResponse, now: Response): Response {
  const all = new Headers(now.headers)
  for (const [name, value] of headers) all.set(name, value)
  return responseOf(text, all, now)
}

/** Octokit reads the address of an answer to tell whether there is a next page. */
function responseOf(body: string | ArrayBuffer, headers: Headers, { url }: Response): Response {
  return Object.defineProperty(new Response(body, { headers }), 'url', { value: url })
}

/** Half an answer, kept, would be half for as long as it does not change. */
function isWhole(text: string, accept: string | null): boolean {
  if (accept?.endsWith('.diff') === true) return readDiff(text) !== undefined
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
