import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { expectSound } from '../scenarios/sound.ts'
import { loneHistory, rivalHistory } from './acts.ts'
import { checkHistories, DISTURBED, howMany, longest, SEED } from './check.ts'
import { startStage } from './in-process.ts'
import { deadLetters } from '../queue-rows.ts'

const COUNT = howMany(6)
const FATES = [...DISTURBED, 'lost', 'lost', 'lost'] as const

let stage: Awaited<ReturnType<typeof startStage>>
beforeAll(async () => void (stage = await startStage({ compares: true })))
afterAll(() => stage.close())

it(
  `of which deliveries are lost without a trace, ${COUNT} histories end as the oracle says (seed ${SEED})`,
  async () => {
    await checkHistories(stage, fc.oneof(loneHistory(FATES), rivalHistory(FATES)), COUNT)
    await expectSound(stage.world)
    expect(await deadLetters(stage.world.ops)).toEqual([])
  },
  longest(COUNT),
)
