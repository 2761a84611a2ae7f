import { afterAll, beforeAll, expect, it } from 'vitest'
import { expectSound } from '../scenarios/sound.ts'
import { loneHistory } from './acts.ts'
import { checkHistories, DISTURBED, howMany, longest, SEED } from './check.ts'
import { startStage } from './in-process.ts'
import { deadLetters } from '../queue-rows.ts'

const COUNT = howMany(16)

let stage: Awaited<ReturnType<typeof startStage>>
beforeAll(async () => void (stage = await startStage()))
afterAll(() => stage.close())

it(
  `of one pull request, ${COUNT} histories end as the oracle says, whatever way their deliveries go (seed ${SEED})`,
  async () => {
    await checkHistories(stage, loneHistory(DISTURBED), COUNT)
    await expectSound(stage.world)
    expect(await deadLetters(stage.world.ops)).toEqual([])
  },
  longest(COUNT),
)
