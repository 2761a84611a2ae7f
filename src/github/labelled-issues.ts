import { type Installations, reach } from './client.ts'
import type { RepositoryRef } from '../domain/refs.ts'
import { call } from './errors.ts'
import { changedSince, LabelEvents } from './recent-comments.ts'
import { z } from 'zod'
import type { Account } from '../domain/rig.ts'

/** An open issue that has a label. */
export interface LabelledIssue {
  id: number
  number: number
  url: string
}

/** The open issues with a label that changed since a time; no pull requests. */
export async function listLabelledSince(
  github: Installations,
  at: RepositoryRef,
  label: string,
  since: Date,
): Promise<LabelledIssue[]> {
  const { client, name } = await reach(github, at)
  const data = await call(
    client.paginate('GET /repos/{owner}/{repo}/issues', {
      ...name,
      ...changedSince(since),
      labels: label,
      state: 'open',
    }),
  )
  return z
    .array(z.object({ id: z.number(), number: z.number(), html_url: z.string(), pull_request: z.unknown().optional() }))
    .parse(data)
    .flatMap(({ id, number, html_url: url, pull_request: pull }) => (pull == null ? [{ id, number, url }] : []))
}

/** The account that last put a label on an issue, and when; undefined where GitHub does not tell. */
export async function lastLabelling(
  github: Installations,
  at: RepositoryRef,
  number: number,
  label: string,
): Promise<{ id: number; actor: Account; at: string } | undefined> {
  const { client, name } = await reach(github, at)
  const data = await call(
    client.paginate('GET /repos/{owner}/{repo}/issues/{issue_number}/events', {
      ...name,
      issue_number: number,
      per_page: 100,
    }),
  )
  const last = LabelEvents.parse(data).findLast(
    (one) => one.event === 'labeled' && one.label?.name?.toLowerCase() === label.toLowerCase(),
  )
  return last?.actor == null ? undefined : { id: last.id, actor: last.actor, at: last.created_at }
}
