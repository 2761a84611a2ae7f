import { describe, expect, it } from 'vitest'
import type { Publication } from '../../src/pull-requests/publications.ts'
import { publishAll, publishAtEnd } from '../../src/pull-requests/publish-status.ts'
import type { PublishDeps } from '../../src/pull-requests/sync-deps.ts'
import type { LeftAlone } from '../../src/replies/left-alone.ts'

/** A pull request of which it is said why it is left alone. */
const leftAlone = (id: number, why: LeftAlone = 'declined') =>
  ({
    place: { number: id },
    is: 'left-alone',
    why,
    snapshot: { pull: { id, repository: { fullName: 'ada/home' } }, ownComments: async () => undefined },
  }) as unknown as Publication

function said(fail: (number: number) => boolean = () => false) {
  const replies: [key: string, text: string][] = []
  const reply: PublishDeps['reply'] = async ({ number }, key, text) => {
    if (fail(number)) throw new Error('GitHub is away')
    replies.push([key, text])
  }
  return { deps: { reply } as PublishDeps, replies }
}

describe('what a delivery has to publish', () => {
  it('is published once a pull request, as its last sync found it, when the work is done', async () => {
    const { deps, replies } = said()
    const done = await publishAtEnd(deps, async (publications) => {
      publications.set(1, leftAlone(1))
      publications.set(2, leftAlone(2))
      publications.set(1, leftAlone(1, 'no-person'))
      expect(replies).toEqual([])
      return 'done'
    })
    expect(done).toBe('done')
    expect(replies).toEqual([
      ['status/1', expect.stringContaining('**No person.**')],
      ['status/2', expect.stringContaining('**Declined.**')],
    ])
  })

  it('is published where the work fails after it, and the work’s own error goes on', async () => {
    const { deps, replies } = said()
    const work = publishAtEnd(deps, async (publications) => {
      publications.set(1, leftAlone(1))
      throw new Error('the second command')
    })
    await expect(work).rejects.toThrow('the second command')
    expect(replies).toEqual([['status/1', expect.any(String)]])
  })

  it('hides no error of the work where it cannot be published either', async () => {
    const { deps } = said(() => true)
    const work = publishAtEnd(deps, async (publications) => {
      publications.set(1, leftAlone(1))
      throw new Error('the second command')
    })
    await expect(work).rejects.toThrow('the second command')
  })

  it('fails the delivery where it cannot be published, so that it is tried again', async () => {
    const { deps } = said(() => true)
    const work = publishAtEnd(deps, async (publications) => void publications.set(1, leftAlone(1)))
    await expect(work).rejects.toThrow('GitHub is away')
  })

  it('is published before an answer, and not again at the end', async () => {
    const { deps, replies } = said()
    await publishAtEnd(deps, async (publications) => {
      publications.set(1, leftAlone(1))
      await publishAll(deps, publications)
      expect(replies).toHaveLength(1)
    })
    expect(replies).toHaveLength(1)
  })
})
