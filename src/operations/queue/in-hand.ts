import { CLASS, isHeavy, isSuspect } from './job-classes.ts'

/** A job that was started and has not ended. */
interface RunningJob {
  work: Promise<void>
  group: string | null
  priority: number
}

/** The largest number of active jobs. Many are worth it: a long write queue of the ledger is written in batches. */
const MOST = 512
/**
 * The limit at the start, raised by four for each job that ended, until it is clear that this process survives: one
 * that dies again and again under its work finishes some of it each time, where hundreds started at once would all be
 * started again.
 */
const FIRST = 8
const MORE = 4
const LIVES_MS = 10_000
/** The largest number of active jobs of a group. */
const MOST_OF_GROUP = 64

export type InHand = ReturnType<typeof createInHand>

/**
 * The concurrency limits of this process's active jobs of a queue: low at first, a maximum in all, and one for each
 * installation, repository and person.
 */
export function createInHand() {
  const jobs = new Map<string, RunningJob>()
  let beganAt = Date.now()
  let ended = 0
  const most = () => (Date.now() - beganAt > LIVES_MS ? MOST : Math.min(FIRST + MORE * ended, MOST))
  const mostOfGroup = () => Math.min(Math.ceil(most() / 2), MOST_OF_GROUP)
  /** Limits by the depth of a group: an installation, a repository in it, a person there. */
  const bounds = () => [mostOfGroup(), Math.ceil((mostOfGroup() * 3) / 4), Math.ceil(mostOfGroup() / 4)]
  return {
    /** The active jobs by id. */
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
     * Groups, or prefixes of groups, that are at their limit. `first`: for jobs of priority `first`, which others do
     * not keep out, and of whom one person may have many.
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
