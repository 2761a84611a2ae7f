import { withTimeout } from './retry.ts'

/** Timeout of one step, in milliseconds. Closing takes a few; a store that hangs is left open. */
export const CLOSES_MS = 500

/** Cleanup steps for the shutdown, run in reverse order. A step that fails does not stop the rest. */
export interface Cleanup {
  /** `ms`: the step's timeout. */
  add(what: string, undo: () => Promise<void>, ms?: number): void
  run(): Promise<void>
}

interface CleanupLog {
  warn(fields: object, message: string): void
}

export function createCleanup(log: CleanupLog): Cleanup {
  return create(log, async (begun, undo) => {
    for (let next = begun.pop(); next !== undefined; next = begun.pop()) await undo(next)
  })
}

/** The same for running work, all steps at once: each has the whole time. */
export function createDrain(log: CleanupLog): Cleanup {
  return create(log, async (begun, undo) => void (await Promise.all(begun.map(undo))))
}

interface CleanupStep {
  what: string
  undo: () => Promise<void>
}

function create(
  log: CleanupLog,
  inOrder: (begun: CleanupStep[], undo: (one: CleanupStep) => Promise<void>) => Promise<void>,
): Cleanup {
  const begun: CleanupStep[] = []
  let running: Promise<void> | undefined
  const undoOne = ({ what, undo }: CleanupStep) =>
    undo().catch((error: unknown) => log.warn({ err: error, what }, 'shutdown: a part did not end cleanly'))
  return {
    add: (what, undo, ms) =>
      void begun.push({ what, undo: ms === undefined ? undo : () => withTimeout(ms, undo(), 'it takes too long') }),
    run: () => (running ??= inOrder(begun, undoOne)),
  }
}
