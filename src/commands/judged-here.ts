import { keepCommentHead } from '../operations/comment-heads.ts'
import { sightingsOf } from '../operations/pull-request-heads.ts'
import { judgedHead, type JudgedHead } from '../pull-requests/judged-head.ts'
import type { CommandRooms, Situation } from './command.ts'

/**
 * Whether the pull request of this thread still has the head that the command judges; undefined where it is none.
 * To be asked before the command's own look is noted: that tells of now, and not of when the command was said. What was
 * decided once for a comment stays, however often it is delivered.
 */
export async function judgedHere(
  { store, host }: CommandRooms,
  { at, look: looked, saidOf, comment }: Situation,
): Promise<JudgedHead | undefined> {
  const look = await looked()
  if (look === undefined) return undefined
  const { pull } = look
  const [sightings, events] = await Promise.all([sightingsOf(store, host, pull.id), look.events()])
  const timesOf = (...names: string[]) => events?.filter(({ event }) => names.includes(event)).map((event) => event.at)
  const judged = judgedHead({
    at,
    pull,
    sightings,
    said: saidOf,
    forced: timesOf('head_ref_force_pushed'),
    rebased: timesOf('base_ref_changed', 'base_ref_force_pushed'),
  })
  const head = await keepCommentHead(store, {
    host,
    comment_kind: comment.kind,
    comment_id: comment.id,
    said_at: at,
    head: judged.same ? pull.headSha : (judged.before ?? ''),
  })
  return head === pull.headSha ? { same: true } : { same: false, before: head === '' ? undefined : head }
}
