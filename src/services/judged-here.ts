import { keepCommentHead } from '../operations/tables/comment-heads.ts'
import { sightingsOf } from '../operations/tables/pull-request-heads.ts'
import { isRebased, judgedHead, type JudgedHead } from '../pull-requests/judged-head.ts'
import type { ServiceDeps, CommandContext } from './context.ts'

/**
 * GitHub's timeline events for a change of base: by a person, by a force-push to it, and by itself where the base
 * branch of a stack is gone.
 */
const REBASED = ['base_ref_changed', 'base_ref_force_pushed', 'automatic_base_change_succeeded']

/**
 * Whether the pull request of this thread still has the head that the command judges; undefined where the thread is no
 * pull request. Must be called before the command's own snapshot is stored: that one shows the head of now, and not of
 * the time when the command was written. The head is decided once for a comment, and stays, however often the comment
 * is delivered.
 */
export async function judgedHere(
  { store, host }: ServiceDeps,
  { at, snapshot: getSnapshot, saidOf, comment }: CommandContext,
): Promise<JudgedHead | undefined> {
  const snapshot = await getSnapshot()
  if (snapshot === undefined) return undefined
  const { pull } = snapshot
  const [sightings, events] = await Promise.all([sightingsOf(store, host, pull.id), snapshot.events()])
  const timesOf = (...names: string[]) => events?.filter(({ event }) => names.includes(event)).map((event) => event.at)
  const rebased = timesOf(...REBASED)
  const judged = judgedHead({ at, pull, sightings, said: saidOf, forced: timesOf('head_ref_force_pushed'), rebased })
  const head = await keepCommentHead(store, {
    host,
    comment_kind: comment.kind,
    comment_id: comment.id,
    said_at: at,
    head: judged.same ? pull.headSha : (judged.before ?? ''),
  })
  // The stored head says nothing about the base, which may have changed between two tries.
  const isSame = head === pull.headSha && !isRebased({ at, pull, rebased })
  return isSame ? { same: true } : { same: false, before: head === '' ? undefined : head }
}
