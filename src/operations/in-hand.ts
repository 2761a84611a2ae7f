/** A job that was begun. */
interface Begun {
  work: Promise<void>
  group: string | null
  heavy: boolean
}

/** A long line at the ledger's writer goes in sets, so it pays to have many in hand. */
const MOST = 512
/**
 * At the start, and four more for each job that ended, until it is clear that we live: a process that dies again and
 * again under its work gets some of it done each time, where hundreds begun at once would all be begun again.
 */
const FIRST = 8
const MORE = 4
const LIVES_MS = 10_000
/** A group with so many in hand gets no more until one is done. */
const MOST_OF_GROUP = 64

/** What a process has in hand of a queue: little at first, bounded in all and of each group. */
export function createInHand() {
  const jobs = new Map<string, Begun>()
  let beganAt = Date.now()
  let ended = 0
  const most = () => (Date.now() - beganAt > LIVES_MS ? MOST : Math.min(FIRST + MORE * ended, MOST))
  const mostOfGroup = () => Math.min(Math.ceil(most() / 2), MOST_OF_GROUP)
  return {
    /** By their ids. */
    jobs: jobs as ReadonlyMap<string, Begun>,
    start: () => void (beganAt = Date.now()),
    add: (id: string, job: Begun) => void jobs.set(id, job),
    end(id: string) {
      jobs.delete(id)
      ended++
    },
    room: () => most() - jobs.size,
    mostOfGroup,
    hasHeavy: () => [...jobs.values()].some(({ heavy }) => heavy),
    /** Groups that get no more for now. */
    fullGroups(): string[] {
      const counts = new Map<string, number>()
      for (const { group } of jobs.values()) if (group !== null) counts.set(group, (counts.get(group) ?? 0) + 1)
      return [...counts].flatMap(([group, count]) => (count >= mostOfGroup() ? group : []))
    },
  }
}
