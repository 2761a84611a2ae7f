import { html } from 'hono/html'
import type { Html } from './layout.ts'

/**
 * A sentence of the importer's. The address at its end, where it can be checked, becomes a link; one that leads
 * anywhere but to the person's host stays text.
 */
export function evidenceLine(sentence: string, host: string): Html {
  const [, words, address] = /^(.*): (https?:\/\/\S+)$/.exec(sentence) ?? []
  const url = address === undefined ? null : URL.parse(address)
  if (words === undefined || url?.host !== host) return html`<bdi>${sentence}</bdi>`
  return html`<bdi>${words}</bdi> <a class="check" href="${url.href}" rel="nofollow noreferrer">check</a>`
}
