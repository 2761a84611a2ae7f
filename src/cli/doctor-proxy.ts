import type { Config } from '../config.ts'
import { type DoctorFinding, ok, warning } from './finding.ts'

/**
 * Checks the reverse proxy: the bridge has no TLS itself, so an https address needs one. No findings where nothing
 * hints at one.
 */
export function checkProxy({ PUBLIC_URL, TRUST_PROXY }: Pick<Config, 'PUBLIC_URL' | 'TRUST_PROXY'>): DoctorFinding[] {
  if (TRUST_PROXY !== undefined)
    return [ok('proxy', 'TRUST_PROXY is set: the proxies that it names say who a visitor is.')]
  if (PUBLIC_URL?.startsWith('https:') !== true) return []
  return [
    warning(
      'proxy',
      'PUBLIC_URL is https, so a reverse proxy stands before us, and TRUST_PROXY is not set: all who come through it count as one ' +
        'visitor. Set TRUST_PROXY to their number, such as 1, or to their addresses.',
    ),
  ]
}
