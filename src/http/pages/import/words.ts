import { count, oneLine } from '../../../domain/text.ts'
import { duration } from '../../../domain/time.ts'
import type { ImportState, ImportView } from '../../../domain/imports.ts'

/** The progress of an import, as its page and its events show it. */
export interface ImportProgress {
  state: ImportState
  /** A sentence that screen readers read out when it changes. */
  sentence: string
  /** A detail that changes too often to be read out. */
  detail: string
  progress: { value: number; max: number }
  isOver: boolean
}

export const STEPS = [
  { state: 'queued', name: 'In line' },
  { state: 'fetching', name: 'Fetching' },
  { state: 'scoring', name: 'Scoring' },
  { state: 'writing', name: 'Writing' },
] as const

export function standingOf(view: ImportView): ImportProgress {
  const { state, progress } = view
  const max = Math.max(1, progress.of)
  const isPastFetching = state !== 'queued' && state !== 'fetching'
  return {
    state,
    sentence: sentenceOf(view),
    detail: detailOf(view),
    progress: { value: isPastFetching ? max : Math.min(progress.done, max), max },
    isOver: isOver(view),
  }
}

export function isOver({ state }: Pick<ImportView, 'state'>): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled'
}

const SENTENCES: Record<ImportState, string> = {
  queued: 'Waiting for its turn.',
  fetching: 'Fetching what GitHub shows in public.',
  scoring: 'Scoring what was found.',
  writing: 'Writing the sheet.',
  done: 'The sheet is written.',
  failed: 'It did not work, and we do not know why. Try again in a while.',
  cancelled: 'Nothing was written.',
}

function sentenceOf({ state, waitsUntil, sheet, failure }: ImportView): string {
  if (waitsUntil !== undefined && (state === 'queued' || state === 'fetching')) {
    return `GitHub’s limit is used up for now. It goes on by itself at ${clockTime(waitsUntil)}.`
  }
  if (state === 'failed' && failure !== undefined) return oneLine(failure, 500)
  if (state === 'done' && sheet?.changed === false) return 'Nothing has changed since the last time.'
  return SENTENCES[state]
}

function detailOf({ state, progress, queue }: ImportView): string {
  if (state === 'queued') return placeInLine(queue)
  if (progress.of === 0) return ''
  return `${Math.min(progress.done, progress.of)} of about ${count(progress.of, 'request')} answered`
}

function placeInLine(queue: ImportView['queue']): string {
  if (queue === undefined) return ''
  if (queue.before === 0) return 'It is the next one.'
  const before = queue.before === 1 ? '1 import is before it.' : `${queue.before} imports are before it.`
  return `${before} It begins in about ${duration(queue.seconds)}.`
}

/** `14:05 UTC`. */
function clockTime(time: Date): string {
  return `${time.toISOString().slice(11, 16)} UTC`
}

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })

/** `21 November 2026, 10:02 UTC`. */
export function dayAndTime(time: Date): string {
  return `${DAY.format(time)}, ${clockTime(time)}`
}
