import { expect, it } from 'vitest'
import { createLog, sayBeside } from '../../src/ops/log.ts'

function logged(fields: object): Record<string, unknown> {
  let line = ''
  createLog('debug', { write: (text) => void (line = text) }).debug(fields, 'said')
  return JSON.parse(line)
}

it('keeps of a webhook its name, and nothing of its payload', () => {
  const payload = { action: 'completed', head_commit: { author: { email: 'bob@example.org' } } }
  expect(logged({ event: { id: 'd', name: 'check_suite', payload } })).toMatchObject({
    event: { id: 'd', name: 'check_suite', action: 'completed' },
  })
  expect(JSON.stringify(logged({ event: { id: 'd', name: 'push', payload } }))).not.toContain('bob@')
  expect(logged({ event: 'push' })['event']).toBe('push')
})

it('cuts an error to what says where and why', () => {
  const error = Object.assign(new Error('refused'), { status: 403, request: { headers: { authorization: 'secret' } } })
  const { err } = logged({ err: error })
  expect(err).toMatchObject({ type: 'Error', message: 'refused', status: 403 })
  expect(JSON.stringify(err)).not.toContain('secret')
})

it.each([
  ['at a terminal', true, true, 'stderr'],
  ['where only the log is at one', true, false, 'stderr'],
  ['where only the log is kept', false, true, 'stderr'],
  ['in one pipe or two', false, false, 'log'],
])('what is no line of it, %s, goes to one place', (_, out, err, place) => {
  const said: [string, string][] = []
  const into = (name: string) => ({ write: (text: string) => void said.push([name, text]) })
  const streams = { stdout: { isTTY: out }, stderr: { ...into('stderr'), isTTY: err } }
  sayBeside(createLog('error', into('log')), streams)('Open it.\n')
  expect(said).toEqual([[place, 'Open it.\n']])
})
