import type { Wanted, WantedDetails } from '../domain/wanted.ts'
import { shownItem } from './items.ts'
import { login, quote } from './markdown.ts'
import { recordedFor, tooManyClaims } from './status.ts'

/** The fields of an item that replies about claims show. */
type Item = Pick<WantedDetails, 'id' | 'title'>

/** The notice to the claimant a while before a claim ends. */
export function claimEndsSoon({ id, title }: Item, claimant: string, endsAt: Date): string {
  return (
    `${mention(claimant)} your claim on ${quote(id)} ${quote(title, 100)} runs out on **${day(endsAt)}**. ` +
    `To keep it, open a pull request, a draft will do, with a line \`Wanted: ${id}\` in its description. ` +
    `To release it now: \`/wl unclaim ${id}\`.`
  )
}

/** The notice to the claimant once a claim has ended. */
export function claimRanOut({ id, title }: Item, claimant: string): string {
  return (
    `${mention(claimant)} the claim on ${quote(id)} ${quote(title, 100)} ran out, so the item is open again. ` +
    `Whoever wants it, you included, may \`/wl claim ${id}\`.`
  )
}

/** A time for people: `2026-12-05 10:02 UTC`. */
export function day(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** A mention that notifies the claimant; plain text for a name that cannot be a login of GitHub. */
function mention(name: string): string {
  return /^[A-Za-z0-9][A-Za-z0-9_-]{0,98}$/.test(name) ? `@${name}` : login(name)
}

/** Replies to `/wl claim`, which reserves an item. */
export const claiming = {
  example: '/wl claim w-0123456789',
  done({ id, title }: Item, by: { login: string; rig: string }, endsAt: Date): string {
    return (
      `Claimed ${quote(id)} ${quote(title, 100)} for ${login(by.login)} until **${day(endsAt)}**. ` +
      `Next: open a pull request with the label \`wl:${id}\` or a line \`Wanted: ${id}\` in its description, a draft will do: ` +
      `while it is open the claim does not run out. To release it: \`/wl unclaim ${id}\`.\n\n${recordedFor([by.rig])}`
    )
  },
  gone(id: string): string {
    return `${quote(id)} is gone from this board. \`/wl board\` lists the open ones.`
  },
  already(id: string): string {
    return `${quote(id)} is yours already. Saying it again does not prolong the claim; an open pull request does.`
  },
  notOpen({ id, status, claimedBy }: Wanted): string {
    const holder = claimedBy === null ? '' : ` by ${quote(claimedBy)}`
    const next =
      status === 'claimed' ? ' A pull request that names it waits in line for it.' : ' `/wl board` lists the open ones.'
    return `${quote(id)} cannot be claimed: it is ${status.replace('_', ' ')}${holder}.${next}`
  },
  isBounty(id: string): string {
    return `${quote(id)} is an open bounty, which nobody claims. Open a pull request with a line \`Wanted: ${id}\` in its description.`
  },
  /** `pull`: `owner/repo#1`. */
  heldForPullRequest(id: string, pull: string): string {
    return `A pull request named ${quote(id)} first and gets it: ${quote(pull)}. \`/wl board\` lists other items.`
  },
  /** `held`: the items that the claimant holds. */
  tooMany(claimant: string, limit: { trustLevel: number; cap: number }, held: readonly string[]): string {
    const some = held.slice(0, 10).map((one) => quote(one))
    return `${tooManyClaims(claimant, limit)}${held.length === 0 ? '' : ` You hold ${some.join(', ')}.`}`
  },
} as const

/** Replies to `/wl unclaim`, which releases a claim. */
export const unclaiming = {
  example: '/wl unclaim w-0123456789',
  done(item: Item): string {
    return `Released: ${shownItem(item)} is open again.`
  },
  notClaimed({ id, status }: Wanted): string {
    const next =
      status === 'in_review'
        ? ' Its pull request is closed, or its label taken off, to take the work back; other work a maintainer sends back, `/wl reject`.'
        : ''
    return `There is no claim on ${quote(id)} to release: it is ${status.replace('_', ' ')}.${next}`
  },
  /** `pull`: `owner/repo#1`. */
  heldByPullRequest(id: string, pull: string): string {
    return (
      `${quote(id)} is held by the pull request ${quote(pull)} and would be claimed again. ` +
      'Close it, or take the label or the `Wanted:` line off: that releases the item.'
    )
  },
} as const
