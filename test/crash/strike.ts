import type { KillPoint } from './kill-points.ts'
import type { Life } from './life.ts'
import type { Tap } from './tap.ts'

/** What the bridge sends at a step, as the request's line, with the name of a GraphQL query or mutation, or the packet's text shows it. */
export type Step = [done: string, at: KillPoint['at'], text: RegExp]

/** Kills the bridge when it next did what the text shows, before it hears the answer. True once that happened. */
export function strikeAfter(
  life: Life & { dolt: Tap; postgres: Tap },
  at: KillPoint['at'],
  text: RegExp,
): () => boolean {
  let struck = false
  const strike = () => {
    if (!struck) life.strike()
    struck = true
  }
  if (at !== 'GitHub') life[at === 'Dolt' ? 'dolt' : 'postgres'].on(text, 'after', strike)
  else
    life.gh.onRequest(async ({ method, path, body }) => {
      if (struck || !text.test([method, path, nameOf(body)].join(' '))) return
      const bridge = life.bridge()
      strike()
      await bridge.ended
    }, 'after')
  return () => struck
}

function nameOf(body: { query?: unknown } | null): string {
  return /(?:query|mutation) (\w+)/.exec(String(body?.query))?.[1] ?? ''
}
