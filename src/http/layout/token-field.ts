import { html } from 'hono/html'
import type { Html } from './frame.ts'

/** The hidden field with the CSRF token, which shows that a form is of the session. */
export function tokenField(formToken: string): Html {
  return html`<input type="hidden" name="token" value="${formToken}" />`
}
