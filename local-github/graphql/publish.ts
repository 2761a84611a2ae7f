import { fullName } from '../access.ts'
import { createCheckRun, type CheckRunEdit, updateCheckRun } from '../acts/checks.ts'
import { editComment } from '../acts/comments.ts'
import { nodeId } from '../ids.ts'
import { presentCheckSuite } from '../present/check-run.ts'
import { Refusal } from '../refusal.ts'
import { doer, inaccessible, repository, type Ask } from '../rest/ask.ts'
import type { CheckRun, Repository } from '../world.ts'
import { Failure } from './failure.ts'
import { runNode } from './pull-node.ts'

interface RunInput {
  repositoryId: string
  name?: string
  status?: string
  conclusion?: string
  output?: { title: string; summary: string }
}
type Input<T> = { input: T & { clientMutationId?: string } }

/** The mutations for comments and check runs of Apps. */
export function publishMutations(ask: Ask) {
  const { world } = ask
  const all = () => [...world.repositories.values()].filter(({ deleted }) => !deleted)
  const repositoryOf = (id: string) => all().find((repo) => nodeId('R', repo.id) === id) ?? unresolved(id)
  const checks = (id: string) => {
    const repo = writable(ask, repositoryOf(id), 'checks')
    if (ask.caller.kind !== 'installation') throw inaccessible()
    return repo
  }
  return {
    updateIssueComment: ({ input: { id, body } }: Input<{ id: string; body: string }>) =>
      refusing(() => {
        const repo = all().find((one) => commentIn(one, id) !== undefined) ?? unresolved(id)
        editComment(world, doer(ask), writable(ask, repo, 'issues', 'pull_requests'), commentIn(repo, id)!, body)
        return { issueComment: { id, body } }
      }),
    createCheckSuite: ({ input: { repositoryId, headSha } }: Input<{ repositoryId: string; headSha: string }>) =>
      refusing(() => {
        const repo = checks(repositoryId)
        return { checkSuite: { id: presentCheckSuite(world, repo, headSha).node_id } }
      }),
    createCheckRun: ({ input }: Input<RunInput & { name: string; headSha: string }>) =>
      refusing(() => {
        const repo = checks(input.repositoryId)
        const run = createCheckRun(world, doer(ask), repo, input.headSha, { ...edit(input), name: input.name })
        return { checkRun: runNode(ask, repo, run) }
      }),
    updateCheckRun: ({ input }: Input<RunInput & { checkRunId: string }>) =>
      refusing(() => {
        const repo = checks(input.repositoryId)
        const { id } =
          repo.checkRuns.find((run) => nodeId('CR', repo.id, run.id) === input.checkRunId) ?? unresolved('')
        return { checkRun: runNode(ask, repo, updateCheckRun(world, doer(ask), repo, id, edit(input))) }
      }),
  }
}

function edit({ name, status, conclusion, output }: RunInput): CheckRunEdit {
  return {
    ...(name !== undefined && { name }),
    ...(status !== undefined && { status: status.toLowerCase() as CheckRun['status'] }),
    ...(conclusion !== undefined && { conclusion: conclusion.toLowerCase() as CheckRun['conclusion'] }),
    output,
  }
}

function commentIn({ id: repo, issues }: Repository, id: string): number | undefined {
  return [...issues.values()].flatMap(({ comments }) => comments).find((one) => nodeId('IC', repo, one.id) === id)?.id
}

function writable(ask: Ask, repo: Repository, ...scopes: string[]): Repository {
  const [owner = '', name = ''] = fullName(ask.world, repo).split('/')
  return repository({ ...ask, params: { owner, repo: name } }, 'write', ...scopes)
}

function unresolved(id: string): never {
  throw new Refusal(404, `Could not resolve to a node with the global id of '${id}'.`)
}

/** GraphQL has no status: a refusal has an error type. */
function refusing<T>(act: () => T): T {
  try {
    return act()
  } catch (error) {
    if (!(error instanceof Refusal) || error.status === 404) throw error
    throw new Failure(error.status === 403 ? 'FORBIDDEN' : 'UNPROCESSABLE', error.message)
  }
}
