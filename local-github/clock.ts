/** GitHub's times are whole seconds, UTC, `2026-11-21T00:00:00Z`. */
export type Clock = {
  /** Milliseconds since the epoch, on a whole second. */
  now(): number
  iso(): string
  advance(seconds: number): void
  /** Jumps to a time; the clock goes on ticking from there. */
  set(time: string | Date): void
}

export function createClock(): Clock {
  let offset = 0
  const now = () => Math.floor((Date.now() + offset) / 1000) * 1000
  return {
    now,
    iso: () => isoSeconds(now()),
    advance: (seconds) => void (offset += seconds * 1000),
    set: (time) => void (offset = new Date(time).getTime() - Date.now()),
  }
}

export function isoSeconds(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d{3}Z$/, 'Z')
}
