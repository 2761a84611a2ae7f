import type { Context } from 'hono'
import { SIGNED_IN_PATH } from '../../../github/manifest.ts'
import type { Site } from '../../site.ts'

/** Where GitHub sends people back to. */
export function redirectUri(site: Site, context: Context): string {
  return site.originOf(context) + site.base + SIGNED_IN_PATH
}
