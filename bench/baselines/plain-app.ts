import type { Context } from 'probot'
import { connectLedger, rowsOf } from '../ledger-rows.ts'
import type { Submitted } from '../ledger-rows.ts'
import type { StoredStamp } from '../stored-stamp.ts'
import { commitByHand, placeByHand } from './by-hand.ts'
import { serveApp } from './forked.ts'

/**
 * `/wl stamp quality=…` as an afternoon's bot would have it: `plain-app.ts <ledger's address>`. All of it lies in the
 * handler. One stamp is written at a time, for Dolt's parallel writers lose updates.
 */
const ledger = await connectLedger(process.argv[2]!)
let line: Promise<unknown> = Promise.resolve()

async function stamp(context: Context<'issue_comment.created'>): Promise<void> {
  const { comment, issue } = context.payload
  if (!/^\/wl stamp quality=[1-5]$/m.test(comment.body)) return
  const { octokit } = context
  const { login, id } = comment.user!
  const { data: role } = await octokit.rest.repos.getCollaboratorPermissionLevel(context.repo({ username: login }))
  const { permissions } = role.user ?? {}
  if (permissions?.admin !== true && permissions?.maintain !== true) return say(context, 'You may not stamp here.')
  const { data: pull } = await octokit.rest.pulls.get(context.repo({ pull_number: issue.number }))
  if (pull.user.id === id) return say(context, 'Nobody stamps their own work.')
  const wanted = /^Wanted: (w-[0-9a-f]{10})$/m.exec(pull.body ?? '')?.[1]
  if (wanted === undefined) return say(context, 'This pull request names no item.')
  const stamper = { id, login, type: 'User' } as const
  const mine = line.then(() => write({ comment: comment.id, delivery: context.id, stamper }, wanted, pull.head.sha))
  line = mine.catch(() => {})
  await say(context, await mine)
}

/** Resolves to what is to be said. */
async function write(said: Omit<StoredStamp, 'work'>, wanted: string, head: string): Promise<string> {
  const [found] = await rowsOf(
    ledger,
    `SELECT completions.id, completed_by FROM completions JOIN wanted ON wanted.id = wanted_id
      WHERE wanted.id = ? AND status = 'in_review' AND claimed_by = completed_by AND stamp_id IS NULL`,
    [wanted],
  )
  if (found === undefined) return 'There is no work of this item in review.'
  const [completion, subject] = [String(found['id']), String(found['completed_by'])]
  const work: Pick<Submitted, 'id' | 'wantedId' | 'completedBy' | 'head'> = {
    id: completion,
    wantedId: wanted,
    completedBy: subject,
    head,
  }
  await commitByHand(ledger, { ...said, work: work as Submitted }, await placeByHand(ledger, subject))
  return `Stamped: ${wanted} is completed.`
}

async function say(context: Context<'issue_comment.created'>, body: string): Promise<void> {
  await context.octokit.rest.issues.createComment(context.issue({ body }))
}

await serveApp((app) => app.on('issue_comment.created', stamp))
