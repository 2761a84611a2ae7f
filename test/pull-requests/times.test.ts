import { describe, expect, test } from 'vitest'
import type { PullRequest, TimelineEvent } from '../../src/github/pull-requests.ts'
import { timesOf } from '../../src/pull-requests/event-times.ts'

const at = (minute: number) => `2026-11-21T10:${String(minute).padStart(2, '0')}:00Z`
const pull = { createdAt: at(0), updatedAt: at(50), closedAt: undefined } as PullRequest
const event = (name: string, minute: number, label?: string): TimelineEvent => ({ event: name, at: at(minute), label })
const label = { wanted: 'w-0123456789', label: 'wl:w-0123456789', certain: true }
const line = { ...label, label: undefined }

describe('the times of a pull request', () => {
  test('are its own where GitHub tells no event', () => {
    expect(timesOf(pull, [], line)).toEqual({ linked: at(0), ready: at(0), released: at(50) })
  })

  test('begin with the last time its label was set, in any case, and no other label', () => {
    const events = [
      event('labeled', 1, label.label),
      event('unlabeled', 2, label.label),
      event('labeled', 3, 'WL:W-0123456789'),
      event('labeled', 4, 'bug'),
    ]
    expect(timesOf(pull, events, label)).toMatchObject({ linked: at(3), ready: at(3) })
  })

  test('are ready when the later of both has come', () => {
    const early = [event('ready_for_review', 1), event('labeled', 2, label.label)]
    const late = [event('labeled', 1, label.label), event('ready_for_review', 2)]
    expect(timesOf(pull, early, label)).toMatchObject({ linked: at(2), ready: at(2) })
    expect(timesOf(pull, late, label)).toMatchObject({ linked: at(1), ready: at(2) })
  })

  test.each([
    {
      name: 'closed',
      given: { ...pull, closedAt: at(9) },
      events: [event('unlabeled', 5, label.label)],
      reference: label,
      released: at(9),
    },
    {
      name: 'named no longer',
      given: pull,
      events: [event('unlabeled', 5, label.label)],
      reference: undefined,
      released: at(5),
    },
    { name: 'a draft again', given: pull, events: [event('convert_to_draft', 6)], reference: label, released: at(6) },
  ])('end when it is $name', ({ given, events, reference, released }) => {
    expect(timesOf(given, events, reference).released).toBe(released)
  })
})
