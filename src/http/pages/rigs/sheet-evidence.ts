import { html } from 'hono/html'
import { pageAt } from '../../../domain/github-host.ts'
import { oneLine } from '../../../domain/text.ts'
import type { Html } from '../../layout/frame.ts'
import { wholeNames } from '../../layout/whole-names.ts'

/**
 * A sentence of the importer's. The address at its end, where the sentence can be checked, becomes a link. An address
 * that leads anywhere but to the person's GitHub (`pages`, as people see it) stays text.
 */
export function evidenceLine(sentence: string, pages: string): Html {
  const [, words, address] = /^(.*): (https?:\/\/\S+)$/.exec(sentence) ?? []
  const url = address === undefined ? undefined : pageAt(pages, address)
  if (words === undefined || url === undefined) return html`<bdi>${wholeNames(sentence)}</bdi>`
  return html`<bdi>${wholeNames(words)}</bdi>
    <a class="check" href="${url.href}" rel="nofollow noreferrer">check: <bdi>${wholeNames(placeOf(url))}</bdi></a>`
}

/** The text of a link, by its target, so that no two have the same: `owner/repo`, `owner/repo#12`, a login. */
function placeOf({ pathname, search }: URL): string {
  const [owner = '', repo, kind, number] = pathname.split('/').slice(1)
  if (owner === 'search' || owner === '') return `search ${oneLine(new URLSearchParams(search).get('q') ?? '', 80)}`
  if (repo === undefined || repo === '') return oneLine(owner, 60)
  const place = oneLine(`${owner}/${repo}`, 140)
  if (number === undefined) return kind === undefined ? place : `${place} ${oneLine(kind, 40)}`
  return /^(?:pull|issues)$/.test(kind!) ? `${place}#${oneLine(number, 12)}` : `${place} ${oneLine(kind!, 40)}`
}
