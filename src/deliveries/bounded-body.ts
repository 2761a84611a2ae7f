import { LRUCache } from 'lru-cache'

/*
 * Reads request bodies whose signature cannot be checked before they are complete. Anybody can send such bodies, so
 * their memory is limited:
 *
 * - The bytes of unverified bodies have a limit: one for small and one for large bodies.
 * - Over the limit, the body that began longest ago is dropped, unless it is large and still comes in fast. So a body
 *   that stands still is dropped before any that begins later, and a body that comes in as fast as GitHub sends has
 *   hardly any age.
 * - Bodies of clients that never sent a signed body are dropped before those of clients that did.
 * - Verified bodies that wait for the store have a limit of their own, which unverified bodies cannot use up.
 */

/** A request body that was read. Its bytes count until it is released. */
export interface RequestBody {
  /** The whole body, once its signature is verified; undefined while too many verified bytes wait for the store. */
  keep(): Buffer | undefined
  release(): void
}

export interface Incoming {
  stream: Request['body']
  /** The header Content-Length; NaN where there is none. */
  announced: number
  /** The network of the client's address. */
  network: string
  /** Called with each chunk as it arrives, so that computing the hash for the signature never takes long at once. */
  part(bytes: Uint8Array): void
}

/**
 * Reads a request body. Resolves to 413 for one with too many bytes, and to 503 for one that was too slow or was
 * dropped.
 */
export type Intake = (incoming: Incoming) => Promise<RequestBody | 413 | 503>

export interface Bounds {
  /** The most bytes of one body. */
  most: number
  /** A body whose Content-Length is at most this is small. */
  small: number
  /** The most bytes in memory at once, for each kind of body. */
  unverifiedSmall: number
  unverifiedLarge: number
  verified: number
  /** Timeout, in milliseconds, for the whole body to arrive. */
  ms: number
}

/** After this many milliseconds without a byte, the bytes that came before count for a third. */
const RECENT_MS = 250
/** The most networks that are remembered because a signed body came from them. */
const MOST_PROVEN = 1_000
/** The most unverified bodies that one pool reads at once. */
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
  /** The bytes that arrived lately: each counts for less as time goes by. */
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
  /** The body with the highest value is dropped first. */
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
