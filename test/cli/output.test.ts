import { expect, it, vi } from 'vitest'
import { logToStderr, sayJson } from '../../src/cli/output.ts'
import type { CliContext } from '../../src/cli/subcommand.ts'
import { createLog } from '../../src/ops/log.ts'

it.each([
  ['to standard error', false],
  ['in plain lines to a terminal', true],
])('with --json standard output has the document alone, and the log goes %s', (_, isTTY) => {
  const { stderr } = process
  const had = stderr.isTTY
  stderr.isTTY = isTTY
  const printed: Record<'stdout' | 'stderr', string> = { stdout: '', stderr: '' }
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      printed[stream] += String(text)
      return true
    }),
  )
  try {
    logToStderr({ createLog } as CliContext)
      .createLog('warn')
      .warn('a column is missing')
    sayJson({ posted: true })
  } finally {
    stderr.isTTY = had
    for (const spy of spies) spy.mockRestore()
  }
  expect(JSON.parse(printed.stdout)).toEqual({ posted: true })
  if (isTTY) expect(printed.stderr).toMatch(/^\d\d:\d\d:\d\d WARN a column is missing\n$/)
  else expect(JSON.parse(printed.stderr)).toMatchObject({ msg: 'a column is missing' })
})
