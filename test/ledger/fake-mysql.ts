import { once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'
import { type Connection, createServer } from 'mysql2'

/** The half of mysql2's connection that answers, which its types leave out. */
interface ServerSide {
  sequenceId: number
  serverHandshake(hello: object): void
  writeError(error: object): void
  writeOk(): void
}

/** A server of MySQL's protocol that lets everybody in. `answer` gives the error of a statement, or undefined for "OK". */
export async function startFakeMysql(
  answer: (text: string) => { code: number; message: string } | undefined,
): Promise<{ port: number; close(): void }> {
  const server = createServer(() => {}).listen(0)
  server.on('connection', (client: Connection & ServerSide) => {
    const hello = { protocolVersion: 10, serverVersion: '8.4.0', connectionId: 1, statusFlags: 2, characterSet: 33 }
    client.serverHandshake({ ...hello, capabilityFlags: 0xf7_ff })
    const reply = (text: string) => {
      client.sequenceId = 1
      const error = answer(text)
      if (error === undefined) client.writeOk()
      else client.writeError(error)
      client.sequenceId = 0
    }
    client.on('error', () => {})
    client.on('stmt_prepare', reply)
    client.on('query', reply)
  })
  const { _server: listener } = server as unknown as { _server: Server }
  if (!listener.listening) await once(listener, 'listening')
  return { port: (listener.address() as AddressInfo).port, close: () => server.close(() => {}) }
}

/** As MariaDB answers, which has none of Dolt's functions and cannot read AS OF. */
export function startFakeMariaDb() {
  return startFakeMysql((text) => {
    if (text.includes('AS OF')) return { code: 1064, message: 'You have an error in your SQL syntax' }
    const [, name] = /\b(DOLT_\w+)\(/i.exec(text) ?? []
    return name === undefined ? undefined : { code: 1305, message: `FUNCTION x.${name} does not exist` }
  })
}
