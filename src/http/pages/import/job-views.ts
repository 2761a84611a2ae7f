import { html, raw } from 'hono/html'
import { count, oneLine } from '../../../domain/text.ts'
import type { ImportView, ShownSheet } from '../../../domain/imports.ts'
import { isOver, STEPS, standingOf, type ImportProgress } from './words.ts'
import type { Html, PageView } from '../../layout/frame.ts'
import { tokenField } from '../../layout/token-field.ts'
import { sheetFacts } from '../rigs/sheet-facts.ts'

/**
 * The script that keeps the page of a running import up to date. Without it, or when the events end, the page reloads.
 * The Content-Security-Policy of the page has the hash of the script, so it is one fixed text and takes nothing from
 * the page but an address.
 */
export const JOB_SCRIPT = `
const box = document.querySelector('[data-events]')
const [sentence, detail, bar, steps] = ['.standing', '.detail', 'progress', '.steps'].map((name) => box.querySelector(name))
const put = (element, text) => { if (element.textContent !== text) element.textContent = text }
const source = new EventSource(box.dataset.events)
source.onmessage = ({ data }) => {
  const now = JSON.parse(data)
  if (now.isOver) { source.close(); location.reload(); return }
  put(sentence, now.sentence)
  put(detail, now.detail)
  bar.max = now.progress.max
  bar.value = now.progress.value
  let at = 'past'
  for (const step of steps.children) {
    if (step.dataset.state === now.state) { step.dataset.at = 'now'; step.ariaCurrent = 'step'; at = 'later' }
    else { step.dataset.at = at; step.ariaCurrent = null }
  }
}
source.onerror = () => { if (source.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 5000) }
addEventListener('pagehide', () => source.close())
`
const SCRIPT_ELEMENT = raw(`<script>${JOB_SCRIPT}</script>`)

interface JobView {
  base: string
  job: ImportView
  /** Set for a person who may cancel the import. */
  formToken: string | undefined
  /** The sheet that the import wrote, once it is done. */
  sheet?: ShownSheet | undefined
}

export function jobPage({ base, job, formToken, sheet }: JobView): PageView {
  const standing = standingOf(job)
  const title = titleOf(job)
  if (isOver(job)) return { title, body: endOf(base, job, standing, sheet) }
  const body = html`
    <div data-events="${base}/import/${job.id}/events">
      ${stepsOf(standing)}
      <progress
        max="${standing.progress.max}"
        value="${standing.progress.value}"
        aria-label="Requests answered by GitHub"
      ></progress>
      <p class="standing" role="status" aria-live="polite">${standing.sentence}</p>
      <p class="detail soft number">${standing.detail}</p>
    </div>
    <p class="soft small">You can close this page: the import goes on, and this address keeps showing it.</p>
    ${
      formToken === undefined
        ? ''
        : html`<form class="actions" method="post" action="${base}/import/${job.id}/cancel">
            ${tokenField(formToken)}<button class="second">Cancel it</button>
          </form>`
    }
    ${SCRIPT_ELEMENT}
  `
  const head = html`<noscript><meta http-equiv="refresh" content="2" /></noscript>`
  return { title, body, head }
}

function titleOf({ login, state }: ImportView): string {
  const name = oneLine(login, 60)
  if (state === 'done') return `${name} is imported`
  if (state === 'failed') return `${name} was not imported`
  return state === 'cancelled' ? `The import of ${name} was cancelled` : `Importing ${name}`
}

function stepsOf({ state }: ImportProgress): Html {
  const now = STEPS.findIndex((step) => step.state === state)
  return html`<ol class="steps" role="list">
    ${STEPS.map((step, index) => {
      const at = index === now ? 'now' : index < now ? 'past' : 'later'
      return html`<li data-state="${step.state}" data-at="${at}" ${index === now ? raw('aria-current="step"') : ''}>
        ${step.name}
      </li>`
    })}
  </ol>`
}

function endOf(base: string, job: ImportView, { sentence }: ImportProgress, sheet: ShownSheet | undefined): Html {
  const back = html`<p><a class="button second" href="${base}/import">Back to the import</a></p>`
  if (job.state !== 'done' || job.sheet === undefined)
    return html`<p class="${job.state === 'failed' ? 'fault' : 'lead'}">${sentence}</p>
      ${back}`
  return html`<p class="lead">${sentence} ${sheet === undefined ? '' : foundIn(sheet)}</p>
    <div class="actions">
      <a class="button" href="${base}/rigs/${job.sheet.handle}">See the sheet</a>
      <a class="button second" href="${base}/import">Back to the import</a>
    </div>`
}

function foundIn({ json, confidence }: ShownSheet): string {
  const { not_enough_evidence: tooLittle, evidence, skills, notable_projects: projects } = sheetFacts(json)
  const known = skills.primary_languages.length + skills.domains.length + skills.capabilities.length
  const found = `${count(evidence.length, 'piece')} of evidence, ${count(known, 'skill')}, ${count(projects.length, 'notable project')}`
  const worth = tooLittle
    ? 'That is too little to score the work.'
    : `Confidence ${Math.round(confidence * 100)} of 100.`
  return `Found: ${found}. ${worth}`
}
