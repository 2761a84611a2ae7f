import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { csrf } from 'hono/csrf'
import { HTTPException } from 'hono/http-exception'
import type { PageView } from '../layout/frame.ts'

/** The check that a form is of a page of ours, in this browser. */
export interface FormGuard {
  /** The name of the hidden field with the token. */
  field: string
  isOwn(context: Context, token: unknown): boolean
  /** Our origin, where browsers send it with forms: from a page with `referrer: 'same-origin'`. */
  originOf?(context: Context): string
  /** The page for any other form. */
  stale: PageView
}

/** The most bytes of a form, where the page does not say otherwise. */
const MOST_BYTES = 4096

/**
 * Middleware that takes a form only if it is from our own origin (`hono/csrf`) and carries the token of its page.
 * `hono/csrf` checks no token, and an older browser sends neither Origin nor Sec-Fetch-Site.
 */
export function onlyOwnForms(guardOf: () => FormGuard | undefined, maxSize = MOST_BYTES): MiddlewareHandler {
  const refuse = (context: Context, status: 403 | 413) => {
    const guard = guardOf()
    return guard === undefined ? context.body(null, status) : context.render(guard.stale, status)
  }
  const limited = bodyLimit({ maxSize, onError: (context) => refuse(context, 413) })
  const fromUs = csrf({ origin: (origin, context) => origin === guardOf()?.originOf?.(context) })
  return (context, next) =>
    limited(context, async () => {
      const isOwn = (guardOf()?.originOf === undefined || (await passes(fromUs, context))) && (await hasToken(context))
      if (isOwn) await next()
      else context.res = await refuse(context, 403)
    })

  async function hasToken(context: Context): Promise<boolean> {
    const guard = guardOf()
    // A body that is no form has no token either.
    const form: Record<string, unknown> = await context.req.parseBody().catch(() => ({}))
    return guard !== undefined && guard.isOwn(context, form[guard.field])
  }
}

async function passes(check: MiddlewareHandler, context: Context): Promise<boolean> {
  try {
    await check(context, async () => {})
    return true
  } catch (error) {
    if (error instanceof HTTPException) return false
    throw error
  }
}
