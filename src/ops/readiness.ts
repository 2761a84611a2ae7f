import { withTimeout } from './retry.ts'

/** A part that must work before we can. */
export interface ReadinessCheck {
  /** Undefined while it works, else what is wrong and what to do, in sentences. Throws when it cannot be reached. */
  ask(): Promise<string | undefined>
  /** What it means while it does not answer, and where to look: sentences too. */
  silent?: string
}

export type Parts = Readonly<Record<string, ReadinessCheck>>

/** Each part with what is wrong with it; undefined: nothing. */
export type Readiness = () => Promise<(readonly [part: string, wrong: string | undefined])[]>

const TIMEOUT_MS = 2_000
/** An answer may be lost for good: after so long it is asked for anew. */
const ANEW_MS = 10_000

/** However often we are asked, a part that hangs is asked once in a while, so that nothing piles up there. */
export function createReadiness(parts: () => Parts): Readiness {
  const asked = new WeakMap<ReadinessCheck, { at: number; answer: Promise<string | undefined> }>()

  function answerOf(part: ReadinessCheck): Promise<string | undefined> {
    const known = asked.get(part)
    if (known !== undefined && Date.now() - known.at < ANEW_MS) return known.answer
    const answer = part.ask().catch(() => silence('cannot be reached.', part))
    const mine = { at: Date.now(), answer }
    asked.set(part, mine)
    void answer.then(() => asked.get(part) === mine && asked.delete(part))
    return answer
  }

  const wrongWith = (part: ReadinessCheck) =>
    withTimeout(TIMEOUT_MS, answerOf(part), 'late').catch(() => silence('does not answer.', part))

  return () => Promise.all(Object.entries(parts()).map(async ([name, part]) => [name, await wrongWith(part)] as const))
}

/** A part that is not there yet. */
export function notYet(why: string): ReadinessCheck {
  return { ask: async () => why }
}

function silence(how: string, { silent }: ReadinessCheck): string {
  return silent === undefined ? how : `${how} ${silent}`
}
