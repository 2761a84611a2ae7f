import { vi } from 'vitest'
import { runCli } from '../../src/cli/run.ts'
import { startBridge } from '../../src/bridge.ts'
import { createLog } from '../../src/ops/log.ts'
import type { World } from './world.ts'

/** Runs `wasteland-bridge` with a world's configuration; what it prints, on either stream, in order. */
export async function runBeside(world: World, ...args: string[]): Promise<{ code: number; said: string }> {
  const { code, printed } = await run(world, args)
  return { code, said: printed.map(({ text }) => text).join('') }
}

/** Runs it with `--json`: the one document that standard output has, if any, and what standard error says. */
export async function runForJson(
  world: World,
  ...args: string[]
): Promise<{ code: number; document: unknown; err: string }> {
  const { code, printed } = await run(world, [...args, '--json'])
  const on = (stream: 'stdout' | 'stderr') => printed.flatMap((one) => (one.stream === stream ? one.text : [])).join('')
  const out = on('stdout')
  return { code, document: out === '' ? undefined : (JSON.parse(out) as unknown), err: on('stderr') }
}

/** Ends a command that runs in this process, as Ctrl-C does: calls the listener that it added, and no other. */
export function pressCtrlC(): void {
  process.listeners('SIGINT').at(-1)!('SIGINT')
}

async function run(world: World, args: string[]) {
  const printed: { stream: 'stdout' | 'stderr'; text: string }[] = []
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi
      .spyOn(process[stream], 'write')
      .mockImplementation((text: unknown) => printed.push({ stream, text: String(text) }) > 0),
  )
  try {
    const readConfig = () => world.config
    const context = { readConfig, createLog, startBridge }
    return { code: await runCli(args, context), printed }
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}
