import type { RepositoryRef } from '../domain/refs.ts'
import { reach, type Installations } from './client.ts'
import { z } from 'zod'
import type { TextVersion } from '../domain/acceptance.ts'
import type { Account } from '../domain/rig.ts'
import { isSameText } from '../domain/text.ts'
import { askGraphql, type GitHubAnswer, LEFT_OUT, type Refusal } from './github-answer.ts'

// Only GraphQL gives the editors of a description. The `diff` of an edit is the whole text after it (seen by others,
// kurone-kito/idd-skill#3133); the first edit has the original beside it, an issue that was never edited has none.
export const ISSUE_EDITS = /* GraphQL */ `
  query ($owner: String!, $repo: String!, $number: Int!, $after: String) {
    repository(owner: $owner, name: $repo) {
      issue(number: $number) {
        body
        author {
          login
          ... on User {
            databaseId
          }
        }
        userContentEdits(first: 100, after: $after) {
          totalCount
          nodes {
            editedAt
            diff
            editor {
              login
              ... on User {
                databaseId
              }
            }
          }
          pageInfo {
            endCursor
            hasNextPage
          }
        }
      }
    }
  }
`

const Actor = z.object({ login: z.string(), databaseId: z.number().nullish() }).nullish()
const EditNode = z.object({ editedAt: z.string(), diff: z.string().nullish(), editor: Actor }).nullish()
export const IssueText = z.object({
  body: z.string(),
  author: Actor,
  userContentEdits: z
    .object({
      totalCount: z.number(),
      nodes: z.array(EditNode).nullish(),
      pageInfo: z.object({ endCursor: z.string().nullish(), hasNextPage: z.boolean() }),
    })
    .nullish(),
})
/** The text of an issue, who wrote it, and its newest edits. */
export type IssueText = z.output<typeof IssueText>
const Edits = z.object({ repository: z.object({ issue: IssueText.nullish() }).nullish() })

/** The largest number of edits that are read: each is the whole text, and anybody may edit an issue of theirs. */
export const MOST_EDITS = 2000

/** The reason why a description's history is unknown: `gone` where GitHub shows us no such issue; a refusal may end. */
export type Unread = 'gone' | 'too many edits' | Refusal

type IssueBodyEdit = { at: string; version: TextVersion<Account> | undefined }

/**
 * Every version of an issue's description, the oldest first and the present one last. Where GitHub's history is
 * incomplete, only the present version, by nobody. `missing`: GitHub refuses a part, such as the author of a version.
 * `told`: what GitHub tells of it already, whole as far as it goes.
 */
export async function listVersions(
  github: Installations,
  at: RepositoryRef,
  number: number,
  told?: IssueText,
): Promise<{ versions: TextVersion<Account>[]; missing?: Refusal } | { unread: Unread }> {
  const edits: IssueBodyEdit[] = []
  let missing: { missing?: Refusal } = {}
  let after: string | null = null
  let first: GitHubAnswer<IssueText> | undefined = told && { known: told }
  while (edits.length <= MOST_EDITS) {
    const answer: GitHubAnswer<IssueText> = first ?? (await ask(github, at, number, after))
    first = undefined
    if ('refused' in answer) return { unread: answer.refused.why === 'hidden' ? 'gone' : answer.refused }
    const issue: IssueText = answer.known
    if (answer.missing !== undefined) missing = { missing: answer.missing }
    const { body, author, userContentEdits: found } = issue
    if (found != null && found.totalCount > MOST_EDITS) return { unread: 'too many edits' }
    for (const edit of found?.nodes ?? []) edits.push(toEdit(edit))
    if (found?.pageInfo.hasNextPage === true) {
      after = found.pageInfo.endCursor ?? null
      continue
    }
    // A refused history is not an empty one.
    const isTold = found != null || answer.missing === undefined
    const isWhole = isTold && edits.length === (found?.totalCount ?? 0)
    if (!isWhole) return { versions: [{ body, by: undefined }], ...missing }
    const versions = edits.length === 0 ? [{ body, by: toAccount(author) }] : ended(body, inOrder(edits))
    return { versions, ...missing }
  }
  return { unread: 'too many edits' }
}

/** An edit that GitHub does not show is unknown. */
function toEdit(edit: z.output<typeof EditNode>): IssueBodyEdit {
  if (edit == null) return { at: '', version: undefined }
  return { at: edit.editedAt, version: edit.diff == null ? undefined : { body: edit.diff, by: toAccount(edit.editor) } }
}

/** GitHub gives the newest first; edits of one second keep their order. */
function inOrder(edits: readonly IssueBodyEdit[]) {
  return edits
    .toReversed()
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
    .map(({ version }) => version)
}

/**
 * The versions with the present text as the last. Where somebody deleted a version from the history, or the last one is
 * not the present text, nobody knows who ticked what.
 */
function ended(body: string, versions: (TextVersion<Account> | undefined)[]): TextVersion<Account>[] {
  const known = versions.filter((version) => version !== undefined)
  const isWhole = known.length === versions.length && isSameText(known.at(-1)!.body, body)
  return isWhole ? known : [{ body, by: undefined }]
}

function toAccount(actor: z.output<typeof Actor>): Account | undefined {
  return actor?.databaseId == null ? undefined : { id: actor.databaseId, login: actor.login, type: 'User' }
}

async function ask(
  github: Installations,
  at: RepositoryRef,
  number: number,
  after: string | null,
): Promise<GitHubAnswer<IssueText>> {
  const { client, name } = await reach(github, at)
  const answer = await askGraphql(client.graphql(ISSUE_EDITS, { ...name, number, after }), Edits)
  if ('refused' in answer) return answer
  const issue = answer.known.repository?.issue
  return issue == null ? { refused: answer.missing ?? LEFT_OUT } : { ...answer, known: issue }
}
