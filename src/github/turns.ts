import { setTimeout as sleep } from 'node:timers/promises'

/** Whose a request is: a repository and a person there. `first`: somebody's who is known to validate there. */
export interface Whose {
  lane: string
  first: boolean
}

/** So many turns of those who come first, and then one of others if they wait. */
const FIRST_IN_A_ROW = 3

type Lanes = Map<string, (() => void)[]>

/**
 * Turns of one account, the time between two runs from when the first really had its own. Lanes take turns, so that
 * two hundred requests of one person keep nobody waiting for more than one of them; those who come first have three
 * turns of four.
 */
export function createTurns(spaceMs: number): (account: number | 'app', whose: Whose) => Promise<void> {
  const queues = new Map<number | 'app', ReturnType<typeof createQueue>>()
  return (account, whose) => {
    const queue = queues.get(account) ?? createQueue(spaceMs, () => queues.delete(account))
    queues.set(account, queue)
    return queue(whose)
  }
}

function createQueue(spaceMs: number, emptied: () => void) {
  const lanes: { first: Lanes; others: Lanes } = { first: new Map(), others: new Map() }
  let isRunning = false
  let firsts = 0

  /** The next of the lane that has waited longest, which goes behind the others. */
  function nextOf(from: Lanes): (() => void) | undefined {
    const [lane, waiting] = from.entries().next().value ?? []
    if (lane === undefined) return undefined
    const next = waiting!.shift()!
    from.delete(lane)
    if (waiting!.length > 0) from.set(lane, waiting!)
    return next
  }

  function next(): (() => void) | undefined {
    const isOthersTurn = firsts >= FIRST_IN_A_ROW && lanes.others.size > 0
    const turn = isOthersTurn ? undefined : nextOf(lanes.first)
    firsts = turn === undefined ? 0 : firsts + 1
    return turn ?? nextOf(lanes.others) ?? nextOf(lanes.first)
  }

  async function run() {
    isRunning = true
    for (let turn = next(); turn !== undefined; turn = next()) {
      turn()
      if (spaceMs > 0) await sleep(spaceMs)
    }
    isRunning = false
    emptied()
  }

  return ({ lane, first }: Whose): Promise<void> =>
    new Promise((resolve) => {
      const from = first ? lanes.first : lanes.others
      from.set(lane, [...(from.get(lane) ?? []), resolve])
      if (!isRunning) void run()
    })
}
