import { expect } from 'vitest'
import { startWorld, type World } from '../scenarios/world.ts'
import { ENOUGH, howMany } from './check.ts'
import { startRelay } from './relay.ts'
import { allTaken, type Stage } from './stage.ts'

const HOUR_SECONDS = 3600
/** A comparison that failed is repeated after ten minutes. */
const REPEATED_SECONDS = 11 * 60
/** Hundreds, played by hand, make a ledger in which fifty at once take longer than in a short run. */
const LONG_RUN = { restMs: 600_000 }

/**
 * A stage with the bridge in this process and a relay before it. Its clock is GitHub's. `compares`: a rest ends with
 * the hourly comparison of GitHub with the ledger, which finds what no delivery tells.
 */
export async function startStage({ compares = false } = {}): Promise<Stage & { world: World; close(): Promise<void> }> {
  let now = () => new Date()
  const comparisons = { ended: 0, failed: 0 }
  const jobEnded = (name: string, error?: unknown) => {
    if (name !== 'repositories') return
    comparisons.ended++
    if (error !== undefined) comparisons.failed++
  }
  const world = await startWorld({
    schemas: 'unchecked',
    clock: { now: () => now(), pollIntervalMs: 500, jobEnded },
    ...(howMany(0) >= ENOUGH && LONG_RUN),
  })
  const { gh } = world
  now = () => new Date(gh.clock.now())
  const relay = await startRelay()
  relay.to([`${world.bridge.url}/api/github/webhooks`])
  gh.setHookUrl(relay.url)
  return {
    world,
    gh,
    sql: world.sql,
    dispatch: relay.plan,
    advance: (seconds) => gh.clock.advance(seconds),
    async rest(last) {
      await gh.settled()
      while ((await relay.flush()) > 0 && last);
      await allTaken(gh)
      await world.idle()
      if (!compares) return
      let before
      let seconds = HOUR_SECONDS
      do {
        before = { ...comparisons }
        gh.clock.advance(seconds)
        // The first may have begun before.
        await expect.poll(() => comparisons.ended, { timeout: 60_000 }).toBeGreaterThan(before.ended + 1)
        await world.idle()
        seconds = REPEATED_SECONDS
        // The hour has ended the bridge's token: by its own clock it may not know.
      } while (comparisons.failed > before.failed)
    },
    async close() {
      await relay.close()
      await world.close()
    },
  }
}
