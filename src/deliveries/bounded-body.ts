import { LRUCache } from 'lru-cache'

/**
 * Reads request bodies whose signature cannot be checked before they are whole. Anybody can send some, so:
 *
 * - The bytes of unverified bodies are bounded, those of small and of large bodies apart.
 * - Over the bound the body goes that was begun longest ago, unless it is large and still comes in fast. So whatever
 *   stood still when a body begins goes before it, and a body that comes in as fast as GitHub sends has hardly any age.
 * - Clients that no signed body ever came from go before those that one came from.
 * - What is verified and waits for the store has a bound of its own, which nobody else's bodies use up.
 */
export interface RequestBody {
  /** All of it, once its signature was found right; undefined while too much waits for the store. */
  keep(): Buffer | undefined
  release(): void
}

export interface Incoming {
  stream: Request['body']
  /** Content-Length, NaN where there is none. */
  announced: number
  /** The network of the client's address. */
  network: string
  /** Called with each part as it comes, so that a signature's hash never takes long at once. */
  part(bytes: Uint8Array): void
}

/** Refuses with 413 for too many bytes, and with 503 for a body that was too slow or had to make room. */
export type Intake = (incoming: Incoming) => Promise<RequestBody | 413 | 503>

export interface Bounds {
  /** Bytes of one body. */
  most: number
  /** A body that announces no more is small. */
  small: number
  /** Bytes held at once. */
  unverifiedSmall: number
  unverifiedLarge: number
  verified: number
  /** How long one may take to come in. */
  ms: number
}

/** After so long without a byte, the bytes that came before count for a third. */
const RECENT_MS = 250
/** Networks of which we remember that a signed body came from there. */
const MOST_PROVEN = 1_000
/** Unverified bodies of one pool that are being read. */
const MOST_OPEN = 4_096

export function createIntake(bounds: Bounds): Intake {
  const proven = new LRUCache<string, true>({ max: MOST_PROVEN })
  const isProven = (network: string) => proven.has(network)
  const pools = {
    small: createPool({ atOnce: bounds.unverifiedSmall, small: bounds.small, isProven }),
    large: createPool({ atOnce: bounds.unverifiedLarge, small: bounds.small, isProven }),
  }
  let verified = 0

  return async (incoming) => {
    const { announced, stream, network } = incoming
    const most = announced > 0 ? Math.min(announced, bounds.most) : bounds.most
    if (announced > bounds.most) return 413
    const pool = announced <= bounds.small && announced > 0 ? pools.small : pools.large
    const parts = await readAll(incoming, { pool, most, ms: bounds.ms })
    if (!Array.isArray(parts)) return parts
    const size = parts.reduce((sum, { length }) => sum + length, 0)
    let kept = 0
    return {
      keep() {
        proven.set(network, true)
        if (stream !== null && verified + size > bounds.verified) return undefined
        verified += kept = size
        return Buffer.concat(parts)
      },
      release() {
        verified -= kept
        kept = 0
      },
    }
  }
}

interface BodyReader {
  pool: ByteBudget
  most: number
  ms: number
}

async function readAll({ stream, network, part }: Incoming, { pool, most, ms }: BodyReader) {
  if (stream === null) return []
  const reader = stream.getReader()
  let isDropped = false
  const drop = () => {
    isDropped = true
    void reader.cancel().catch(() => {})
  }
  const held = pool.open(network, drop)
  const timer = setTimeout(drop, ms)
  const parts: Uint8Array[] = []
  try {
    for (let next = await reader.read(); !next.done && !isDropped; next = await reader.read()) {
      parts.push(next.value)
      if (held.grow(next.value.length) > most) {
        drop()
        return 413
      }
      if (!isDropped) part(next.value)
    }
    return isDropped ? 503 : parts
  } finally {
    clearTimeout(timer)
    held.close()
  }
}

interface ByteBudget {
  open(network: string, drop: () => void): { grow(bytes: number): number; close(): void }
}

interface OpenBody {
  network: string
  begun: number
  size: number
  /** Bytes that came lately: each counts for less as time goes by. */
  recent: number
  recentAt: number
  drop(): void
}

interface PoolBounds {
  atOnce: number
  small: number
  isProven(network: string): boolean
}

function createPool({ atOnce, small, isProven }: PoolBounds): ByteBudget {
  const bodies = new Set<OpenBody>()
  let held = 0

  const remove = (body: OpenBody) => {
    if (bodies.delete(body)) held -= body.size
  }
  /** Higher goes first. */
  const burden = (body: OpenBody, now: number) => (now - body.begun) / Math.max(recently(body, now), small)
  const makeRoom = () => {
    while (held > atOnce || bodies.size > MOST_OPEN) {
      const unproven = [...bodies].filter(({ network }) => !isProven(network))
      const now = performance.now()
      const [first, ...others] = unproven.length > 0 ? unproven : bodies
      if (first === undefined) return
      const worst = others.reduce((one, other) => (burden(other, now) > burden(one, now) ? other : one), first)
      remove(worst)
      worst.drop()
    }
  }

  return {
    open(network, drop) {
      const now = performance.now()
      const body: OpenBody = { network, begun: now, size: 0, recent: 0, recentAt: now, drop }
      bodies.add(body)
      makeRoom()
      return {
        grow(bytes) {
          const at = performance.now()
          body.recent = recently(body, at) + bytes
          body.recentAt = at
          body.size += bytes
          if (bodies.has(body)) held += bytes
          makeRoom()
          return body.size
        },
        close: () => remove(body),
      }
    },
  }
}

function recently({ recent, recentAt }: OpenBody, now: number): number {
  return recent * Math.exp((recentAt - now) / RECENT_MS)
}
