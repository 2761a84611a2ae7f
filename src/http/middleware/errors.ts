import type { ErrorHandler } from 'hono'
import { accepts } from 'hono/accepts'
import { HTTPException } from 'hono/http-exception'
import { routePath } from 'hono/route'
import { Unavailable } from '../../domain/errors.ts'
import { type Fault, faultPage } from '../layout/fault.ts'

export interface ErrorLog {
  error(fields: object, message: string): void
}

/**
 * The answer when a handler throws: a page, or JSON for a client that accepts that, without a word of the error. The
 * log has the route and not the address, which may have somebody's name in it.
 */
export function answerErrors(base: () => string, log: ErrorLog): ErrorHandler {
  return (error, context) => {
    if (error instanceof HTTPException) return error.getResponse()
    const isAway = error instanceof Unavailable
    if (!isAway) log.error({ err: error, route: routePath(context) }, 'a page failed')
    const fault = isAway ? unavailable(base()) : broken(base())
    const status = isAway ? 503 : 500
    const type = accepts(context, {
      header: 'Accept',
      supports: ['text/html', 'application/json'],
      default: 'text/html',
    })
    if (type === 'text/html') return context.render(faultPage(fault), status)
    return context.json({ error: fault.title, message: fault.message }, status)
  }
}

function unavailable(base: string): Fault {
  return {
    title: 'The bridge cannot look now',
    message: 'A part that it needs does not answer. Nothing is lost: wait a minute, then load this page again.',
    next: { href: `${base}/import`, text: 'Back to the import' },
  }
}

function broken(base: string): Fault {
  return {
    title: 'Something is wrong on our side',
    message: 'The bridge’s log says what. Whoever runs it can look there.',
    next: { href: `${base}/import`, text: 'Back to the import' },
  }
}
