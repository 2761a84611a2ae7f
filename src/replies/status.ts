import type { Evidence } from '../domain/evidence.ts'
import { entered, notAdopted, notEntered } from './bounty.ts'
import { type Criterion, criteriaLines, isUnmet } from './criteria.ts'
import { evidenceSummary, type Signals } from './evidence.ts'
import { flaggedNote } from './flags.ts'
import { fit, MOST_OF_COMMENT } from './fit.ts'
import { login, quietly, quote } from './markdown.ts'
import { revertedLine } from './reverts.ts'
import { scoresOfGiven, scoresText } from './scores.ts'
import type { ItemState, ShownAgent, ShownItem, ShownShare, ShownDeferred, ShownStamp } from './shown-item.ts'

export const EXAMPLE_ID = 'w-0123456789'
export const WHO_STAMPS = 'a maintainer of this repository (GitHub role admin or maintain) or a rig of trust level 3'
/** The reason, for each state of an item, why its work cannot be judged, and what to do. */
export const NOT_IN_REVIEW: Record<ItemState, string> = {
  unknown: 'this board has no such item. Correct the label or the `Wanted:` line of the pull request.',
  'withdrawn-item': 'its poster took it off the board.',
  capped: 'its author may hold no further claim at their trust level. The status comment says what makes room.',
  waiting: 'an older pull request named it first and has it before this one.',
  'completed-elsewhere': 'other work completed it.',
  taken: 'somebody else holds it, and only their work can be judged.',
  rejected: 'this head was rejected. Once something new is pushed, it is submitted again.',
  spent:
    'this head was rejected and is merged, so nothing new can come from this pull request. A new one can bring it.',
  claimed: 'the work is not submitted yet. Mark the pull request ready for review first.',
  'let-go': 'the pull request is closed or names it no longer. Reopen it or name the item again first.',
  'in-review': 'it has just changed. Try again.',
  stamped: 'it is completed.',
  'not-entered':
    'it is an open bounty, and the work is not submitted yet. Mark the pull request ready for review first.',
  entered: 'it has just changed. Try again.',
  'not-adopted': 'it was an open bounty, and other work was adopted. The status comment says whose.',
  closed: 'its poster closed it without a stamp, and that is final.',
}

const RECORDED = new Set<ItemState>([
  'claimed',
  'rejected',
  'spent',
  'in-review',
  'stamped',
  'let-go',
  'entered',
  'not-adopted',
])

const WITH_EVIDENCE = new Set<ItemState>(['in-review', 'entered', 'stamped'])
/**
 * The most lines for each list of an item. The next shorter one is tried where GitHub would not take the status
 * comment.
 */
const SHORTER = [Infinity, 10, 3, 1] as const

/**
 * The one status comment of a pull request, which is edited in place. Where GitHub would not take it whole, its lists
 * are shortened, all alike, and say where the rest is.
 */
export function statusComment(view: StatusView): string {
  const texts = SHORTER.map((most) => () => statusOf(view, most))
  for (const text of texts) if (text().length <= MOST_OF_COMMENT) return text()
  return fit(texts.at(-1)!(), MOST_OF_COMMENT)
}

interface StatusView {
  author: string
  rig: string | undefined
  agent?: ShownAgent | undefined
  items: readonly ShownItem[]
  malformed: readonly string[]
  evidence: Evidence
  signals?: Signals
  pageOf?: RigPage
  /** Paragraphs on what GitHub refuses to tell. */
  untold?: readonly string[]
}

function statusOf(view: StatusView, most: number): string {
  const parts = [
    '### Wasteland',
    ...view.items.map((item) => [itemParagraph(item, view.author, most), ...noteLines(item, most)].join('\n')),
    ...view.malformed.map(malformed),
    ...(view.untold ?? []),
  ]
  if (view.agent !== undefined) parts.push(agentParagraph(view.author, view.agent))
  if (view.items.some(({ state }) => WITH_EVIDENCE.has(state.is)))
    parts.push(`<sub>${evidenceSummary(view.evidence, view.signals)}</sub>`)
  if (view.rig !== undefined && view.items.some(({ state }) => RECORDED.has(state.is))) {
    const stamps = view.items.flatMap(({ state }) => (state.is === 'stamped' ? state.stamps : []))
    const shares = view.items.flatMap((item) => item.shares ?? [])
    const rigs = [...[...stamps, ...shares].map((stamp) => stamp.author), ...shares.map((stamp) => stamp.subject)]
    parts.push(recordedFor([...new Set([view.rig, ...rigs])], view.pageOf))
  }
  return parts.join('\n\n')
}

