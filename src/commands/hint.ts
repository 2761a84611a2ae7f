import type { PullRequestRef } from '../domain/refs.ts'
import type { CommentRef } from '../domain/ids.ts'
import type { Account } from '../domain/rig.ts'
import type { RepositoryAdmission } from '../authorization/check-admission.ts'
import { TRUSTED } from '../authorization/permit.ts'
import { react } from '../github/comments.ts'
import type { RepositoryFacts } from '../github/pull-requests.ts'
import { findRigOf } from '../ledger/tables/rigs.ts'
import { findReply } from '../operations/tables/sent-replies.ts'
import { commandLine } from '../replies/command-line.ts'
import { hints } from '../replies/hint.ts'
import { parseCommands, parseComment } from './parser/parse.ts'
import { findCommand, readCommand } from './parser/read.ts'
import { COMMANDS } from './registry.ts'
import type { Mention } from './parser/mentions.ts'
import type { CommandDeps } from './command.ts'

interface Mentioning {
  place: PullRequestRef
  author: Account
  comment: CommentRef
  nodeId?: string | undefined
  repository: RepositoryFacts
  admission: RepositoryAdmission
}

/**
 * Notifies the author of a comment that a command behind other words, in a list or in code was not run, but only where
 * they could give it: each time by a reaction, and once for a person and thread by a reply.
 */
export async function hint(deps: CommandDeps, of: Mentioning, text: string): Promise<void> {
  const { place, author, comment, nodeId, repository, admission } = of
  if ('refused' in (await admission(repository))) return
  const mention = (await parseComment(text))?.mentions[0]
  if (mention === undefined || !(await mayGive(deps, { place, author, repository }, mention))) return
  await react(deps, place, { ...comment, nodeId }, 'confused')
  const key = `hint/${place.owner}/${place.repo}#${place.number}/${author.id}`
  if ((await findReply(deps.store, key)) !== undefined) return
  await deps.reply(place, key, hints.once(mention.line, await asCommand(mention)))
}

/**
 * The hint that a line beside commands that ran was not run; undefined where its author could not give it, or there is
 * none.
 */
export async function hintBeside(
  deps: CommandDeps,
  of: Pick<Mentioning, 'place' | 'author' | 'repository' | 'admission'>,
  mentions: readonly Mention[],
): Promise<string | undefined> {
  const [mention] = mentions
  if (mention === undefined) return undefined
  if ('refused' in (await of.admission(of.repository))) return undefined
  if (!(await mayGive(deps, of, mention))) return undefined
  return hints.notRun(mention.line, await asCommand(mention))
}

async function mayGive(
  deps: CommandDeps,
  { place, author, repository }: Pick<Mentioning, 'place' | 'author' | 'repository'>,
  mention: Mention,
): Promise<boolean> {
  if (await deps.optOuts.has(deps.host, author.id)) return false
  // Anybody may claim and post; judging takes a role or trust.
  const group = findCommand(COMMANDS, mention)?.group
  if (group !== 'judge' && group !== 'trust') return true
  const role = await deps.roles(place, repository.id, author)
  if (role.write) return true
  const rig = await deps.ledger.read((db) => findRigOf(db, deps.host, author))
  return (rig?.trustLevel ?? 0) >= TRUSTED
}

/** The written text as a command, where it is a complete one; else the command that shows its help. */
async function asCommand({ line, name }: Mention): Promise<string> {
  const lower = line.toLowerCase()
  const at = lower.indexOf(name, Math.max(0, lower.lastIndexOf('/wl')))
  const said = commandLine(line.slice(at))
  const [only, ...others] = (at === -1 ? undefined : await parseCommands(said)) ?? []
  const read = only === undefined || others.length > 0 ? undefined : readCommand(COMMANDS, only)
  const isGood = read !== undefined && 'args' in read && read.unkept === undefined
  return isGood ? said : commandLine(`help ${name}`)
}
