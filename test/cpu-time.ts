/** Milliseconds that this thread computes for `work`: unlike the clock's they do not grow with what else the machine does. */
export function cpuTimeOf(work: () => void): number {
  const before = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}
