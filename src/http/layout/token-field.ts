import { html } from 'hono/html'
import type { Html } from './frame.ts'

/** The hidden field by which a form shows that it is of the session. */
export function tokenField(formToken: string): Html {
  return html`<input type="hidden" name="token" value="${formToken}" />`
}
