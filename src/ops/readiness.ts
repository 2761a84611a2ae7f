import { withTimeout } from './retry.ts'

/** The check of a part that must work before the bridge is ready. */
export interface ReadinessCheck {
  /**
   * Resolves to undefined while the part works, else to what is wrong and what to do, in sentences. Rejects when it
   * cannot be reached.
   */
  ask(): Promise<string | undefined>
  /** Sentences for a part that does not answer: what it means, and where to look. */
  silent?: string
}

export type Parts = Readonly<Record<string, ReadinessCheck>>

/** Each part with its fault; undefined: none. */
export type Readiness = () => Promise<(readonly [part: string, wrong: string | undefined])[]>

const TIMEOUT_MS = 2_000
/** A check that has not answered for this long is repeated: its answer may be lost for good. */
const ANEW_MS = 10_000

/** Concurrent requests share a check, so that none pile up at a part that hangs. */
export function createReadiness(parts: () => Parts): Readiness {
  const pending = new WeakMap<ReadinessCheck, { at: number; answer: Promise<string | undefined> }>()

  function answerOf(part: ReadinessCheck): Promise<string | undefined> {
    const known = pending.get(part)
    if (known !== undefined && Date.now() - known.at < ANEW_MS) return known.answer
    const answer = part.ask().catch(() => silence('cannot be reached.', part))
    const mine = { at: Date.now(), answer }
    pending.set(part, mine)
    void answer.then(() => pending.get(part) === mine && pending.delete(part))
    return answer
  }

  const wrongWith = (part: ReadinessCheck) =>
    withTimeout(TIMEOUT_MS, answerOf(part), 'late').catch(() => silence('does not answer.', part))

  return () => Promise.all(Object.entries(parts()).map(async ([name, part]) => [name, await wrongWith(part)] as const))
}

/** A check that fails because the part has not started yet. */
export function notYet(why: string): ReadinessCheck {
  return { ask: async () => why }
}

function silence(how: string, { silent }: ReadinessCheck): string {
  return silent === undefined ? how : `${how} ${silent}`
}
