import { createServer, type IncomingHttpHeaders } from 'node:http'
import { text } from 'node:stream/consumers'
import type { AddressInfo } from 'node:net'

export interface Reply {
  status?: number
  headers?: Record<string, string>
  body?: unknown
  /** Sent as it is, in place of a body. */
  raw?: string
  /** The connection breaks. */
  broken?: boolean
}

export interface Heard {
  url: string
  headers: IncomingHttpHeaders
  body: { query: string; variables: Record<string, unknown> } | undefined
}

/** A server that says what a script tells it to, one reply after the other; the last one goes on for ever. */
export async function startResponder(...script: Reply[]) {
  const heard: Heard[] = []
  let open = 0
  let most = 0
  const server = createServer(async (request, response) => {
    most = Math.max(most, ++open)
    const sent = await text(request)
    heard.push({ url: request.url!, headers: request.headers, body: sent === '' ? undefined : JSON.parse(sent) })
    const { status = 200, headers = {}, body, raw, broken } = script.length > 1 ? script.shift()! : script[0]!
    open--
    if (broken === true) request.socket.destroy()
    else {
      response.writeHead(status, { 'content-type': 'application/json', ...headers })
      response.end(raw ?? JSON.stringify(body))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    most: () => most,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
