import { quote } from './markdown.ts'

/** What is said beside work that was taken back, with the page of who did. */
export function revertedLine(urls: readonly string[]): string {
  return `- Reverted by ${urls.map(page).join(', ')}. Its stamps stay as they were given.`
}

/** Asked once on the pull request whose work was taken back, and mended when it is back. */
export function askAboutRevert(wanted: string, urls: readonly string[]): string {
  return (
    `The work on ${quote(wanted)} was reverted by ${urls.map(page).join(', ')}. Its stamps stay as they were given. ` +
    'Who stamped it and judges otherwise now comments `/wl correct quality=… reason="…"`, once a stamp; ' +
    'if the revert has other reasons, there is nothing to do.'
  )
}

/** Takes the place of `askAboutRevert` once the work is back. */
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
