import { createHash } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { STYLE } from '../layout/style.ts'

/** The exceptions that a page needs from the policy of all pages. */
export interface SecurityNeeds {
  /** Origins besides our own that a form may post to. */
  formTargets?: string[]
  /** A script that may be in the page, and may send requests to our own addresses. */
  script?: string
  /** The origins that pictures may come from, besides our own. */
  images?: string[]
  /** `same-origin`: without it browsers send forms with the origin `null`. */
  referrer?: 'no-referrer' | 'same-origin'
}

/**
 * Middleware with Hono's security headers: nothing loads but the layout's own style, and images from here or in the
 * page itself (`data:`); no frame may show an answer. The headers of a page are set before those of the app, which leave them as they are. HSTS, and what else Hono would
 * say of the whole host, is left to the operator's proxy, because other sites may be on that host.
 */
export function securityHeaders(needs: SecurityNeeds = {}): MiddlewareHandler {
  const { formTargets = [], script, images = [], referrer = 'no-referrer' } = needs
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: [`'none'`],
      styleSrc: [hashSource(STYLE)],
      ...(script === undefined ? {} : { scriptSrc: [hashSource(script)], connectSrc: [`'self'`] }),
      imgSrc: [`'self'`, 'data:', ...images],
      formAction: [`'self'`, ...formTargets],
      baseUri: [`'none'`],
      frameAncestors: [`'none'`],
    },
    xContentTypeOptions: 'nosniff',
    xFrameOptions: 'DENY',
    referrerPolicy: referrer,
    strictTransportSecurity: false,
    crossOriginResourcePolicy: false,
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
    overwrite: false,
  })
}

/** The source of a Content-Security-Policy that allows this text in a page. */
function hashSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}
