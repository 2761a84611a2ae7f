import { Hono } from 'hono'

/** A part that must work before we can: undefined when it does, else what is wrong, in plain words. */
export type Probe = () => Promise<string | undefined>

const PROBE_MS = 2_000

/** `/healthz` 200 from the start; `/readyz` 200, or 503 with the reason. */
export function health(probes: () => Readonly<Record<string, Probe>>): Hono {
  return new Hono()
    .get('/healthz', (context) => context.text('ok\n'))
    .get('/readyz', async (context) => {
      const answers = await Promise.all(
        Object.entries(probes()).map(async ([part, probe]) => [part, await ask(probe)] as const),
      )
      const wrong = answers.filter(([, reason]) => reason !== undefined)
      if (wrong.length === 0) return context.text('ready\n')
      return context.text(`${wrong.map(([part, reason]) => `${part}: ${reason}`).join('\n')}\n`, 503)
    })
}

async function ask(probe: Probe): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('does not answer'), PROBE_MS)
  })
  try {
    return await Promise.race([probe(), late])
  } catch {
    return 'cannot be reached'
  } finally {
    clearTimeout(timer)
  }
}
