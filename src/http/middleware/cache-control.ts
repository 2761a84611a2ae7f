import type { MiddlewareHandler } from 'hono'

/** Middleware that sets `no-store` where no other Cache-Control is set. */
export function noStore(): MiddlewareHandler {
  return async (context, next) => {
    await next()
    if (!context.res.headers.has('Cache-Control')) context.header('Cache-Control', 'no-store')
  }
}

/** Middleware that sets the Cache-Control of a page, whatever its handler set. No cache keeps an error. */
export function cacheControl(kept = 'no-store'): MiddlewareHandler {
  return async (context, next) => {
    await next()
    context.header('Cache-Control', context.res.status < 400 ? kept : 'no-store')
  }
}
