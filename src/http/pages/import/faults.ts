import { faultPage } from '../../layout/fault.ts'
import type { PageView } from '../../layout/frame.ts'

export function unknownImportPage(base: string): PageView {
  return faultPage({
    title: 'There is no such import',
    message:
      'The link is not complete, or the import ended long ago and is no longer kept. Its sheet stays where it is.',
    next: { href: `${base}/import`, text: 'Go to the import' },
  })
}
