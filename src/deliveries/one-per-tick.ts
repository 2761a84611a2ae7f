/** Lets one through in each turn of the event loop, in the order they came: what else there is to do comes between. */
export function onePerTick(): () => Promise<void> {
  const waiting: (() => void)[] = []
  const next = () => {
    waiting.shift()?.()
    if (waiting.length > 0) setImmediate(next)
  }
  return () => new Promise((resolve) => void (waiting.push(resolve) === 1 && setImmediate(next)))
}
