import { quote } from './markdown.ts'

const MOST_LINES = 5

/** Replies about a comment with commands as a whole. */
export const comments = {
  /** Replaces the reply that said what was wrong, once the comment was edited. */
  done(lines: readonly string[]): string {
    return lines.length === 0 ? 'Done.' : `Done: ${lines.map((line) => quote(line)).join(', ')}.`
  },
  worksOnly(line: string, { name, on, example }: { name: string; on: string; example: string }): string {
    const where = on === 'issue' ? 'an issue' : 'a pull request'
    return `${quote(line)}: \`${name}\` works on ${on}s only. Example, on ${where}: \`${example}\`.`
  },
  tangled:
    'The Markdown of this comment is too tangled to be read, so nothing of it ran. Write the command in a comment of its own.',
  tooMany(count: number, most: number): string {
    return `A comment may have ${most} commands and this one has ${count}: the rest did not run. Put them in another comment.`
  },
  tangledBefore:
    'The Markdown of this comment was too tangled to be read before the edit, so nothing of it ran. Write the command in a new comment.',
  untoldEdits:
    'GitHub does not tell who wrote which line of this edited comment, so nothing of it ran. Write the command in a new comment.',
  ofOthers(lines: readonly string[]): string {
    const more = lines.length > MOST_LINES ? ' and others' : ''
    const shown = lines.slice(0, MOST_LINES).map((line) => quote(line))
    return (
      `Somebody else edited this comment, and these lines stood in it after that: ${shown.join(', ')}${more}. ` +
      'They did not run: only what you write yourself counts. To say them, write a new comment.'
    )
  },
  /** For lines that an earlier version of this bridge read differently. */
  writtenBefore(lines: readonly string[]): string {
    const shown = lines.map((line) => quote(line)).join(', ')
    return `${WRITTEN_BEFORE}, and read otherwise then, so nothing was done: ${shown}. If it still holds, say it again in a new comment.`
  },
  /** The answer to a command beside other words. `unkept`: those that are not kept; `how`: the text of `howKept`. */
  withUnkept(answer: string | undefined, unkept: string, how: string): string {
    const said = `Not kept: ${quote(unkept)}; ${how}.`
    return answer === undefined ? `Done. ${said}` : `${answer}\n\n${said}`
  },
} as const

/** The beginning of `writtenBefore`, by which such a reply is recognized. */
export const WRITTEN_BEFORE = 'Written before this bridge was updated'

/** Says which words a command keeps. `text`: its option for them; `isGiven`: whether that option is given already. */
export function howKept(command: string, { text, isGiven }: { text: string | undefined; isGiven: boolean }): string {
  if (text === undefined) return `${quote(command)} keeps no words`
  const how = isGiven
    ? `only what stands in the quotes of \`${text}\` is kept`
    : `words are kept where they stand in quotes, as \`${text}="…"\``
  return command === 'stamp'
    ? `${how}. If they change what you meant, \`/wl undo\` takes the stamp back within a day`
    : how
}
