import type { Rig } from '../domain/rig.ts'
import { DIMENSIONS } from '../domain/stamp.ts'
import { count } from '../domain/text.ts'
import { type Sheet, trustWord } from '../reputation/sheet.ts'
import { flaggedNote } from './flags.ts'
import { quote } from './markdown.ts'

/** A rig's character sheet as text: short lines, for a phone. What is not known is left out. */
export function sheetText(rig: Rig, sheet: Sheet): string {
  const since = rig.registeredAt === null ? '' : `, since ${rig.registeredAt.slice(0, 10)}`
  const kind =
    rig.rigType === 'human'
      ? ''
      : ` (${rig.rigType}${rig.parentRig === null ? ', without an owner' : ` of ${quote(rig.parentRig, 64)}`})`
  const lines = [
    `Work: ${workLine(sheet)}`,
    sheet.stamps === 0 ? 'Stamps: none yet' : `Stamps: ${sheet.stamps}, by ${count(sheet.validators, 'validator')}`,
    ...(sheet.flagged === 0 ? [] : [`${count(sheet.flagged, 'more stamp')} ${flaggedNote(sheet.flagged)}`]),
    ...scoreLines(sheet),
    ...(sheet.skills.length === 0
      ? []
      : [`Skills: ${sheet.skills.map((skill) => `${quote(skill.name, 40)} ${skill.count}`).join(', ')}`]),
    ...(sheet.last === undefined ? [] : [`Last work: ${quote(sheet.last.title, 60)}, ${sheet.last.at.slice(0, 10)}`]),
  ]
  return [
    `**${quote(rig.handle)}**${kind}: ${trustWord(rig.trustLevel)} (trust level ${rig.trustLevel})${since}`,
    lines.map((line) => `- ${line}`).join('\n'),
  ].join('\n\n')
}

function workLine({ validated, unvalidated, inReview }: Sheet): string {
  const parts = [
    validated === 0 ? [] : [`${validated} validated`],
    unvalidated === 0 ? [] : [`${unvalidated} closed without a stamp`],
    inReview === 0 ? [] : [`${inReview} in review`],
  ].flat()
  return parts.length === 0 ? 'none yet' : parts.join(', ')
}

function scoreLines({ averages }: Sheet): string[] {
  return DIMENSIONS.flatMap((name) => {
    const average = averages[name]
    return average === undefined
      ? []
      : [
          `${name[0]!.toUpperCase()}${name.slice(1)}: ${average.mean.toFixed(1)} of 5, from ${count(average.count, 'stamp')}`,
        ]
  })
}

/** Replies in place of a sheet, to somebody who has none. */
export const noSheet = {
  own:
    'You are not registered here yet, so there is no sheet. To begin, take an item: `/wl board` lists the open ones, ' +
    '`/wl claim w-…` or a pull request with a line `Wanted: w-…` takes one. Or offer one: open an issue and comment ' +
    '`/wl post` there.',
  declined: 'You declined to take part, so there is no sheet of yours. `/wl join` takes that back.',
  /** For somebody who named themself by another word than their login. `why`: why there is no such sheet. */
  named(why: string): string {
    return `${why} ${quote('/wl sheet')} alone shows yours.`
  },
} as const
