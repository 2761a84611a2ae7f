import type { RepositoryRef } from '../domain/refs.ts'
import { reach, type Installations } from './client.ts'
import { callOrNotFound } from './errors.ts'

/** Closes an issue as completed. Idempotent; an issue that is gone is no error. */
export async function closeIssue(github: Installations, at: RepositoryRef, number: number): Promise<void> {
  const { client, name } = await reach(github, at)
  await callOrNotFound(
    client.request('PATCH /repos/{owner}/{repo}/issues/{issue_number}', {
      ...name,
      issue_number: number,
      state: 'closed',
      state_reason: 'completed',
    }),
  )
}
