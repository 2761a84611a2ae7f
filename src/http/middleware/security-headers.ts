import { createHash } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { STYLE } from '../layout/style.ts'

/** What a page needs beyond the policy that all have. */
export interface SecurityNeeds {
  /** Origins besides our own that a form may post to. */
  formTargets?: string[]
  /** May stand in a page and ask our own addresses. */
  script?: string
  /** Where pictures may come from, besides our own. */
  images?: string[]
  /** `same-origin`: without it browsers send forms with the origin `null`. */
  referrer?: 'no-referrer' | 'same-origin'
}

/**
 * Hono's security headers: nothing but the layout's own style loads, and no frame may hold an answer. A page's own come
 * before those of the app, which leave them as they are. HSTS and what else Hono would say of the whole host is left to
 * the operator's proxy, as other sites may be on it.
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

/** As a policy names a text that may stand in a page. */
function hashSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}
