import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { runFixture } from './run-fixture.ts'

const FIXTURE = fileURLToPath(new URL('idle-collection.fixture.ts', import.meta.url))

it.each([
  ['not', 2_000, false],
  ['collects', 20_000, true],
])('the memory of work that is done is given back to the system: %s', async (how, withinMs, isSmaller) => {
  const process = runFixture(FIXTURE, [how, String(withinMs)])
  const { worked, rests } = (await process.nextLine()) as { worked: number; rests: number }
  await process.ended
  expect(rests < worked * 0.7, `${worked} MB, then ${rests}`).toBe(isSmaller)
})
