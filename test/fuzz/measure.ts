import type { Reader } from './readers.ts'
import type { Shape } from './shapes.ts'

/** What one reader took for one shape. */
export interface Measured {
  shape: Shape
  /** Milliseconds of this thread's CPU time at the largest size: what everybody else waits. */
  ms: number
  /** Of time by size between the last doublings; undefined where the times are too short to tell. */
  growth: number | undefined
  size: number
  /** What it threw, at whichever size. */
  thrown: string | undefined
  calls: number
}

/** Sizes below the limit. */
const DOUBLINGS = 3
/** Shorter times say more of the machine than of the text. */
const TELLING_MS = 20
/** A time this long or longer is measured again: collecting garbage comes at any moment. */
const AGAIN_MS = 5
/** How often at most, and for how many milliseconds each: the kernel counts CPU time by ticks of 4 ms. */
interface Care {
  again: number
  ms: number
}
const QUICK: Care = { again: 3, ms: 0 }
const WELL: Care = { again: 5, ms: 40 }

/** By doublings to the reader's limit, or until a call takes longer than `most` milliseconds. */
export async function measure(reader: Reader, shape: Shape, most: number, care = QUICK): Promise<Measured> {
  const times: number[] = []
  let size = reader.limit / 2 ** DOUBLINGS
  let calls = 0
  const done = (thrown?: string): Measured => ({
    shape,
    ms: times.at(-1) ?? 0,
    growth: growthOf(times),
    size,
    thrown,
    calls,
  })
  for (; ; size = Math.min(size * 2, reader.limit)) {
    const text = shape.make(size).slice(0, reader.limit)
    let least = Infinity
    for (let n = 0; n < care.again && (n === 0 || least >= AGAIN_MS); n++) {
      try {
        const { ms, reads } = await timeOf(() => reader.read(text), care.ms)
        calls += reads
        least = Math.min(least, ms)
      } catch (error) {
        return done(String(error))
      }
    }
    times.push(least)
    if (least > most || size >= reader.limit) return done()
  }
}

/** Milliseconds of a read; of as many as take `ms` milliseconds together. */
async function timeOf(read: () => unknown, ms: number): Promise<{ ms: number; reads: number }> {
  const before = process.threadCpuUsage()
  for (let reads = 1; ; reads++) {
    await read()
    const { user, system } = process.threadCpuUsage(before)
    const taken = (user + system) / 1000
    if (taken >= ms || reads === MOST_READS) return { ms: taken / reads, reads }
  }
}

/** Where a read takes next to nothing. */
const MOST_READS = 1000

/** How far beyond its limit a reader is asked whose time seems to grow too fast. */
const BEYOND = 4

/**
 * As `measure`; a measurement that is not good enough is made again, for the machine may have been at fault. What
 * grows too fast is asked beyond its limit too: what caches and new memory add comes at one size, a power of the size
 * stays at all.
 */
export async function measureWell(
  reader: Reader,
  shape: Shape,
  bounds: { ms: number; growth: number },
): Promise<Measured> {
  const first = await measure(reader, shape, bounds.ms)
  if (faultOf(first, bounds) === undefined) return first
  const second = await measure(reader, shape, bounds.ms, WELL)
  if (second.growth === undefined || faultOf({ ...second, growth: undefined }, bounds) !== undefined) return second
  const beyond = await measure({ ...reader, limit: reader.limit * BEYOND }, shape, bounds.ms * BEYOND, WELL)
  // One that reads no more than its limit tells nothing there.
  const tells = beyond.thrown === undefined && beyond.ms > second.ms * 2
  return { ...second, growth: tells ? Math.min(second.growth, beyond.growth ?? Infinity) : second.growth }
}

/**
 * Over the last two doublings. A power of the size shows at the later of the two at least as much as at both, so the
 * later counts where it is less: what comes once at some size, such as an array too large for V8's young space, is none.
 */
function growthOf(times: readonly number[]): number | undefined {
  const [quarter, half, whole] = times.slice(-3)
  if (whole === undefined || half === undefined || quarter === undefined || whole < TELLING_MS) return undefined
  const by = (less: number) => Math.log2(whole / Math.max(less, 0.1))
  return Math.min(by(quarter) / 2, by(half))
}

/** Why a measurement is not good enough; undefined where it is. */
export function faultOf({ ms, growth, thrown }: Measured, bounds: { ms: number; growth: number }): string | undefined {
  if (thrown !== undefined) return `threw ${thrown.slice(0, 200)}`
  if (ms > bounds.ms) return `took ${ms.toFixed(0)} ms`
  return growth !== undefined && growth > bounds.growth ? `grows by the power of ${growth.toFixed(2)}` : undefined
}
