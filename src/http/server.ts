import { serve } from '@hono/node-server'
import type { Hono } from 'hono'
import { UserError } from '../domain/errors.ts'

export interface WebServer {
  port: number
  close(): Promise<void>
}

/** Listens; rejects with UserError when the port is taken. */
export async function listen(app: Hono, host: string, port: number): Promise<WebServer> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: host, port }, (address) =>
      resolve({
        port: address.port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed())
            if ('closeIdleConnections' in server) server.closeIdleConnections()
          }),
      }),
    )
    server.on('error', (error: NodeJS.ErrnoException) => reject(inWords(error, host, port)))
  })
}

function inWords(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE') return new UserError(`Port ${port} is in use. Set PORT to a free one.`)
  if (error.code === 'EACCES')
    return new UserError(`Port ${port} may not be used by this user. Set PORT to one above 1023.`)
  // The last two: of a network that this machine has not.
  if (['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL'].includes(error.code ?? ''))
    return new UserError(`${host} is no address of this machine. Set HOST to one that is.`)
  if (error.syscall === 'getaddrinfo')
    return new UserError(
      `HOST is ${host}, which leads to no address. Set it to an address of this machine, such as 127.0.0.1.`,
    )
  return error
}
