import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loneHistory, rivalHistory } from './acts.ts'
import { randomOf } from '../seed.ts'
import { DISTURBED, longest, SEED } from './check.ts'
import { type KilledStage, startKilledStage } from './killed-stage.ts'
import { playAll } from './stage.ts'
import { unanswered } from './unanswered.ts'
import { deadLetters } from '../queue-rows.ts'

/** HISTORIES_KILLS asks for more. */
const KILLS = Number(process.env['HISTORIES_KILLS'] ?? 4)
const STOPS = Math.ceil(KILLS / 10)
const BATCH = KILLS > 10 ? 40 : 12
const random = randomOf('lifetimes', SEED)
const lifetime = () => 1 + Math.floor(200 * random() ** 2)

let stage: KilledStage
beforeAll(async () => void (stage = await startKilledStage(2)))
afterAll(() => stage?.close())

it(
  `two replicas, of which one is killed (${KILLS} times) or stopped (${STOPS} times), lose nothing and say nothing twice (seed ${SEED})`,
  async () => {
    const done = { kills: 0, stops: 0 }
    async function strike() {
      while (await stage.works(lifetime())) {
        await stage.killBridge()
        done.kills++
        if (done.stops * 10 > done.kills) continue
        // What the stopped one has in hand, the writer's lock among it, is the other's after seconds.
        await stage.stopBridge(() => stage.works(100))
        done.stops++
      }
    }
    async function rest(last: boolean) {
      await Promise.all([stage.rest(last), strike()])
      await stage.rest(last)
    }
    const kinds = fc.oneof(loneHistory(DISTURBED), rivalHistory(DISTURBED))
    for (let n = 0; done.kills < KILLS || done.stops < STOPS; n++) {
      const histories = fc.sample(kinds, { seed: SEED + n, numRuns: BATCH })
      expect(await playAll({ ...stage, rest }, histories)).toEqual([])
    }
    expect(unanswered(stage.gh)).toEqual([])
    expect(await deadLetters(stage.operations)).toEqual([])
    expect(await stage.sql('SELECT * FROM dolt_status')).toEqual([])
  },
  longest(KILLS * 6),
)
