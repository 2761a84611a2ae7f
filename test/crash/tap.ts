import { connect, createServer, type Socket } from 'node:net'

/** A TCP proxy before a store, that counts what the bridge sends and can end the bridge at any of it. */
export interface Tap {
  /** A store's address, led through here. */
  through(url: string): string
  /** Packets from the bridge so far. */
  packets(): number
  /** Calls `strike` at the n-th packet from now: before it is passed on (it never is), or when its answer is here. */
  at(n: number, when: 'before' | 'after', strike: () => void): void
  /** The same at the next packet that says this. */
  on(text: RegExp, when: 'before' | 'after', strike: () => void): void
  /** Takes back what was planned by `at` or `on`. */
  off(): void
  /** Passes nothing on any more, in either direction, and closes nothing: a store that hangs. */
  hang(): void
  /** Ends every connection and passes on new ones again. */
  mend(): void
  close(): Promise<void>
}

export async function startTap(targetPort: number): Promise<Tap> {
  let packets = 0
  let hanging = false
  let plan: { hits(chunk: Buffer): boolean; when: 'before' | 'after'; strike: () => void } | undefined
  const open = new Set<Socket>()

  const server = createServer((client) => {
    const store = connect({ port: targetPort, host: '127.0.0.1' })
    const both = [client, store]
    let struck: (() => void) | undefined
    for (const socket of both) {
      open.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => {})
      socket.on('close', () => {
        open.delete(socket)
        if (!hanging) for (const other of both) other.destroy()
      })
    }
    client.on('data', (chunk: Buffer) => {
      packets++
      if (hanging) return
      if (plan?.hits(chunk)) {
        const { when, strike } = plan
        plan = undefined
        if (when === 'before') {
          strike()
          for (const socket of both) socket.destroy()
          return
        }
        struck = strike
      }
      store.write(chunk)
    })
    store.on('data', (chunk) => {
      if (hanging) return
      struck?.()
      if (struck === undefined) client.write(chunk)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the tap has no port')
  const cut = () => {
    for (const socket of open) socket.destroy()
  }
  return {
    through(url) {
      const led = new URL(url)
      led.port = String(address.port)
      return led.href
    },
    packets: () => packets,
    at(n, when, strike) {
      const nth = packets + n
      plan = { hits: () => packets === nth, when, strike }
    },
    on: (text, when, strike) => void (plan = { hits: (chunk) => text.test(chunk.toString('latin1')), when, strike }),
    off: () => void (plan = undefined),
    hang: () => void (hanging = true),
    mend() {
      hanging = false
      cut()
    },
    async close() {
      cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
