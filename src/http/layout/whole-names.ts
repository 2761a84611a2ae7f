import { html } from 'hono/html'
import type { Html } from './frame.ts'

/** Matches a name that browsers would break inside: `owner/repo`, `a-login`, `-user:carol`. */
const NAME = /(?:^|[A-Za-z0-9])[/-][A-Za-z0-9]/

/** A text whose names of projects and accounts are broken only where they are longer than a line. */
export function wholeNames(text: string): Html {
  const parts = text.split(/(\s+)/)
  return html`${parts.map((part) => (NAME.test(part) ? html`<span class="whole">${part}</span>` : part))}`
}
