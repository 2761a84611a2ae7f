import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const fixture = fileURLToPath(new URL('watchdog.fixture.ts', import.meta.url))

async function run(how: string): Promise<{ code: number | null; signal: string | null; said: string }> {
  const child = spawn(process.execPath, [fixture, how], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (data: Buffer) => (said += data.toString()))
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  return { code, signal, said }
}

describe('the watchdog', () => {
  it('kills a process whose thread stands still, and says so', async () => {
    const { signal, said } = await run('blocked')
    expect(signal).toBe('SIGKILL')
    expect(said).toContain('the main thread stood still')
  }, 30_000)

  it('lets one live that ends by itself', async () => {
    expect(await run('busy')).toMatchObject({ code: 0, signal: null })
  }, 30_000)
})
