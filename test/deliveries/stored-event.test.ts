import { randomUUID } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { Unavailable, UserError } from '../../src/domain/errors.ts'
import { commentEvent, type Spoken } from '../../src/deliveries/missed-comment.ts'
import type { Served } from '../../src/deliveries/missed.ts'
import { type Delivery, readDelivery, readStored } from '../../src/deliveries/stored-event.ts'
import { type Job, storeDelivery } from '../../src/deliveries/work.ts'
import type { ForgeEvent } from '../../src/events/forge-event.ts'
import type { Queue } from '../../src/operations/queue/queue.ts'

const AT = '2026-11-30T10:00:00Z'
const LATER = '2026-11-30T10:05:00Z'
const account = { id: 7, login: 'mia', type: 'User' }
const ENVELOPE = {
  installation: { id: 1 },
  repository: { id: 2, name: 'app', owner: { id: 3, login: 'acme' } },
  sender: account,
}
const comment = {
  id: 11,
  node_id: 'IC_x',
  body: '/wl stamp quality=4',
  user: account,
  created_at: AT,
  updated_at: AT,
}
const said = { action: 'created', ...ENVELOPE, comment, issue: { number: 5, pull_request: {} } }
const delivery = (name: string, payload: Record<string, unknown>): Delivery => ({ guid: randomUUID(), name, payload })

function store(given: Delivery) {
  const stored: { id: string; key: string; group?: string | undefined; data: Job }[] = []
  const invalidate = vi.fn(async () => {})
  const queue = { put: async (job: (typeof stored)[number]) => void stored.push(job) } as unknown as Queue<Job>
  return storeDelivery(queue, { invalidate }, given).then(() => ({ stored, invalidate }))
}

describe('a delivery', () => {
  it('is stored as an event in our own words, in the line of its thread and the group of who spoke', async () => {
    const given = delivery('issue_comment', said)
    const { stored } = await store(given)
    expect(stored).toMatchObject([
      {
        id: given.guid,
        key: '2/5',
        group: '1/2/7',
        data: {
          event: {
            v: 1,
            type: 'comment',
            delivery: given.guid,
            name: 'issue_comment.created',
            repository: { installation: 1, id: 2, owner: 'acme', repo: 'app' },
            by: account,
            comment: { ref: { kind: 'issue_comment', id: 11 }, number: 5, on: 'pull request', text: comment.body },
          },
        },
      },
    ])
    expect(JSON.stringify(stored)).not.toContain('payload')
  })

  it('that an older bridge stored is read as the same', () => {
    const given = delivery('issue_comment', said)
    expect(readStored({ delivery: { ...given, isAnswered: true } })).toEqual({
      event: readDelivery(given),
      isAnswered: true,
    })
  })

  it('that nobody acts on is not stored', async () => {
    expect((await store(delivery('star', { action: 'created', ...ENVELOPE }))).stored).toEqual([])
    expect((await store(delivery('issue_comment', { ...said, action: 'deleted' }))).stored).toEqual([])
  })

  it('that cannot be read is stored as it is, and nothing said after it is judged by what was before', async () => {
    const given = delivery('issue_comment', { ...said, comment: { ...comment, id: 'eleven' } })
    const { stored, invalidate } = await store(given)
    expect(stored).toEqual([{ id: given.guid, key: 'unreadable', data: { delivery: given } }])
    expect(invalidate).toHaveBeenCalledWith()
    expect(() => readStored({ delivery: given })).toThrow(UserError)
    expect(() => readStored({ delivery: given })).toThrow('not as GitHub documents it: comment.id')
  })
})

it.each([
  ['a newer version', { v: 2 }],
  ['a type that this one does not know', { type: 'discussion' }],
  ['a name that every object has', { type: 'constructor' }],
])('an event of a newer bridge waits: %s', (_, newer) => {
  const event = { ...readDelivery(delivery('issue_comment', said))!, ...newer } as unknown as ForgeEvent
  expect(() => readStored({ event })).toThrow(Unavailable)
})

describe('a comment that recovery finds is the event that its delivery would have been', () => {
  const served = {
    installation: 1,
    owner: 'acme',
    repo: 'app',
    repository: { id: 2 },
  } as unknown as Served
  const found: Spoken = {
    comment: { kind: 'issue_comment', id: 11 },
    nodeId: 'IC_x',
    url: 'https://github.com/acme/app/pull/5#issuecomment-11',
    number: 5,
    on: 'pull request',
    text: comment.body,
    author: { id: 7, login: 'mia', type: 'User' },
    createdAt: AT,
    updatedAt: AT,
  }
  const guid = randomUUID()
  const edited = { ...said, action: 'edited', changes: { body: { from: 'Nice.' } } }
  const review = { id: 12, node_id: 'PRR_x', body: comment.body, user: account, submitted_at: AT, commit_id: 'c0ffee' }
  const pull_request = { number: 5, updated_at: LATER }
  const ofReview = { ...found, comment: { kind: 'review', id: 12 }, nodeId: 'PRR_x', head: 'c0ffee' } as Spoken

  it.each<[string, string, Record<string, unknown>, Spoken, { at: string; before?: string }]>([
    ['written', 'issue_comment', said, found, { at: AT }],
    [
      'edited',
      'issue_comment',
      { ...edited, comment: { ...comment, updated_at: LATER } },
      found,
      { at: LATER, before: 'Nice.' },
    ],
    [
      'beside a line',
      'pull_request_review_comment',
      { ...said, pull_request },
      { ...found, comment: { kind: 'review_comment', id: 11 } },
      { at: AT },
    ],
    [
      'a review',
      'pull_request_review',
      { action: 'submitted', ...ENVELOPE, review, pull_request },
      ofReview,
      { at: AT },
    ],
    [
      'a review that was edited',
      'pull_request_review',
      { ...edited, review, pull_request },
      ofReview,
      { at: LATER, before: 'Nice.' },
    ],
  ])('%s', (_, name, payload, spoken, run) => {
    const told = readDelivery({ guid, name, payload })
    const recovered = commentEvent(served, guid, spoken, run)
    expect(recovered).toEqual(told)
  })
})
