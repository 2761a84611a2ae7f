import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { beforeOf, countsOf, type Expected, outcomeOf, withoutFormOfDiffs, withoutUpgrade } from './outcome.ts'
import { onGolden, type Stage } from './stage.ts'

/*
 * Today's program starts on what an older version left behind, with work waiting in its queue, and comes to what that
 * version came to itself: nothing is lost, and nothing done twice. `record.ts` says how a dump is made.
 */

const DUMPS = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

describe.each(DUMPS)('the golden dump of %s', (name) => {
  const folder = join(import.meta.dirname, name)
  const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Expected

  it('is gone on with where it was left', { timeout: 300_000 }, () =>
    onGolden(join(folder, 'dump.tar.gz'), undefined, async (stage, jobs, made) => {
      expect(countsOf(jobs)).toEqual(expected.waiting)
      const before = beforeOf(stage, jobs, made)
      const then = withoutFormOfDiffs(expected.outcome)
      const outcome = async () => withoutFormOfDiffs(withoutUpgrade(await outcomeOf(stage, before), then))
      await stage.start()
      await stage.idle()
      expect(await outcome()).toEqual(then)
      expect(await deadLetters(stage)).toEqual(jobs.filter(isDead).map(({ id }) => id))

      await stage.gh.redeliverAll()
      await stage.answered()
      expect(await outcome()).toEqual(then)

      // A queue that knows none of them works on each again.
      await stage.ops('DELETE FROM jobs')
      await stage.gh.redeliverAll()
      await stage.answered()
      expect(await outcome()).toEqual(then)
    }),
  )
})

const isDead = ({ name }: { name: string }) => name === 'dead-letters'

/** By the rows; the program itself counts as many. */
async function deadLetters(stage: Stage): Promise<string[]> {
  const rows = await stage.ops('SELECT id FROM dead_letters')
  const metrics = await (await fetch(`${await stage.bridge.url}/metrics`)).text()
  expect(metrics).toMatch(new RegExp(`dead_letters\\{queue="deliveries"\\} ${rows.length}$`, 'm'))
  return rows.map(({ id }) => String(id))
}
