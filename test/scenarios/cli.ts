import { vi } from 'vitest'
import { runCli } from '../../src/cli/run.ts'
import { startBridge } from '../../src/bridge.ts'
import { createLog } from '../../src/ops/log.ts'
import type { World } from './world.ts'

/** Runs `wasteland-bridge` with a world's configuration; what it prints, on either stream, in order. */
export async function runBeside(world: World, ...args: string[]): Promise<{ code: number; said: string }> {
  let said = ''
  const listen = (text: unknown) => {
    said += String(text)
    return true
  }
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(listen),
    vi.spyOn(process.stderr, 'write').mockImplementation(listen),
  ]
  try {
    const readConfig = () => world.config
    const context = { readConfig, createLog, startBridge }
    return { code: await runCli(args, context), said }
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}
