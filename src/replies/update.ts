import { JUDGED_ANYWHERE, type Wanted, type WantedDetails } from '../domain/wanted.ts'
import { type BoardLine, whatIsSaid } from './board.ts'
import { items, shownItem } from './items.ts'
import { quote } from './markdown.ts'

const NEXT = {
  claimed: 'Somebody works on this item and relies on its text. After `/wl unclaim` it can be changed.',
  in_review: 'Its work is judged by what it says: `/wl stamp`, `/wl reject` or `/wl close`.',
}

/** Replies to `/wl update`, which changes an item. */
export const updating = {
  example: '/wl update w-0123456789 effort=large',
  /** The answer uses only what the command gave: the same command gets the same answer. */
  done(
    id: string,
    {
      title,
      judged,
      tags,
      ...rest
    }: BoardLine & { title?: string | undefined; judged?: 'anywhere' | 'here' | undefined },
  ): string {
    const others = whatIsSaid({ ...rest, tags: tags?.filter((tag) => tag !== JUDGED_ANYWHERE) })
    const parts = [
      ...(title === undefined ? [] : [`title ${quote(title, 100)}`]),
      ...(others === '' ? [] : [others]),
      ...(judged === undefined ? [] : [`judged ${judged}`]),
      ...(tags?.includes(JUDGED_ANYWHERE) === true
        ? [`no tag ${quote(JUDGED_ANYWHERE)}, for that is said with \`judged=anywhere\``]
        : []),
    ]
    return `Updated ${quote(id)}: ${parts.join(', ')}.`
  },
  already(item: WantedDetails): string {
    return `${shownItem(item)} is so already: nothing to change.`
  },
  notOpen(item: Wanted): string {
    return items.onlyOpen('updated', item, NEXT)
  },
} as const
