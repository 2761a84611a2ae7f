import { html } from 'hono/html'
import type { Html } from './frame.ts'

/** Has a place inside where browsers would break it: `owner/repo`, `a-login`, `-user:carol`. */
const NAME = /(?:^|[A-Za-z0-9])[/-][A-Za-z0-9]/

/** A text whose names of projects and accounts go to the next line whole, and break only where they are longer than it. */
export function wholeNames(text: string): Html {
  const parts = text.split(/(\s+)/)
  return html`${parts.map((part) => (NAME.test(part) ? html`<span class="whole">${part}</span>` : part))}`
}
