import { clip, oneLine } from '../domain/text.ts'
import { quote } from './markdown.ts'

export const SETTINGS_CHECK = 'Wasteland settings'

/** What the check run says of a settings file that cannot be used. */
export function brokenSettings(path: string, { line, reason }: { line: number; reason: string }, isKept: boolean) {
  const meanwhile = isKept
    ? 'The last good version stays in force, but `private` counts as `keep`.'
    : 'The defaults are in force.'
  return {
    title: `${path} is not usable`,
    summary: `Line ${line}: ${quote(reason)}\n\n${meanwhile} Correct the file on the default branch; README of wasteland-bridge lists its keys.`,
    message: clip(oneLine(reason, 300), 300),
  }
}

export const mendedSettings = {
  title: 'The settings are in force',
  summary: 'The file was not usable before; now it is read again.',
}
