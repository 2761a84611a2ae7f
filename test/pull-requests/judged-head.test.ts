import { describe, expect, it } from 'vitest'
import { type HeadFacts, judgedHead, type JudgedHead } from '../../src/pull-requests/judged-head.ts'

const at = (second: number) => new Date(Date.UTC(2026, 10, 28, 12, 0, second)).toISOString()
const seen = (head: string, ...seconds: number[]) => ({ head, times: seconds.map((one) => Date.parse(at(one))) })
const same: JudgedHead = { same: true }
const not = (before?: string): JudgedHead => ({ same: false, before })

/** The comment is of second 20, the head is B now. */
const facts = (more: Omit<Partial<HeadFacts>, 'pull'> & { updated?: number; merged?: number }): HeadFacts => ({
  at: at(20),
  pull: {
    headSha: 'B',
    updatedAt: at(more.updated ?? 20),
    mergedAt: more.merged === undefined ? undefined : at(more.merged),
  },
  sightings: [],
  said: undefined,
  forced: [],
  rebased: [],
  ...more,
})

describe('the head that a comment judges', () => {
  it.each<[string, JudgedHead, Parameters<typeof facts>[0]]>([
    ['was there before it', same, { sightings: [seen('B', 10)] }],
    ['was pushed before it', same, { sightings: [seen('A', 5), seen('B', 10)] }],
    ['was heard of in its second, and before it', same, { sightings: [seen('A', 5), seen('B', 20)] }],
    ['is another: pushed after it', not('A'), { sightings: [seen('A', 5), seen('B', 25)] }],
    ['is another: pushed, and not heard of yet', not('A'), { sightings: [seen('A', 5)] }],
    ['is another: the last that was heard of is', not('A'), { sightings: [seen('B', 5), seen('A', 10)] }],
    ['is another: pushed by force in between', not(), { sightings: [seen('B', 5)], forced: [at(15)] }],
    ['is another: pushed by force after it', not(), { sightings: [seen('B', 5)], forced: [at(25)] }],
    ['was seen again after the push by force', same, { sightings: [seen('B', 5, 17)], forced: [at(15)] }],
    ['was pushed by force itself', same, { sightings: [seen('A', 5), seen('B', 15)], forced: [at(15)] }],
    ['came back', same, { sightings: [seen('A', 10), seen('B', 5, 15)], forced: [at(10), at(15)] }],
    ['came back after it', not('A'), { sightings: [seen('A', 10), seen('B', 5, 25)], forced: [at(10), at(25)] }],
    ['came back unheard', not('A'), { sightings: [seen('B', 5), seen('A', 10)], forced: [at(10), at(25)] }],
    ['was never heard of, and is untouched', same, { updated: 20 }],
    ['was never heard of, and touched since', not(), { updated: 21 }],
    ['was never heard of, and pushed by force in its second', not(), { forced: [at(20)] }],
    ['was never heard of, and GitHub tells no events', not(), { forced: undefined }],
    ['was first looked at by this comment', same, { sightings: [seen('B', 21)] }],
    ['was there, on another base: changed after it', not(), { sightings: [seen('B', 5)], rebased: [at(25)] }],
    ['was there, on another base: in its second', not(), { sightings: [seen('B', 5)], rebased: [at(20)] }],
    ['was there, its base changed before it', same, { sightings: [seen('B', 5)], rebased: [at(19)] }],
    ['is of merged work', same, { merged: 15, forced: [at(10)] }],
    ['was merged after it, and never heard of', not(), { merged: 25, updated: 25 }],
    ['has no events told, and no other was heard of', same, { sightings: [seen('B', 5)], forced: undefined }],
    ['has no events told', not('A'), { sightings: [seen('A', 3), seen('B', 5)], forced: undefined }],
    ['is of the review itself', same, { said: { head: 'B', at: at(20), certain: true }, sightings: [seen('A', 5)] }],
    ['is not of the review', not('A'), { said: { head: 'A', at: at(20), certain: true }, sightings: [seen('B', 5)] }],
    [
      'is of the review, which was edited after a push there and back',
      not('A'),
      { said: { head: 'B', at: at(5), certain: true }, sightings: [seen('A', 10)], forced: [at(10), at(25)] },
    ],
    ['is of the line', same, { said: { head: 'B', at: at(20), certain: false }, sightings: [seen('A', 5)] }],
    [
      'is not of the line: another head',
      not('A'),
      { said: { head: 'A', at: at(20), certain: false }, sightings: [seen('A', 5), seen('B', 10)] },
    ],
    [
      'is not of the line: some commit',
      same,
      { said: { head: 'C', at: at(20), certain: false }, sightings: [seen('B', 10)] },
    ],
  ])('%s', (_name, expected, given) => {
    expect(judgedHead(facts(given))).toEqual(expected)
  })
})
