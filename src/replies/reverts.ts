import { quote } from './markdown.ts'

/** The line beside work that was reverted, with the pages of the reverts. */
export function revertedLine(urls: readonly string[]): string {
  return `- Reverted by ${urls.map(page).join(', ')}. Its stamps stay as they were given.`
}

/** The question on the pull request whose work was reverted. It is asked once, and edited when the work is back. */
export function askAboutRevert(wanted: string, urls: readonly string[]): string {
  return (
    `The work on ${quote(wanted)} was reverted by ${urls.map(page).join(', ')}. Its stamps stay as they were given. ` +
    'Whoever stamped it and now judges it differently comments `/wl correct quality=… reason="…"`, once a stamp; ' +
    'if the revert has other reasons, there is nothing to do.'
  )
}

/** Replaces `askAboutRevert` once the work is back. */
export function workIsBack(wanted: string): string {
  return (
    `The work on ${quote(wanted)} was reverted, and is back: ` +
    'the revert was reverted, or no longer reverts it. There is nothing to do.'
  )
}

/** A page of GitHub's, as a link; anything else as text. */
function page(url: string): string {
  return /^https?:\/\/[\w.:-]+\/[\w./-]+$/.test(url) ? url : quote(url)
}
