/*
 * The head that a comment judges. A comment names no head, so it judges the one that the pull request had at the second
 * in which it was written. GitHub gives no time of a push. It does show that a pull request had a head at a time
 * (`updated_at` of a signed payload, the commit of a review), and the times of force-pushes. Where the same head was
 * seen at two times without a force-push between them, there was no other head in between. The dates of commits are set
 * by their authors, and do not count.
 *
 * Within one second the order of arrival decides: a push whose event arrived before the comment came before it.
 */

/** A head, and the times at which GitHub said that it was the pull request's: milliseconds since 1970. */
export interface Sighting {
  head: string
  times: readonly number[]
}

export interface HeadFacts {
  /** When the comment was written, or edited to what it is. ISO 8601. */
  at: string
  pull: { headSha: string; updatedAt: string; mergedAt: string | undefined }
  /** The heads that were known before the comment was handled, in the order in which they were learnt. */
  sightings: readonly Sighting[]
  /** The commit that the comment itself is about, as GitHub gives it for reviews and for comments beside a line. */
  said: SaidHead | undefined
  /** The times of force-pushes to it, ISO 8601; undefined where GitHub does not show them. */
  forced: readonly string[] | undefined
  /** The times at which its base was changed, or force-pushed: the same head has other work then. */
  rebased: readonly string[] | undefined
}

export interface SaidHead {
  head: string
  /** ISO 8601. */
  at: string
  /** True for a review, which is always about a head; a comment may be about any commit of the pull request. */
  certain: boolean
}

/** Whether the present head is the one that was judged; `before`: the one that was judged, if it is known. */
export type JudgedHead = { same: true } | { same: false; before: string | undefined }

/**
 * Whether the base was changed since the comment was written, so that the same head has other work. The base of merged
 * work changes no more.
 */
export function isRebased({ at, pull, rebased = [] }: Pick<HeadFacts, 'at' | 'pull' | 'rebased'>): boolean {
  return !wasMerged(pull, at) && rebased.some((time) => Date.parse(time) >= Date.parse(at))
}

function wasMerged({ mergedAt }: HeadFacts['pull'], at: string): boolean {
  return mergedAt !== undefined && Date.parse(mergedAt) <= Date.parse(at)
}

/**
 * The milliseconds by which a sync stores a head later than GitHub's time (`review-metrics.ts`): a push of that second
 * may have come after it.
 */
export const LATE_MS = 1000

export function judgedHead({ at, pull, sightings, said, forced, rebased }: HeadFacts): JudgedHead {
  const written = Date.parse(at)
  if (wasMerged(pull, at)) return { same: true }
  if (isRebased({ at, pull, rebased })) return { same: false, before: undefined }
  const isHead = (head: string) => head === pull.headSha
  if (said !== undefined && !isHead(said.head) && (said.certain || sightings.some(({ head }) => head === said.head)))
    return { same: false, before: said.head }
  const own = said !== undefined && isHead(said.head) ? [{ head: said.head, times: [Date.parse(said.at)] }] : []
  const seen = [...sightings, ...own]
  const before = lastBefore(
    seen.filter(({ head }) => !isHead(head)),
    written,
  )
  const since = latest(
    seen.filter(({ head }) => isHead(head)),
    written,
  )
  const pushes = forced?.map((time) => Date.parse(time))
  if (since === undefined) {
    // A pull request that was not known before this comment, and that was not updated after it.
    const isUntouched = before === undefined && seen.every(({ head }) => isHead(head))
    const isNew = isUntouched && Date.parse(pull.updatedAt) <= written && pushes?.includes(written) === false
    return isNew ? { same: true } : { same: false, before: before?.head }
  }
  const wasReplaced =
    !isHead(seen.at(-1)!.head) ||
    (before !== undefined && before.time > since + LATE_MS) ||
    (pushes === undefined ? before !== undefined : pushes.some((time) => time > since))
  return wasReplaced ? { same: false, before: before?.head } : { same: true }
}

function latest(seen: readonly Sighting[], until: number): number | undefined {
  const times = seen.flatMap((one) => one.times).filter((time) => time <= until)
  return times.length === 0 ? undefined : Math.max(...times)
}

function lastBefore(seen: readonly Sighting[], until: number): { head: string; time: number } | undefined {
  const known = seen.flatMap(({ head, times }) => {
    const time = latest([{ head, times }], until)
    return time === undefined ? [] : [{ head, time }]
  })
  return known.toSorted((a, b) => a.time - b.time).at(-1)
}
