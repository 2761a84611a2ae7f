import { expect, it } from 'vitest'
import { type AdmissionCheck, admissionOf } from '../../src/authorization/check-admission.ts'
import type { CommandDeps } from '../../src/commands/command.ts'
import { parseComment } from '../../src/commands/parser/parse.ts'
import { respond } from '../../src/commands/respond.ts'
import type { Client } from '../../src/github/client.ts'
import type { CommandContext } from '../../src/services/context.ts'
import { createServices } from '../../src/services/services.ts'

/** Says lines on an issue, while each check of the admission answers with the next of these. */
async function say(lines: readonly string[], checks: readonly ('admitted' | 'not-admitted')[]) {
  const left = [...checks]
  const replies: string[] = []
  const checkAdmission: CommandDeps['checkAdmission'] = async () => {
    const is = left.shift()
    if (is === undefined) throw new Error('asked once too often')
    return (is === 'admitted' ? { admission: {}, settings: {} } : { refused: is }) as AdmissionCheck
  }
  const reply: CommandDeps['reply'] = async (_thread, _key, text) => void replies.push(text)
  const services = createServices({} as CommandDeps)
  const client = { request: async () => ({ data: {} }) } as unknown as Client
  const deps = {
    host: 'github',
    installation: async () => client,
    checkAdmission,
    reply,
    services,
    ran: () => {},
  } as unknown as CommandDeps
  const place = { installation: 1, owner: 'ada', repo: 'home', number: 1 }
  const context = {
    place,
    on: 'issue',
    snapshot: async () => undefined,
    publications: new Map(),
    repository: { id: 1, fullName: 'ada/home' },
    admission: admissionOf(checkAdmission, place),
    comment: { kind: 'issue_comment', id: 1 },
    author: { id: 3, login: 'bob', type: 'User' },
    at: '2026-01-01T00:00:00Z',
    delivery: 'one',
  } as unknown as CommandContext
  await respond(deps, context, await parseComment(lines.join('\n')))
  expect(left).toEqual([])
  return replies.join().split('\n\n---\n\n')
}

it('asks for the admission of the repository once a command', async () => {
  await say(['/wl help'], ['admitted'])
  await say(['/wl help', '/wl help stamp', '/wl help quality'], ['admitted', 'admitted', 'admitted'])
})

it('asks anew for the next command of a comment: it may have been taken back', async () => {
  const answers = await say(['/wl help', '/wl help', '/wl help'], ['admitted', 'not-admitted', 'admitted'])
  expect(answers.map((answer) => answer.includes('**Not admitted.**'))).toEqual([false, true, false])
})
