import { faultPage } from './fault.ts'
import type { PageView } from './frame.ts'

/** The page for a form that is not of the session. */
export function staleForm(base: string): PageView {
  return faultPage({
    title: 'This form is out of date',
    message:
      'It was opened more than half an hour ago, or before you signed in or out, or on another site. Nothing was changed.',
    next: { href: `${base}/import`, text: 'Open it anew' },
  })
}
