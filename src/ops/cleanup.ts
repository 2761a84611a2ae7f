/** What must be undone at the end, in the reverse of the order in which it was begun. One that fails does not keep the rest. */
export interface Cleanup {
  add(what: string, undo: () => Promise<void>): void
  run(): Promise<void>
}

export function createCleanup(log: { warn(fields: object, message: string): void }): Cleanup {
  const begun: { what: string; undo: () => Promise<void> }[] = []
  let running: Promise<void> | undefined
  async function runAll() {
    for (let next = begun.pop(); next !== undefined; next = begun.pop()) {
      const { what, undo } = next
      await undo().catch((error: unknown) => log.warn({ err: error, what }, 'shutdown: a part did not end cleanly'))
    }
  }
  return {
    add: (what, undo) => void begun.push({ what, undo }),
    run: () => (running ??= runAll()),
  }
}
