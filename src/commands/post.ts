import { z } from 'zod'
import type { Settings } from '../authorization/settings.ts'
import { wantedId as wantedIdOf } from '../domain/ids.ts'
import {
  EFFORTS,
  judgedWhere,
  OPEN_BOUNTY,
  postedIn,
  type Wanted,
  WANTED_TYPES,
  type WantedDetails,
} from '../domain/wanted.ts'
import { addLabel, getIssue, type Issue } from '../github/repositories.ts'
import { findWanted, findWantedOf, insertWanted } from '../ledger/wanted.ts'
import { commandHasRun } from '../operations/ledger-index.ts'
import { capFor } from '../reputation/policy.ts'
import { quote } from '../replies/markdown.ts'
import { revisitClosing } from '../pull-requests/closing-pulls.ts'
import { leftAlone } from '../replies/left-alone.ts'
import { whatIsSaid } from '../replies/board.ts'
import { recordedFor } from '../replies/status.ts'
import { type CommandResult, command, type CommandDeps, type ActionContext } from './command.ts'
import { requireParticipant } from './require-participant.ts'
import { refuse } from './item.ts'
import { type WantedInput, itemOfIssue } from './new-item.ts'
import { line, oneOf, priority, skills, wantedId } from './options.ts'
import { type Decision, record } from './record.ts'
import { revisitAll } from './waiting.ts'
import type { CommonsDb } from '../ledger/types.ts'
import { countOpenPosts, describeWanted } from '../ledger/wanted-details.ts'

export const post = command({
  name: 'post',
  group: 'offer',
  usage: '/wl post [bounty] [title="…"] [type=] [effort=] [priority=0..4] [tags=a,b] [parent=w-…] [judged=anywhere]',
  summary: 'puts this issue on the board as a wanted item',
  who: 'the author of the issue, or anyone with write access',
  examples: ['/wl post effort=small tags=typescript,docs', '/wl post bounty type=bug parent=w-0123456789'],
  on: 'issue',
  words: ['bounty'],
  text: 'title',
  isTextMeant: true,
  options: z.strictObject({
    bounty: oneOf(['bounty']).optional(),
    title: line(200),
    type: oneOf(WANTED_TYPES).optional(),
    effort: oneOf(EFFORTS).optional(),
    priority: priority.optional(),
    tags: skills.optional(),
    parent: wantedId.optional(),
    judged: oneOf(['anywhere', 'here']).optional(),
  }),
  refusedAnyway: async (deps, context) => {
    const { place, repository } = context
    const admitted = await deps.checkAdmission(place.client, place.name, repository)
    if ('refused' in admitted) return leftAlone(admitted.refused, repository.fullName)
    const issue = await getIssue(place.client, place.name, place.number)
    if (issue === undefined) return GONE
    return (await notTheirs(deps, context, issue)) ?? deps.ledger.read((db) => notNow(deps, db, issue))
  },
  run: postIssue,
})

const CLOSED = 'This issue is closed. Reopen it, then post it.'
const GONE = 'This issue is gone, so there is nothing to post.'

/** Why who asks may not post an issue. */
async function notTheirs(
  deps: CommandDeps,
  { author, place, repository }: ActionContext,
  issue: Issue,
): Promise<string | undefined> {
  const may = issue.authorId === author.id || (await deps.roles(place.client, place.name, repository.id, author)).write
  return may
    ? undefined
    : 'Only the author of this issue, or somebody with write access to the repository, may post it. Ask one of them.'
}

/** Why nobody posts an issue now. */
async function notNow({ host }: CommandDeps, db: CommonsDb, issue: Issue): Promise<string | undefined> {
  const known = await findWantedOf(db, host, issue)
  if (known === undefined) return issue.open ? undefined : CLOSED
  const before = postedBefore(known)
  return 'refuse' in before ? before.refuse : before.already
}

/** Posts an issue, by a command or by the label that says the same. */
export async function postIssue(
  deps: CommandDeps,
  context: ActionContext,
  given: WantedInput,
  id: string,
): Promise<CommandResult> {
  const { place, repository } = context
  const admitted = await deps.checkAdmission(place.client, place.name, repository)
  if ('refused' in admitted) return refuse(leftAlone(admitted.refused, repository.fullName))
  const issue = await getIssue(place.client, place.name, place.number)
  if (issue === undefined) return refuse(GONE)
  // Of a post that has run only what follows it is done again, whoever asks: the same label may be put by others.
  const hasRun = await commandHasRun(deps.store, deps.ledger, id)
  const answer = hasRun ? undefined : await putOnBoard(deps, context, issue, { given, id, settings: admitted.settings })
  if (answer?.ok === false) return answer
  // One that was transferred has the item of the issue that it was.
  const found = await deps.ledger.read((db) => findWantedOf(db, deps.host, issue))
  const wanted = found?.id ?? wantedIdOf(deps.host, issue.id)
  // Pull requests that named it, or closed the issue, before it was posted take the item now.
  await revisitClosing(deps, { ...place, repositoryId: repository.id })
  await revisitAll(deps, wanted)
  const labelled = await addLabel(place.client, place.name, place.number, `wl:${wanted}`)
  const item = await deps.ledger.read((db) => describeWanted(db, wanted))
  return answer ?? posted(wanted, labelled, item, given)
}

