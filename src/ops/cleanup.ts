import { withTimeout } from './retry.ts'

/** Closing takes milliseconds; what a store that hangs does not close is left behind. */
export const CLOSES_MS = 500

/** What must be undone at the end, in the reverse of the order in which it was begun. One that fails does not keep the rest. */
export interface Cleanup {
  /** `ms`: how long it may take. */
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

/** The same of what works, all at once: each has all the time that there is. */
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
