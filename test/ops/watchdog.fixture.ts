import { startWatchdog } from '../../src/ops/watchdog.ts'

/** `busy`: works in short pieces and ends. `blocked`: never gives way again. */
if (process.argv[2] === 'blocked') {
  startWatchdog(600)
  setTimeout(() => {
    for (;;);
  }, 50)
} else {
  // Longer than a loaded machine keeps one of two threads waiting.
  startWatchdog(20_000)
  const end = Date.now() + 500
  const timer = setInterval(() => {
    if (Date.now() > end) clearInterval(timer)
  }, 5)
}
