import { Hono } from 'hono'
import type { Readiness } from './readiness.ts'

/** Endpoints for an operator's monitoring. `metrics`: in Prometheus' text format. */
export interface Health {
  readiness: Readiness
  /** Sentences beside `ready`, which do not change the status. */
  notes?: () => string[]
  metrics: { text(): Promise<string>; type: string }
}

/** `/healthz` 200 from the start; `/readyz` 200, or 503 and a line for each part that is not ready (and one where accounts refuse us); `/metrics`. */
export function health({ readiness, notes = () => [], metrics }: Health): Hono {
  return new Hono()
    .get('/healthz', (context) => context.text('ok\n'))
    .get('/readyz', async (context) => {
      const wrong = (await readiness()).filter(([, reason]) => reason !== undefined)
      if (wrong.length === 0) return context.text(['ready', ...notes()].map((line) => `${line}\n`).join(''))
      return context.text(`${wrong.map(([part, reason]) => `${part}: ${reason}`).join('\n')}\n`, 503)
    })
    .get('/metrics', async (context) => context.body(await metrics.text(), 200, { 'Content-Type': metrics.type }))
}
