import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../domain/errors.ts'
import type { LocalGitHub } from '../../local-github/local-github.ts'

const TIMEOUT_MS = 60_000

/**
 * Imports the profile of a local person through the form, like a browser that runs no scripts: signs in with the local
 * GitHub, sends the form, and waits for the sheet. Resolves to the address of the sheet.
 */
export async function importThroughForm(github: LocalGitHub, bridge: string, login: string): Promise<string> {
  const { visit } = await import('../../local-github/visit.ts')
  const browser = visit(bridge)
  const { location: choice } = await browser.get('/sign-in?to=/import')
  const { location: back } = await browser.post(choice ?? '', { login }, { origin: github.url })
  await browser.follow(back ?? '')
  const { location: job } = await browser.submit('/import', '/import')
  for (const end = Date.now() + TIMEOUT_MS; Date.now() < end; await sleep(100)) {
    const { text } = await browser.get(job ?? '')
    const sheet = /href="(\/rigs\/[^"]+)"/.exec(text)?.[1]
    if (sheet !== undefined) return new URL(sheet, bridge).href
  }
  throw new UserError(`The demo waited ${TIMEOUT_MS / 1000} s for the sheet of ${login} and saw none.`)
}
