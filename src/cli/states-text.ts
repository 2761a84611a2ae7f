import { CHECKS, checkOf, type ShownCheck } from '../replies/check.ts'
import { type Criterion, criterion } from '../replies/criteria.ts'
import { statusComment } from '../replies/status.ts'
import type { ShownItem } from '../replies/shown-item.ts'

/** The meaning of each state and what to do, for `docs/status.md`. A state without its line does not compile. */
const MEANINGS: Record<keyof typeof CHECKS, string> = {
  unknown:
    'The board has no item of that id. Correct the label or the `Wanted:` line; or post the work with `/wl post`.',
  'withdrawn-item': 'The item was taken off the board. Name another one.',
  waiting:
    'An older pull request named the item first. There is nothing to do: this pull request gets the item when the older one releases it.',
  taken:
    'Somebody else holds the item, by a pull request or by `/wl claim`. When the item is open again, the pull request that has named it longest gets it.',
  capped:
    'The author of this draft holds as many claims as their trust level allows, or is suspended. The draft claims the item by itself once there is room. Work that is ready for review is submitted at once.',
  'completed-elsewhere': 'Other work has the stamp. Nothing is recorded for this pull request.',
  claimed: 'The pull request is a draft. Mark it ready for review, and its work is submitted.',
  'not-entered': 'An open bounty, and the pull request is a draft. Mark it ready for review, and it competes.',
  'not-adopted': 'An open bounty for which other work was stamped. This work keeps its branch in the ledger.',
  rejected:
    'A validator sent the work back, with a reason. A new push submits it again; the rejected head stays rejected.',
  spent: 'A rejected head was merged all the same. Only a new pull request can bring the corrected work.',
  'let-go': 'The pull request is closed unmerged or names the item no longer. Reopen it, or name the item again.',
  closed:
    'The poster of the item completed it without a stamp (`/wl close`). The work gives no reputation, and that is final.',
}

const unmet: Criterion[] = [criterion.approvals(0, 1, 0)]
const waits: Criterion[] = [criterion.checks({ pass: 1, failed: 0, total: 2 })]
const deferred = [{ login: 'mia', given: {}, stale: false }]
const stamp = { author: 'mia', valence: {}, skills: [], flagged: false }

/** The states that have more than one check. */
const LATER: readonly { about: Omit<ShownItem, 'wanted' | 'title'>; means: string }[] = [
  {
    about: { state: { is: 'in-review' }, criteria: unmet },
    means:
      'The work is submitted, but at this head it does not meet every criterion for a stamp. Each criterion has a box. `override="reason"` stamps all the same.',
  },
  {
    about: { state: { is: 'in-review' }, criteria: waits },
    means: 'The work is submitted. Only checks that still run are missing.',
  },
  {
    about: { state: { is: 'in-review' } },
    means: 'The work is submitted, and only a stamp is missing: somebody who may stamp comments `/wl stamp quality=4`.',
  },
  {
    about: { state: { is: 'in-review' }, deferred },
    means:
      'A stamp waits for the merge (`stamp-on: merge`). It is given if the judged work is merged. If other work is merged, the author of the stamp is asked again.',
  },
  {
    about: { state: { is: 'entered' } },
    means:
      'The work is submitted for an open bounty; other work may compete with it. Checks, criteria and deferred stamps are as in review; the first stamp decides.',
  },
  {
    about: { state: { is: 'stamped', stamps: [stamp] } },
    means: 'The work has its stamp, and the evidence is frozen. Later pushes, a close or a merge move nothing.',
  },
  {
    about: { state: { is: 'stamped', stamps: [{ ...stamp, stale: true }] } },
    means:
      'The work changed after every stamp, so each stamp says **stale**. The stamps stay. A rebase or squash of the same lines makes no stamp stale.',
  },
  {
    about: { state: { is: 'stamped', stamps: [stamp] }, reverts: ['https://github.com/acme/app/pull/9'] },
    means:
      'The work was reverted. The stamp stays, the work is flagged, and whoever stamped it is asked once about the stamp. A revert of the revert clears this.',
  },
]

const CONCLUSIONS: Record<ShownCheck['conclusion'], string> = {
  action_required: 'action required',
  waits: 'in progress',
  neutral: 'neutral',
  success: 'success',
}

/** One row a state: the comment's words in bold, the check's conclusion and title, the meaning. */
export function stateRows(): string[][] {
  const first = Object.entries(MEANINGS).map(([is, means]) =>
    row({ state: stateOf(is as keyof typeof MEANINGS) }, means),
  )
  return [...first, ...LATER.map(({ about, means }) => row(about, means))]
}

function row(about: Omit<ShownItem, 'wanted' | 'title'>, means: string): string[] {
  const item: ShownItem = { wanted: 'w-0123456789', title: undefined, ...about }
  const evidence = { url: '', head: '', by: [] }
  const comment = statusComment({ author: 'bob', rig: undefined, items: [item], malformed: [], evidence })
  const { conclusion, title } = checkOf([item], [])
  return [/\*\*(.+?)\*\*/.exec(comment)![0], `${CONCLUSIONS[conclusion]}: ${title}`, means]
}

function stateOf(is: keyof typeof CHECKS): ShownItem['state'] {
  if (is === 'taken') return { is, holder: null }
  if (is === 'not-adopted') return { is, by: undefined, url: undefined }
  if (is === 'capped') return { is, trustLevel: 1, cap: 3 }
  if (is === 'rejected' || is === 'spent') return { is, reason: '' }
  return { is }
}
