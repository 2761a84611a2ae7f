import { html } from 'hono/html'
import type { PageView } from './frame.ts'

/** What went wrong, and what to do. */
export interface Fault {
  title: string
  message: string
  next: { href: string; text: string }
}

/** The page that says it. */
export function faultPage({ title, message, next }: Fault): PageView {
  const body = html`
    <p>${message}</p>
    <p><a class="button" href="${next.href}">${next.text}</a></p>
  `
  return { title, body }
}
