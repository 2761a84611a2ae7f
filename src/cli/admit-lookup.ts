import { type Config, credentialsOf } from '../config.ts'
import { Unavailable } from '../domain/errors.ts'
import { GitHubRefused } from '../github/errors.ts'
import { type AnonymousGitHub, connectAnonymously, connectGitHub } from '../github/github.ts'
import { findRepository } from '../github/repositories.ts'
import type { CliContext } from './subcommand.ts'

/** The result of looking a name up on GitHub: no such name (`absent`), a note about it, or nothing to report. */
type NameLookup = { absent: string } | { note: string } | object

/** Looks a name up as the App, where there is one. A look-up that fails says nothing against the name. */
export async function lookUpName(config: Config, context: CliContext, name: string): Promise<NameLookup> {
  const [plain = ''] = name.split('#')
  const [owner = '', repo] = plain.split('/')
  try {
    const credentials = credentialsOf(config)
    if (credentials === undefined) return { note: 'It was not looked up: there is no APP_ID yet.' }
    const at = { gheHost: config.GHE_HOST, gheProtocol: config.GHE_PROTOCOL }
    const github = connectGitHub({ ...credentials, ...at, log: context.createLog('silent') })
    if (repo === undefined) return await lookUpOwner(connectAnonymously(at), owner)
    const installation = await github.installationAt({ owner, repo })
    if (installation === undefined) {
      const answer = await lookUpOwner(connectAnonymously(at), owner)
      return 'absent' in answer
        ? answer
        : { note: 'GitHub does not show it to the App: install the App there, or correct the name.' }
    }
    const found = await findRepository(github, { installation, owner, repo })
    return found === undefined ? { absent: `GitHub shows the App no repository ${plain}. Check its spelling.` } : {}
  } catch (error) {
    if (error instanceof Unavailable || error instanceof GitHubRefused)
      return {
        note: 'It was not looked up: GitHub does not answer now, or not to this App. wasteland-bridge doctor says why.',
      }
    throw error
  }
}

async function lookUpOwner(github: AnonymousGitHub, owner: string): Promise<NameLookup> {
  const account = await github.getAccount(owner)
  return account === undefined ? { absent: `GitHub knows no account ${owner}. Check its spelling.` } : {}
}