/** The paragraph about an agent: what its work still lacks for a stamp, and who can add that. */
function agentParagraph(name: string, agent: ShownAgent): string {
  if (agent === 'proposed')
    return (
      `The settings here call ${login(name)} an agent. That is a proposal: it counts as a person until it comments \`/wl agent\` itself, ` +
      `or somebody of trust level 3 comments ${quote(`/wl agent @${name}`)}.`
    )
  if ('owner' in agent)
    return `${login(name)} is an agent; its human is ${quote(agent.owner)}, who cannot stamp its work.`
  const agree = (human: string) => quote(`/wl own @${name} by=@${human}`)
  const lacking = `**An agent without a human.** ${login(name)} is recorded, and its work takes no stamp yet. Next: `
  const [first] = agent.asked
  if (first === undefined)
    return `${lacking}its human comments ${quote(`/wl own @${name}`)}, and somebody else who may stamp here agrees.`
  const who = agent.asked.map((human) => login(human)).join(', ')
  return `${lacking}${who} asked to be its human; somebody else who may stamp here agrees with ${agree(first)}.`
}

/** The address of a rig's page; undefined where there is none. */
export type RigPage = (handle: string) => string | undefined

function linked(text: string, page: string | undefined): string {
  return page === undefined ? text : `[${text}](${page})`
}

/** The last line of an answer. It tells people that a rig is recorded for them, and how to take no part. */
export function recordedFor(rigs: readonly string[], pageOf: RigPage = () => undefined): string {
  const names = rigs.map((rig) => linked(quote(rig), pageOf(rig))).join(', ')
  return `<sub>Recorded for the rig${rigs.length === 1 ? '' : 's'} ${names}. To take no part: \`/wl decline\`. All commands: \`/wl help\`.</sub>`
}

/** The lines for stamps on the shares of co-authors. */
export function shareLines(shares: readonly ShownShare[]): string[] {
  return shares.map((stamp) => `- Share of ${quote(stamp.subject)}: ${stampLine(stamp).replace(/^S/, 's')}`)
}

function noteLines({ shares = [], reverts = [] }: ShownItem, most: number): string[] {
  return [...some(shareLines(shares), most, IN_LEDGER), ...(reverts.length === 0 ? [] : [revertedLine(reverts)])]
}

const IN_LEDGER = 'in the ledger'

/** The first lines of a list, and where the rest is. */
function some(lines: readonly string[], most: number, where: string): string[] {
  if (lines.length <= most) return [...lines]
  return [...lines.slice(0, most), `- and ${lines.length - most} more ${where}.`]
}

/** The lines of the criteria. Where not all are shown, those that are not met come first. */
function criteriaOf({ criteria = [], issue }: ShownItem, most: number): string[] {
  const isWhole = criteria.length <= most
  const open = criteria.filter(isUnmet)
  const first = isWhole ? criteria : [...open, ...criteria.filter((one) => !isUnmet(one))]
  const where = issue === undefined ? 'on the issue of the item' : `on [the issue of the item](${quietly(issue)})`
  return some(criteriaLines(first), most, where)
}

function itemParagraph(shown: ShownItem, author: string, most: number): string {
  const { wanted, title, state, criteria = [], deferred = [] } = shown
  const item = title === undefined ? quote(wanted) : `${quote(wanted)} ${quote(title, 100)}`
  switch (state.is) {
    case 'unknown':
      return (
        `**Unknown item** ${item}: this board has no such item. An id is \`w-\` and ten hex digits, such as \`${EXAMPLE_ID}\`. ` +
        'Correct the label or the `Wanted:` line, or post the work: open an issue and comment `/wl post` there.'
      )
    case 'withdrawn-item':
      return `**Withdrawn** ${item}: its poster took it off the board. Nothing is recorded for it.`
    case 'completed-elsewhere':
      return `**Completed already** ${item}: other work completed it. Nothing is recorded for this pull request.`
    case 'closed':
      return `**Closed** ${item}: its poster completed it without a stamp, and that is final. It counts for nothing and is shown as unvalidated.`
    case 'taken':
      return (
        `**Taken** ${item}: ${state.holder === null ? 'somebody else' : quote(state.holder)} holds it. ` +
        'When it opens again, the pull request that has named it longest gets it.'
      )
    case 'capped':
      return `**Not claimed** ${item}: ${tooManyClaims(author, state)}${state.trustLevel < 0 ? '' : THEN_CLAIMED}`
    case 'waiting':
      return `**Waiting** ${item}: an older pull request named it first. This pull request gets the item when the older one releases it.`
    case 'claimed':
      return `**Claimed** ${item} for ${login(author)}. Next: mark this pull request ready for review, and it is submitted.`
    case 'in-review':
      return [
        `**In review** ${item}, submitted by ${login(author)}. ${nextInReview(criteria, deferred)}`,
        ...criteriaOf(shown, most),
        ...some(deferred.map(deferredLine), most, 'in the answers to those who gave them'),
      ].join('\n')
    case 'let-go':
      return `**Released** ${item}: this pull request is closed or names it no longer. Reopen it or name the item again to go on.`
    case 'rejected':
      return (
        `**Rejected** ${item}, and back with ${login(author)}: ${quote(state.reason, 300)} Next: push a correction; the work is then ` +
        'submitted again. This head stays rejected.'
      )
    case 'spent':
      return (
        `**Rejected** ${item}: ${quote(state.reason, 300)} This pull request is merged, so nothing new can come from it and it ` +
        `holds the item no longer. Next: ${login(author)} opens a new one with a line \`Wanted: ${wanted}\` in its description` +
        (state.bounty === true ? '.' : ', before the claim runs out.')
      )
    case 'not-entered':
      return notEntered(item)
    case 'entered':
      return [
        entered(item, author, nextInReview(criteria, deferred, ' here')),
        ...criteriaOf(shown, most),
        ...some(deferred.map(deferredLine), most, 'in the answers to those who gave them'),
      ].join('\n')
    case 'not-adopted':
      return notAdopted(item, state)
    case 'stamped':
      return [`**Completed** ${item} by ${login(author)}.`, ...some(stampLines(state.stamps), most, IN_LEDGER)].join(
        '\n',
      )
    default:
      return state satisfies never
  }
}

