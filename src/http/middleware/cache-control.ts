import type { MiddlewareHandler } from 'hono'

/** What is not said otherwise is kept by no cache. */
export function noStore(): MiddlewareHandler {
  return async (context, next) => {
    await next()
    if (!context.res.headers.has('Cache-Control')) context.header('Cache-Control', 'no-store')
  }
}

/** As the page says, whatever its handler set. An answer that is a fault is kept by no cache. */
export function cacheControl(kept = 'no-store'): MiddlewareHandler {
  return async (context, next) => {
    await next()
    context.header('Cache-Control', context.res.status < 400 ? kept : 'no-store')
  }
}
