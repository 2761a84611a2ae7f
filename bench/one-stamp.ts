import { setTimeout as sleep } from 'node:timers/promises'
import { send } from '../test/crash/signed.ts'
import { type Span, timeByPart, type Times } from './spans.ts'
import { now } from './figure.ts'
import { type Pull, sayStamp, type World } from './world.ts'

/** A program that stamps, and tells whom it waited for. */
export interface Stamping {
  url: string
  spans(): Promise<Span[]>
  /** Resolves when the command that a comment is has been answered, and nothing is left to do. */
  answered(comment: number): Promise<void>
}

/** The bridge of a world as it is now; another may take its place. */
export function bridgeOf(world: World): Stamping {
  const { gh, bridge } = world
  return {
    url: bridge.url,
    spans: bridge.spans,
    async answered(comment) {
      while (gh.reactions(comment).length === 0) await sleep(5)
      await world.idle()
    },
  }
}

/** From the POST of the webhook until Dolt's answer to the COMMIT of the stamp. */
export async function stampThrough(
  world: Pick<World, 'gh' | 'repo'>,
  pull: Pull,
  { url, spans: takeSpans, answered }: Stamping,
): Promise<Times> {
  const { comment, delivery } = sayStamp(world, pull)
  await takeSpans()
  const began = now()
  const status = await send(world.gh, { url }, delivery)
  if (status < 200 || status > 299) throw new Error(`the webhook was answered with ${status}`)
  await answered(comment)
  const spans = await takeSpans()
  return timeByPart(spans, began, committedAt(spans))
}

function committedAt(spans: readonly Span[]): number {
  const dolt = spans.filter(({ part }) => part === 'dolt').toSorted((a, b) => a.began - b.began)
  const call = dolt.findLastIndex(({ what }) => what.startsWith('CALL DOLT_COMMIT'))
  const commit = dolt.slice(call).find(({ what }) => what === 'COMMIT')
  if (call === -1 || commit === undefined) throw new Error('the stamp was not committed')
  return commit.ended
}