function nextInReview(criteria: readonly Criterion[], deferred: readonly ShownDeferred[], where = ''): string {
  const stamp = `${WHO_STAMPS} comments \`/wl stamp quality=4\`${where} (1 to 5; also \`reliability=\`, \`creativity=\`, \`skills=\`, \`message="…"\`).`
  if (deferred.some(({ stale }) => !stale)) return 'Next: the merge, with which the deferred stamps are given.'
  return criteria.some(isUnmet) ? `Next: meet the open criteria below; then ${stamp}` : `Next: ${stamp}`
}

function deferredLine({ login: name, given, scoresOnly, stale }: ShownDeferred): string {
  const scores = scoresOfGiven(given)
  const known = scoresOnly === true ? { valence: scores.valence, given: scores.given } : scores
  const then = stale
    ? '**stale**: the work has changed since, so who gave it is asked again'
    : 'given at the merge, if this is the work that is merged'
  return `- Deferred stamp of ${login(name)}: ${scoresText(known)}; ${then}.`
}

const THEN_CLAIMED =
  ' Then this draft claims the item by itself. Or mark this pull request ready for review: work that is ready counts as no claim.'

/** The reason why somebody may claim no more for now, and what makes room. */
export function tooManyClaims(author: string, { trustLevel, cap }: { trustLevel: number; cap: number }): string {
  if (trustLevel < 0)
    return `${login(author)} is suspended and may claim nothing. Somebody of trust level 3 can lift that.`
  return (
    `${login(author)} holds as many open claims as trust level ${trustLevel} allows (${cap}). ` +
    'Submit one, or release one with `/wl unclaim w-…`.'
  )
}

/** The lines for stamps. */
export function stampLines(stamps: readonly ShownStamp[]): string[] {
  return stamps.map((stamp) => `- ${stampLine(stamp)}`)
}

function stampLine({ author, skills, flagged, stale, ...scores }: ShownStamp) {
  const said = scoresText(scores)
  const skill = skills.length === 0 ? '' : `; skills ${skills.map((name) => quote(name, 40)).join(', ')}`
  return `Stamped by ${quote(author)}: ${said}${skill}${flagged ? `; **${flaggedNote()}**` : ''}${stale === true ? '; **stale**: the work has changed since' : ''}`
}

/**
 * The entry among malformed ids for a description that cannot be read. No label gives this entry, because theirs begin
 * with `wl:`.
 */
export const UNREAD_DESCRIPTION = 'description'

function malformed(text: string): string {
  if (text === UNREAD_DESCRIPTION)
    return `**Not read.** The Markdown of this description is too long or too nested to be read, so its \`Wanted:\` lines do not count. Shorten it, or name the item by a label such as \`wl:${EXAMPLE_ID}\`.`
  if (text.startsWith('#'))
    return `**No item** ${quote(text)}: nothing on the board was posted from that issue. Comment \`/wl post\` there, or name an item such as \`Wanted: ${EXAMPLE_ID}\`.`
  return `**Not an id** ${quote(text)}: an id is \`w-\` and ten hex digits, such as \`wl:${EXAMPLE_ID}\`. Correct the label or the \`Wanted:\` line.`
}

/** Replaces a status comment when the pull request names no item any more. */
export const namesNothing =
  '### Wasteland\n\nThis pull request names no wanted item any more. ' +
  `To name one, give it a label such as \`wl:${EXAMPLE_ID}\`, or a line \`Wanted: ${EXAMPLE_ID}\` in its description.`
