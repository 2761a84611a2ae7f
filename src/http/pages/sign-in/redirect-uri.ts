import type { Context } from 'hono'
import { SIGNED_IN_PATH } from '../../../github/manifest.ts'
import type { Site } from '../../site.ts'

/** The address to which GitHub sends people back after they signed in. */
export function redirectUri(site: Site, context: Context): string {
  return site.originOf(context) + site.base + SIGNED_IN_PATH
}
