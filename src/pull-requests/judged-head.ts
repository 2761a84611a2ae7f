/*
 * Which head a comment judges. A comment carries none, so it judges the one that the pull request had at the second in
 * which it was written. GitHub tells no time of a push; what it does tell is that a pull request had a head at a time
 * (`updated_at` of a signed payload, the commit of a review), and when it was pushed to by force. Of two such heads
 * without a push by force between, no other can have been there. Dates of commits are the author's own, and count for
 * nothing.
 *
 * Within one second the order of arrival decides: a push that we heard of before the comment came before it.
 */

/** A head, and when GitHub said that it was the pull request's: milliseconds since 1970. */
export interface Sighting {
  head: string
  times: readonly number[]
}

export interface HeadFacts {
  /** When the comment was written, or edited to what it is. ISO 8601. */
  at: string
  pull: { headSha: string; updatedAt: string; mergedAt: string | undefined }
  /** What was known before the comment was taken up, in the order in which we heard of it. */
  sightings: readonly Sighting[]
  /** The commit that the comment itself is about, as GitHub says of reviews and of comments beside a line. */
  said: SaidHead | undefined
  /** When it was pushed to by force, ISO 8601; undefined where GitHub does not tell. */
  forced: readonly string[] | undefined
  /** When its base was changed, or pushed to by force: the same head brings other work then. */
  rebased: readonly string[] | undefined
}

export interface SaidHead {
  head: string
  /** ISO 8601. */
  at: string
  /** True of a review, which is always about a head; a comment may be about any commit of the pull request. */
  certain: boolean
}

/** Whether the head of now is the one that was judged; `before`: the one that was, if it is known. */
export type JudgedHead = { same: true } | { same: false; before: string | undefined }

/** Whether the same head brings other work than when the comment was written. That of merged work moves no more. */
export function isRebased({ at, pull, rebased = [] }: Pick<HeadFacts, 'at' | 'pull' | 'rebased'>): boolean {
  return !wasMerged(pull, at) && rebased.some((time) => Date.parse(time) >= Date.parse(at))
}

function wasMerged({ mergedAt }: HeadFacts['pull'], at: string): boolean {
  return mergedAt !== undefined && Date.parse(mergedAt) <= Date.parse(at)
}

/** So much later than GitHub says a snapshot notes a head (`review-metrics.ts`): a push of that second may have come after it. */
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
    // A pull request of which we heard for the first time by this comment, and that was not touched after it.
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
