import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'

export type Fixture = {
  child: ChildProcess
  /** The next line it prints, parsed as JSON; throws with its complaints when it ends instead. */
  nextLine(): Promise<unknown>
  ended: Promise<number | null>
}

/** Runs a script of ours in a process of its own that talks to us in lines of JSON. */
export function runFixture(file: string, args: string[], user?: { uid: number; gid: number }): Fixture {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', file, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: '/',
    ...user,
  })
  let complaints = ''
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return {
    child,
    ended,
    async nextLine() {
      const { value, done } = await lines.next()
      if (done) throw new Error(`${file} ended without a word: ${complaints}`)
      return JSON.parse(value)
    },
  }
}
