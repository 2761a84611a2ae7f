import { CLASS, isHeavy, isSuspect } from './job-classes.ts'

/** A job that was begun. */
interface RunningJob {
  work: Promise<void>
  group: string | null
  priority: number
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

export type InHand = ReturnType<typeof createInHand>

/** What a process has in hand of a queue: little at first, bounded in all, of each installation, repository and person. */
export function createInHand() {
  const jobs = new Map<string, RunningJob>()
  let beganAt = Date.now()
  let ended = 0
  const most = () => (Date.now() - beganAt > LIVES_MS ? MOST : Math.min(FIRST + MORE * ended, MOST))
  const mostOfGroup = () => Math.min(Math.ceil(most() / 2), MOST_OF_GROUP)
  /** By the parts that a group has: an installation, a repository in it, a person there. */
  const bounds = () => [mostOfGroup(), Math.ceil((mostOfGroup() * 3) / 4), Math.ceil(mostOfGroup() / 4)]
  return {
    /** By their ids. */
    jobs: jobs as ReadonlyMap<string, RunningJob>,
    start: () => void (beganAt = Date.now()),
    add: (id: string, job: RunningJob) => void jobs.set(id, job),
    end(id: string) {
      jobs.delete(id)
      ended++
    },
    room: () => most() - jobs.size,
    mostOfGroup,
    hasHeavy: () => [...jobs.values()].some(({ priority }) => isHeavy(priority)),
    hasSuspect: () => [...jobs.values()].some(({ priority }) => isSuspect(priority)),
    /**
     * Groups, or the beginnings of some, that get no more for now. `first`: of those who come first, whom others do
     * not keep out, and of whom one may have much to do.
     */
    fullGroups(first = false): string[] {
      const isFirst = ({ priority }: RunningJob) => priority === CLASS.first || priority === CLASS.firstHeavy
      const counts = new Map<string, { jobs: number; part: number }>()
      for (const job of jobs.values()) {
        if (job.group === null || (first && !isFirst(job))) continue
        for (const [part, group] of beginnings(job.group).entries()) {
          const count = counts.get(group) ?? { jobs: 0, part }
          count.jobs++
          counts.set(group, count)
        }
      }
      const most = first ? [mostOfGroup(), Infinity, Infinity] : bounds()
      return [...counts].flatMap(([group, count]) => (count.jobs >= most[count.part]! ? group : []))
    },
  }
}

/** `1/2/3` → `1`, `1/2`, `1/2/3`. */
function beginnings(group: string): string[] {
  const parts = group.split('/').slice(0, 3)
  return parts.map((_, n) => parts.slice(0, n + 1).join('/'))
}
