import { html } from 'hono/html'
import { oneLine } from '../domain/text.ts'
import type { Html } from './layout.ts'

/**
 * A sentence of the importer's. The address at its end, where it can be checked, becomes a link; one that leads
 * anywhere but to the person's host stays text.
 */
export function evidenceLine(sentence: string, host: string): Html {
  const [, words, address] = /^(.*): (https?:\/\/\S+)$/.exec(sentence) ?? []
  const url = address === undefined ? null : URL.parse(address)
  if (words === undefined || url?.host !== host) return html`<bdi>${sentence}</bdi>`
  return html`<bdi>${words}</bdi>
    <a class="check" href="${url.href}" rel="nofollow noreferrer">check: <bdi>${placeOf(url)}</bdi></a>`
}

/** What a link leads to, so that no two are called alike: `owner/repo`, `owner/repo#12`, a login. */
function placeOf({ pathname, search }: URL): string {
  const [owner = '', repo, kind, number] = pathname.split('/').slice(1)
  if (owner === 'search' || owner === '') return `search ${oneLine(new URLSearchParams(search).get('q') ?? '', 80)}`
  if (repo === undefined || repo === '') return oneLine(owner, 60)
  const place = oneLine(`${owner}/${repo}`, 140)
  if (number === undefined) return kind === undefined ? place : `${place} ${oneLine(kind, 40)}`
  return /^(?:pull|issues)$/.test(kind!) ? `${place}#${oneLine(number, 12)}` : `${place} ${oneLine(kind!, 40)}`
}
