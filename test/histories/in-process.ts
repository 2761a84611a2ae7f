import { expect } from 'vitest'
import { startWorld, type World } from '../scenarios/world.ts'
import { startRelay } from './relay.ts'
import { allTaken, type Stage } from './stage.ts'

const HOUR_SECONDS = 3600

/**
 * A stage with the bridge in this process and a relay before it. Its clock is GitHub's. `compares`: a rest ends with
 * the hourly comparison of GitHub with the ledger, which finds what no delivery tells.
 */
export async function startStage({ compares = false } = {}): Promise<Stage & { world: World; close(): Promise<void> }> {
  let now = () => new Date()
  let comparisons = 0
  const jobEnded = (name: string) => void (comparisons += name === 'repositories' ? 1 : 0)
  const world = await startWorld({ schemas: 'unchecked', clock: { now: () => now(), pollIntervalMs: 500, jobEnded } })
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
      gh.clock.advance(HOUR_SECONDS)
      // The first may have begun before.
      await expect.poll(() => comparisons, { timeout: 60_000 }).toBeGreaterThan(comparisons + 1)
      await world.idle()
    },
    async close() {
      await relay.close()
      await world.close()
    },
  }
}
