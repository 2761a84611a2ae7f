import { createInterface } from 'node:readline/promises'

export interface Confirmation {
  /** `Post 3 items?` */
  question: string
  /** Said where nobody can be asked. */
  otherwise: string
  /** Said after any other answer than yes. */
  declined: string
}

/** Asks at a terminal; elsewhere nothing is done without --yes. */
export async function agreed(yes: boolean, { question, otherwise, declined }: Confirmation): Promise<boolean> {
  if (yes) return true
  if (!process.stdin.isTTY) {
    say(otherwise)
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

function say(text: string) {
  process.stdout.write(`${text}\n`)
}
