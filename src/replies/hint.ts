import { quote } from './markdown.ts'

function notRun(line: string, instead: string): string {
  const how = /^\W{0,3}wl[^\s\w]/i.test(line)
    ? `${quote('/wl')} and the name of a command have a blank between them, and no other sign.`
    : `A command begins its line with ${quote('/wl')} and its name, as plain text: no other words, quote, code or list mark stand before it.`
  return `Not run: ${quote(line)}. ${how} If you meant it, write it in a new comment: ${quote(instead)}.`
}

/** Hints to somebody who wrote a command where none is read. `instead`: the line that is read. */
export const hints = {
  /** Sent once to each person on a thread. */
  once(line: string, instead: string): string {
    return `${notRun(line, instead)} (You are told this once on this thread. After that 😕 alone says that a command was not run.)`
  },
  /** Added to the answers to commands that ran. */
  notRun,
} as const
