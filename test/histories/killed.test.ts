import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loneHistory, rivalHistory } from './acts.ts'
import { randomOf } from '../seed.ts'
import { DISTURBED, longest, SEED } from './check.ts'
import { type KilledStage, startKilledStage } from './killed-stage.ts'
import { playAll } from './stage.ts'
import { unanswered } from './unanswered.ts'
import { deadLetters } from '../queue-rows.ts'

/** HISTORIES_KILLS asks for more, which are minutes of restarts. */
const KILLS = Number(process.env['HISTORIES_KILLS'] ?? 4)
const DOLT_KILLS = Math.ceil(KILLS / 5)
const BATCH = KILLS > 10 ? 50 : 10
/**
 * For how many requests a bridge lives: most often for few, and long enough that the work in hand, of which there is
 * much at once, comes to an end now and then.
 */
const random = randomOf('lifetimes', SEED)
const lifetime = () => 1 + Math.floor(300 * random() ** 2)

let stage: KilledStage
beforeAll(async () => void (stage = await startKilledStage()))
afterAll(() => stage?.close())

it(
  `that is killed ${KILLS} times, and its Dolt ${DOLT_KILLS} times, loses nothing and says nothing twice (seed ${SEED})`,
  async () => {
    const kills = { bridge: 0, dolt: 0 }

    /** Kills, each bridge after some requests of its own, while there is work. */
    async function strike() {
      while (await stage.works(lifetime())) {
        if (kills.dolt * 5 <= kills.bridge && stage.killDolt()) {
          kills.dolt++
          await stage.works(1 + Math.floor(random() * 5))
        }
        await stage.killBridge()
        kills.bridge++
      }
    }
    async function rest(last: boolean) {
      await Promise.all([stage.rest(last), strike()])
      await stage.rest(last)
    }

    const kinds = fc.oneof(loneHistory(DISTURBED), rivalHistory(DISTURBED))
    for (let n = 0; kills.bridge < KILLS || kills.dolt < DOLT_KILLS; n++) {
      const histories = fc.sample(kinds, { seed: SEED + n, numRuns: BATCH })
      expect(await playAll({ ...stage, rest }, histories)).toEqual([])
    }
    expect(unanswered(stage.gh)).toEqual([])
    expect(await deadLetters(stage.operations)).toEqual([])
    expect(await stage.sql('SELECT * FROM dolt_status')).toEqual([])
  },
  longest(KILLS * 3),
)
