import { faultPage } from '../../layout/fault.ts'
import type { PageView } from '../../layout/frame.ts'

export function unknownRigPage(base: string, handle: string): PageView {
  return faultPage({
    title: 'There is no such sheet',
    message:
      `Nobody called “${handle}” has earned or imported anything here: the name may be spelt otherwise, or its owner ` +
      'had what was imported forgotten.',
    next: { href: `${base}/import`, text: 'Import yours' },
  })
}
