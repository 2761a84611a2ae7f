import { suspectClass } from './job-classes.ts'
import { type JobDeaths, MOST_DEATHS } from './job-deaths.ts'

/** How deaths are counted, and what a job is about: by this the same work is known under another id. */
export interface DeathCount<T> {
  deaths: JobDeaths
  causeOf(job: { id: string; key: string; data: T }): string
}

/** The deaths of a queue's jobs. */
export interface DeathsOfJobs<T> {
  /** Undefined where none are counted. */
  deaths: JobDeaths | undefined
  causeOf(job: JobOfCause<T>): string
  /** As of the last touch. */
  deathsOf(job: JobOfCause<T>): number
  /** The class in which it waits: among the suspects if processes died of it. */
  classOf(job: JobOfCause<T> & { priority: number }): number
  /** Whether it killed too often, asked anew: deaths may have been taken back, for the process had been asleep. */
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