/** Undefined when it is on the board now, by this; else why not, or that it is there already. */
async function putOnBoard(
  deps: CommandDeps,
  context: ActionContext,
  issue: Issue,
  { given, id, settings }: { given: WantedInput; id: string; settings: Settings },
): Promise<CommandResult | undefined> {
  const { repository } = context
  const theirs = await notTheirs(deps, context, issue)
  if (theirs !== undefined) return refuse(theirs)
  const entered = await requireParticipant(deps, context)
  if ('refused' in entered) return entered.refused
  const { rig } = entered
  const about = { host: deps.host, repository: repository.fullName, label: settings.labels.wanted }
  const item = itemOfIssue(issue, { ...about, postedBy: rig.handle, at: context.at }, given)
  const answer = await record(deps, context, id, undefined, async (db): Promise<Decision> => {
    const known = await findWantedOf(db, deps.host, issue)
    if (known !== undefined) return postedBefore(known)
    if (!issue.open) return { refuse: CLOSED }
    if (given.parent !== undefined && !(await canBeParent(db, given.parent, item.id)))
      return {
        refuse: `${quote(given.parent)} cannot be its parent: this board has no such item, or it was withdrawn. \`/wl board\` lists the open ones.`,
      }
    const [open, cap] = [await countOpenPosts(db, rig.handle), capFor(deps.policy.posts, rig.trustLevel)]
    if (open >= cap) return { refuse: tooManyPosts(rig.trustLevel, cap) }
    await insertWanted(db, item)
    return {
      subject: `wl post: ${item.id}`,
      trailers: {
        ...(given.parent === undefined ? {} : { Parent: given.parent }),
        'Posted-In': postedIn(repository.id, item.id),
        ...(given.judged === 'anywhere' && { Judged: judgedWhere('anywhere', item.id) }),
      },
      verifyAfter: async (after) => (await findWanted(after, item.id))?.status === 'open',
    }
  })
  return answer.text === undefined ? undefined : answer
}

function postedBefore({ id, status }: Wanted): { refuse: string } | { already: string } {
  if (status === 'withdrawn')
    return { refuse: `${quote(id)} was withdrawn, and does not come back. Open a new issue for it and post that.` }
  const next = status === 'open' ? 'To change it: `/wl update`.' : '`/wl status` says what comes next.'
  return { already: `${quote(id)} was posted before and is ${status.replace('_', ' ')}. ${next}` }
}

async function canBeParent(db: CommonsDb, parent: string, id: string): Promise<boolean> {
  const found = parent === id ? undefined : await findWanted(db, parent)
  return found !== undefined && found.status !== 'withdrawn'
}

function tooManyPosts(trustLevel: number, cap: number): string {
  if (trustLevel < 0) return 'Your rig is suspended and may post nothing. Somebody of trust level 3 can lift that.'
  return (
    `You have as many open items on the board as trust level ${trustLevel} allows (${cap}). ` +
    'Take one off with `/wl withdraw w-…`, or ask somebody of a higher level to post this one.'
  )
}

/** By what was given alone, and not by what an update has changed since: the same command answers the same. */
function posted(id: string, labelled: boolean, item: WantedDetails | undefined, given: WantedInput): CommandResult {
  const said = [...(given.title === undefined ? [] : [quote(given.title, 100)]), whatIsSaid(given)].filter(
    (part) => part !== '',
  )
  const isBounty = item?.tags.includes(OPEN_BOUNTY) === true
  const parts = [
    `On the board as ${[quote(id), ...said].join(', ')}.`,
    labelled ? '' : `GitHub did not let me put the label \`wl:${id}\` on this issue.`,
    isBounty ? 'It is an open bounty: nobody claims it, and whoever submits may be stamped.' : '',
    // Nobody edits this when the item is taken or completed, so it must be true then as well.
    `As long as it is open, a pull request with the label \`wl:${id}\` or a line \`Wanted: ${id}\` in its description ` +
      `${isBounty ? 'submits for it' : 'takes it'}; \`/wl status\` says how it stands.`,
  ]
  const told = item?.postedBy == null ? '' : `\n\n${recordedFor([item.postedBy])}`
  return { ok: true, text: `${parts.filter((part) => part !== '').join(' ')}${told}` }
}
