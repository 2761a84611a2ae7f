import { serve } from '@hono/node-server'
import type { Hono } from 'hono'
import { UserError } from '../domain/errors.ts'

export interface WebServer {
  port: number
  close(): Promise<void>
}

/** A handler of requests. */
export type App = Pick<Hono, 'fetch'>

/**
 * Starts the server. Requests wait for the app, which may still be loading. Rejects with UserError when it may not listen
 * there, such as on a port that is taken.
 */
export async function listen(app: Promise<App>, host: string, port: number): Promise<WebServer> {
  let loaded: App | undefined
  app.then(
    (one) => (loaded = one),
    () => {},
  )
  const fetch: App['fetch'] = (request, env) =>
    loaded === undefined ? app.then((one) => one.fetch(request, env)) : loaded.fetch(request, env)
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, hostname: host, port }, (address) =>
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
  // The last two are of a network that this machine does not have.
  if (['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL'].includes(error.code ?? ''))
    return new UserError(`${host} is no address of this machine. Set HOST to one that is.`)
  if (error.syscall === 'getaddrinfo')
    return new UserError(
      `HOST is ${host}, which leads to no address. Set it to an address of this machine, such as 127.0.0.1.`,
    )
  return error
}
