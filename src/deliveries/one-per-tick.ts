/**
 * Lets one caller go on in each tick of the event loop, in the order in which they came, so that other work runs in
 * between.
 */
export function onePerTick(): () => Promise<void> {
  const waiting: (() => void)[] = []
  const next = () => {
    waiting.shift()?.()
    if (waiting.length > 0) setImmediate(next)
  }
  return () => new Promise((resolve) => void (waiting.push(resolve) === 1 && setImmediate(next)))
}
