import { html } from 'hono/html'
import type { PageView } from './frame.ts'

/** The content of an error page: what went wrong, and what to do. */
export interface Fault {
  title: string
  message: string
  next: { href: string; text: string }
}

/** The page that shows a fault. */
export function faultPage({ title, message, next }: Fault): PageView {
  const body = html`
    <p>${message}</p>
    <p><a class="button" href="${next.href}">${next.text}</a></p>
  `
  return { title, body }
}
