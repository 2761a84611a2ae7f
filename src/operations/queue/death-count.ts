import { suspectClass } from './job-classes.ts'
import { type JobDeaths, MOST_DEATHS } from './job-deaths.ts'

/** Configures how deaths are counted: gives a job's cause, by which the same work is recognized under another id. */
export interface DeathCount<T> {
  deaths: JobDeaths
  causeOf(job: { id: string; key: string; data: T }): string
}

/** The counted deaths of a queue's jobs. */
export interface DeathsOfJobs<T> {
  /** Undefined where deaths are not counted. */
  deaths: JobDeaths | undefined
  causeOf(job: JobOfCause<T>): string
  /** The number as of the last heartbeat. */
  deathsOf(job: JobOfCause<T>): number
  /** The class in which a job waits: that of a suspect if processes died of it. */
  classOf(job: JobOfCause<T> & { priority: number }): number
  /**
   * Whether a job killed too often. Reads the count anew: deaths are taken back of a process that was only suspended.
   */
  isDeadly(job: JobOfCause<T>): Promise<boolean>
}

interface JobOfCause<T> {
  id: string
  key: string
  data: T
}

export function createDeathsOfJobs<T>(queue: string, counting: DeathCount<T> | undefined): DeathsOfJobs<T> {
  const deaths = counting?.deaths
  const causeOf = ({ id, key, data }: JobOfCause<T>) => `${queue} ${counting?.causeOf({ id, key, data })}`
  const deathsOf = (job: JobOfCause<T>) => (deaths?.any() === true && job.data !== null ? deaths.of(causeOf(job)) : 0)
  return {
    deaths,
    causeOf,
    deathsOf,
    classOf(job) {
      const counted = deathsOf(job)
      return counted > 0 ? suspectClass(counted) : job.priority
    },
    async isDeadly(job) {
      await deaths?.touch()
      return deathsOf(job) >= MOST_DEATHS
    },
  }
}
