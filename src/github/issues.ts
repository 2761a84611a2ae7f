import { callOrNotFound } from './errors.ts'
import type { RepositoryName } from './pull-requests.ts'
import type { Client } from './client.ts'

/** Closes an issue as done; one that is closed stays so, and one that is gone holds up nothing. */
export async function closeIssue(client: Client, name: RepositoryName, number: number): Promise<void> {
  await callOrNotFound(
    client.request('PATCH /repos/{owner}/{repo}/issues/{issue_number}', {
      ...name,
      issue_number: number,
      state: 'closed',
      state_reason: 'completed',
    }),
  )
}
