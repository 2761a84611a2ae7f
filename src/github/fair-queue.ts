import { setTimeout as sleep } from 'node:timers/promises'

/** The repository and person that a request is sent for. `first`: the person is known to validate there. */
export interface Requester {
  lane: string
  first: boolean
}

/** After this many slots of the `first` in a row, one of the others gets a slot if they wait. */
const FIRST_IN_A_ROW = 3

type Lanes = Map<string, (() => void)[]>

/**
 * A fair queue per account: resolves when the request may be sent, `spaceMs` after the one before. Lanes alternate
 * (round robin), so that two hundred requests of one person delay nobody by more than one of them; the `first` get
 * three slots of four.
 */
export function createFairQueue(spaceMs: number): (account: number | 'app', whose: Requester) => Promise<void> {
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

  /** Takes the next request of the lane that has waited longest, and moves that lane to the end. */
  function nextOf(from: Lanes): (() => void) | undefined {
    const [lane, waiting] = from.entries().next().value ?? []
    if (lane === undefined) return undefined
    const next = waiting!.shift()!
    from.delete(lane)
    if (waiting!.length > 0) from.set(lane, waiting!)
    return next
  }

  function next(): (() => void) | undefined {
    const isOthersSlot = firsts >= FIRST_IN_A_ROW && lanes.others.size > 0
    const slot = isOthersSlot ? undefined : nextOf(lanes.first)
    firsts = slot === undefined ? 0 : firsts + 1
    return slot ?? nextOf(lanes.others) ?? nextOf(lanes.first)
  }

  async function run() {
    isRunning = true
    for (let slot = next(); slot !== undefined; slot = next()) {
      slot()
      if (spaceMs > 0) await sleep(spaceMs)
    }
    isRunning = false
    emptied()
  }

  return ({ lane, first }: Requester): Promise<void> =>
    new Promise((resolve) => {
      const from = first ? lanes.first : lanes.others
      from.set(lane, [...(from.get(lane) ?? []), resolve])
      if (!isRunning) void run()
    })
}
