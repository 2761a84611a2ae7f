import { startWorld, type World } from '../scenarios/world.ts'
import { startRelay } from './relay.ts'
import { allTaken, type Stage } from './stage.ts'

/** A stage with the bridge in this process and a relay before it. Its clock is GitHub's. */
export async function startStage(): Promise<Stage & { world: World; close(): Promise<void> }> {
  let now = () => new Date()
  const world = await startWorld({ schemas: 'unchecked', clock: { now: () => now(), sweepMs: 500 } })
  const { gh } = world
  now = () => new Date(gh.clock.now())
  const relay = await startRelay()
  relay.to(`${world.bridge.url}/api/github/webhooks`)
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
    },
    async close() {
      await relay.close()
      await world.close()
    },
  }
}
