import { describe, expect, test } from 'vitest'
import { nextStep } from '../../src/deliveries/redeliver.ts'

const NOW = new Date('2026-11-21T12:00:00Z')
const before = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000)
type Missed = Parameters<typeof nextStep>[0]

const missed: Missed = { answered: false, asked: 0, askedAt: undefined, lost: false }
const scheduled = { listening: true, urgent: false }

describe('a delivery that is not in the queue', () => {
  test.each<[string, Partial<Missed>, Partial<typeof scheduled>, string]>([
    ['is asked for at once', {}, {}, 'ask'],
    ['is given five minutes to come', { asked: 1, askedAt: before(4) }, {}, 'wait'],
    ['is asked for again when it has not come', { asked: 1, askedAt: before(5) }, {}, 'ask'],
    ['is given half an hour then', { asked: 2, askedAt: before(29) }, {}, 'wait'],
    ['is asked for a third time', { asked: 2, askedAt: before(30) }, {}, 'ask'],
    ['is given two hours then', { asked: 3, askedAt: before(119) }, {}, 'wait'],
    ['is fetched in the end', { asked: 3, askedAt: before(120) }, {}, 'fetch'],
    ['is not fetched twice in two hours', { asked: 4, askedAt: before(119) }, {}, 'wait'],
    ['that somebody else took is fetched', { answered: true }, {}, 'fetch'],
    [
      'that somebody else took when asked for is fetched',
      { answered: true, asked: 1, askedAt: before(5) },
      {},
      'fetch',
    ],
    ['is fetched where nobody listens', {}, { listening: false }, 'fetch'],
    ['is asked for sooner when a person waits', { asked: 3, askedAt: before(1) }, { urgent: true }, 'fetch'],
    ['may still be under way when a person waits', { asked: 1, askedAt: before(0.5) }, { urgent: true }, 'wait'],
    ['that is lost is left', { lost: true, asked: 1, askedAt: before(9999) }, {}, 'lost'],
  ])('%s', (_, is, how, step) => {
    expect(nextStep({ ...missed, ...is }, NOW, { ...scheduled, ...how })).toBe(step)
  })
})
