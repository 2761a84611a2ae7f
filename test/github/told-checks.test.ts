import { describe, expect, it } from 'vitest'
import { readChecks, readOwnRuns } from '../../src/github/told-checks.ts'

const HEAD = { headSha: 'a'.repeat(40) }
const APP = { id: 1, slug: 'bridge', ownerId: 2, ownerLogin: 'ada' }

interface Run {
  name?: string
  /** The second at which it began. */
  at: number | null
  conclusion?: string | null
  suite?: string
}

/** The head with these runs, of an App. */
function head(app: number, ...runs: Run[]) {
  const nodes = runs.map(({ name = 'test', at, conclusion = 'SUCCESS', suite = 'CS_1' }, n) => ({
    __typename: 'CheckRun' as const,
    id: `CR_${n}`,
    name,
    conclusion,
    startedAt: at === null ? null : `2026-11-29T10:00:0${at}Z`,
    checkSuite: { id: suite, app: { databaseId: app } },
  }))
  const contexts = { nodes, totalCount: nodes.length }
  return { head: { nodes: [{ commit: { oid: HEAD.headSha, statusCheckRollup: { contexts } } }] } } as Parameters<
    typeof readChecks
  >[0]
}

const checksOf = (...runs: Run[]) => readChecks(head(5, ...runs), HEAD, APP.id)

describe('the checks of a head', () => {
  it('are the latest runs, in whichever order they are told', () => {
    const runs: Run[] = [{ at: 2 }, { at: 1, conclusion: 'FAILURE' }, { at: 3, conclusion: null }]
    const latest = checksOf({ at: 3, conclusion: null })
    expect(checksOf(...runs)).toEqual(latest)
    expect(checksOf(...runs.toReversed())).toEqual(latest)
    expect(latest).not.toEqual(checksOf({ at: 2 }))
  })

  it.each<[string, Run[]]>([
    ['one was begun again and has no start yet', [{ at: 1 }, { at: null, conclusion: null }]],
    ['one has no start, whenever the others began', [{ at: null }, { at: 1 }, { at: 2 }]],
    ['two began in one second', [{ at: 1, conclusion: 'FAILURE' }, { at: 1 }]],
    ['the two latest began in one second', [{ at: 0 }, { at: 1, conclusion: 'FAILURE' }, { at: 1 }]],
  ])('are not told where %s', (_, runs) => {
    expect(checksOf(...runs)).toBeUndefined()
    expect(checksOf(...runs.toReversed())).toBeUndefined()
  })

  it('are told of one run without a start, and of runs of different suites', () => {
    expect(checksOf({ at: null, conclusion: null })).toEqual(checksOf({ at: 1, conclusion: null }))
    expect(checksOf({ at: 1 }, { at: 1, suite: 'CS_2' })).toEqual(checksOf({ at: 1 }, { at: 2, name: 'lint' }))
  })
})

describe('our own runs', () => {
  const ownOf = (...runs: Run[]) => readOwnRuns(head(APP.id, ...runs), HEAD, APP)

  it('are the latest of each name, in whichever suite', () => {
    const runs: Run[] = [
      { at: 1, suite: 'CS_1' },
      { at: 2, suite: 'CS_2', conclusion: null },
      { at: 1, name: 'more' },
    ]
    expect(ownOf(...runs)).toEqual([
      { nodeId: 'CR_1', name: 'test', isOver: false },
      { nodeId: 'CR_2', name: 'more', isOver: true },
    ])
    expect(ownOf(...runs.toReversed())).toContainEqual({ nodeId: 'CR_1', name: 'test', isOver: false })
  })

  it.each([1, null])('are not told where another suite has one that may be later (%s)', (at) => {
    expect(ownOf({ at: 1, suite: 'CS_1' }, { at, suite: 'CS_2' })).toBeUndefined()
  })

  it('are told where nobody knows which of another App’s is the latest', () => {
    expect(readOwnRuns(head(5, { at: 1 }, { at: 1 }), HEAD, APP)).toEqual([])
  })
})
