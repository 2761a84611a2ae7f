import { randomInt } from 'node:crypto'
import { connect, createServer } from 'node:net'
import { readIfThere, writePrivately } from './private-file.ts'

// Below the range of ephemeral ports of Linux (32768 up) and macOS (49152 up): a client could take a port from there
// while a restarted server is away from it.
const LOWEST = 20_000
const HIGHEST = 32_767

/** The port recorded in `file` if it is free on 127.0.0.1, else a free one, which is recorded. */
export async function keptPort(file: string): Promise<number> {
  const noted = Number(readIfThere(file))
  if (isPort(noted) && (await isFree(noted))) return noted
  const port = await freePort()
  writePrivately(file, `${port}\n`)
  return port
}

/** A free port of 127.0.0.1 outside the ephemeral range. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 200; tries++) {
    const port = randomInt(LOWEST, HIGHEST)
    if (await isFree(port)) return port
  }
  throw new Error(`No free port was found on 127.0.0.1 between ${LOWEST} and ${HIGHEST} in 200 tries.`)
}

/** The port recorded in `file`, if there is one. */
export function notedPort(file: string): number | undefined {
  const noted = Number(readIfThere(file))
  return isPort(noted) ? noted : undefined
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
  })
}

/** Whether something accepts connections on 127.0.0.1:port. */
export function answers(port: number, withinMs = 1_000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    const settle = (yes: boolean) => {
      socket.destroy()
      resolve(yes)
    }
    // Decided a tick later: when this process was held up, the connection may have been made meanwhile.
    socket.setTimeout(withinMs, () => setImmediate(() => settle(false)))
    socket.once('connect', () => settle(true))
    socket.once('error', () => settle(false))
  })
}

function isPort(value: number): boolean {
  return Number.isInteger(value) && value > 0 && value < 65_536
}
