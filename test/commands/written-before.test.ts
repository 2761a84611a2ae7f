import { expect, it } from 'vitest'
import { parseCommands } from '../../src/commands/parser/parse.ts'
import { hasRunBefore } from '../../src/commands/written-before.ts'
import { cpuTimeOf } from '../cpu-time.ts'

it('whether a comment of thousands of commands was heard is told in time', async () => {
  const [one] = (await parseCommands('/wl a'))!
  const commands = Array.from({ length: 10_900 }, () => one!)
  // None of them is known, so neither store is asked.
  const deps = { host: 'github.com', store: undefined!, ledger: undefined! }
  let heard: Promise<boolean> | undefined
  const ms = cpuTimeOf(() => void (heard = hasRunBefore(deps, { kind: 'issue_comment', id: 1 }, commands)))
  expect(ms).toBeLessThan(200)
  expect(await heard).toBe(false)
})
