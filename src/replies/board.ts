import { readWantedId } from '../domain/ids.ts'
import { readIssueLink } from '../domain/issue-link.ts'
import { count } from '../domain/text.ts'
import { OPEN_BOUNTY, type WantedDetails } from '../domain/wanted.ts'
import { running } from './bounty.ts'
import { quietly, quote } from './markdown.ts'

const TITLE = 60
const TAGS = 3

/** The answer to `/wl board`: the newest open items, a line each. It is short enough for a phone. */
export function board(
  items: readonly WantedDetails[],
  total: number,
  tag: string | undefined,
  inTheRunning: ReadonlyMap<string, number> = new Map(),
): string {
  const tagged = tag === undefined ? '' : ` with the tag ${quote(tag)}`
  if (items.length === 0)
    return `**The board** has no open item${tagged}. To offer work: open an issue and comment \`/wl post\` there.`
  const more = total - items.length
  return [
    `**The board**: ${count(total, 'open item')}${tagged}, newest first.`,
    items.map((item) => `- ${lineOf(item, inTheRunning.get(item.id))}`).join('\n'),
    more > 0 ? `And ${more} more${tag === undefined ? ': `/wl board tag=…` shows those of one kind' : ''}.` : '',
    howToTake(items),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

/** The properties of an item that a reply shows beside its title. */
export interface BoardLine {
  type?: string | undefined
  effort?: string | undefined
  priority?: number | undefined
  tags?: readonly string[] | undefined
}

/** The properties of an item as text, each with the option that sets it: `effort large, tags go, sql`. */
export function whatIsSaid({ type, effort, priority, tags = [] }: BoardLine): string {
  return [
    ...(type === undefined ? [] : [`type ${quote(type)}`]),
    ...(effort === undefined ? [] : [`effort ${quote(effort)}`]),
    ...(priority === undefined ? [] : [`priority ${priority}`]),
    ...(tags.length === 0 ? [] : [`tags ${tags.map((tag) => quote(tag)).join(', ')}`]),
  ].join(', ')
}

/**
 * How to take an item, with an item of the list as the example: one that may be claimed, which no open bounty may.
 * Items with an id that is not of our form are left out, because one of `wl` may have any.
 */
function howToTake(items: readonly WantedDetails[]): string {
  const named = items.filter(({ id }) => readWantedId(id) === id)
  const free = named.find(({ tags }) => !tags.includes(OPEN_BOUNTY))
  const [first] = free === undefined ? named : [free]
  if (first === undefined) return ''
  const claim = free === undefined ? '' : `\`/wl claim ${free.id}\`, or `
  return `To take one: ${claim}a pull request with a line \`Wanted: ${first.id}\`.`
}

function lineOf({ id, title, effort, tags, description }: WantedDetails, entries: number | undefined): string {
  const link = readIssueLink(description)
  const shownTags = tags.slice(0, TAGS).map((tag) => quote(tag, 24))
  return [
    `${quote(id)} ${quote(title, TITLE)}`,
    effort,
    ...(shownTags.length === 0 ? [] : [shownTags.join(' ')]),
    ...(entries === undefined || entries === 0 ? [] : [running(entries)]),
    ...(link === undefined ? [] : [`[${link.owner}/${link.repo}#${link.number}](${quietly(link.url)})`]),
  ].join(' · ')
}
