import { createInterface } from 'node:readline/promises'
import { say, sayOnStderr } from './output.ts'

export interface Confirmation {
  /** `Post 3 items?` */
  question: string
  /** Printed where nobody can be asked. */
  otherwise: string
  /** Printed after any other answer than yes. */
  declined: string
}

/** Consent that was given with the arguments. With `--json` nobody is asked for it. */
export interface Consent {
  yes: boolean
  json: boolean
}

/** Asks for confirmation at a terminal; elsewhere, and with `--json`, nothing is done without `--yes`. */
export async function agreed(told: Consent, { question, otherwise, declined }: Confirmation): Promise<boolean> {
  if (told.yes) return true
  if (told.json || !process.stdin.isTTY) {
    const print = told.json ? sayOnStderr : say
    print(otherwise)
    return false
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  // Ctrl-C and Ctrl-D reject, and leave the cursor behind the question.
  const answer = await terminal.question(`${question} [y/N] `).catch(() => {
    say('')
    return ''
  })
  terminal.close()
  const isYes = /^y(es)?$/i.test(answer.trim())
  if (!isYes) say(declined)
  return isYes
}
