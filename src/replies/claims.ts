import type { WantedDetails } from '../domain/wanted.ts'
import { login, quote } from './markdown.ts'

/** Where one's own claims stand and how to keep or lose one: each said once, to the claimant. */
type Item = Pick<WantedDetails, 'id' | 'title'>

export function claimMade({ id, title }: Item, by: string, endsAt: Date): string {
  return (
    `Claimed ${quote(id)} ${quote(title, 100)} for ${login(by)} until **${day(endsAt)}**. ` +
    `Next: open a pull request with the label \`wl:${id}\` or a line \`Wanted: ${id}\` in its description, a draft will do: ` +
    `while it is open the claim does not run out. To let it go: \`/wl unclaim ${id}\`.`
  )
}

export function claimEndsSoon({ id, title }: Item, claimant: string, endsAt: Date): string {
  return (
    `${mention(claimant)} your claim on ${quote(id)} ${quote(title, 100)} runs out on **${day(endsAt)}**. ` +
    `To keep it, open a pull request, a draft will do, with a line \`Wanted: ${id}\` in its description. ` +
    `To let it go now: \`/wl unclaim ${id}\`.`
  )
}

export function claimRanOut({ id, title }: Item, claimant: string): string {
  return (
    `${mention(claimant)} the claim on ${quote(id)} ${quote(title, 100)} ran out, so the item is open again. ` +
    `Whoever wants it, you included, may \`/wl claim ${id}\`.`
  )
}

/** `2026-12-05 10:02 UTC`. */
export function day(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** Notifies the one concerned; only what can be a login of GitHub does. */
function mention(name: string): string {
  return /^[A-Za-z0-9][A-Za-z0-9_-]{0,98}$/.test(name) ? `@${name}` : login(name)
}
