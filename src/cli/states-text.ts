import { CHECKS, checkOf, type ShownCheck } from '../replies/check.ts'
import { type Criterion, criterion } from '../replies/criteria.ts'
import { statusComment } from '../replies/status.ts'
import type { ShownItem } from '../replies/shown-item.ts'

/** What each state means and what to do, for `docs/status.md`. A state without its line does not compile. */
const MEANINGS: Record<keyof typeof CHECKS, string> = {
  unknown:
    'The board has no item of that id. Correct the label or the `Wanted:` line; or post the work with `/wl post`.',
  'withdrawn-item': 'The item was taken off the board. Name another one.',
  waiting: 'An older pull request has named the item first. Nothing to do: it comes to this one when that one lets go.',
  taken: 'Somebody else holds the item, by a pull request or by `/wl claim`. It comes to this one when it opens again.',
  capped:
    'A draft whose author holds as many claims as their trust level allows. It claims the item by itself once there is room, and work that is ready is submitted at once. Or its author is suspended.',
  'completed-elsewhere': 'Other work has the stamp. Nothing is recorded for this pull request.',
  claimed: 'The pull request is a draft. Mark it ready for review, and its work is submitted.',
  'not-entered': 'An open bounty, and the pull request is a draft. Mark it ready for review, and it competes.',
  'not-adopted': 'An open bounty for which other work was stamped. This work keeps its branch in the ledger.',
  rejected: 'A validator sent it back, with a reason. A new push submits it again; the same head is not.',
  spent: 'A rejected head was merged all the same. Only a new pull request can bring what mends it.',
  'let-go': 'The pull request is closed unmerged or names the item no longer. Reopen it, or name the item again.',
  closed: 'Its poster completed it without a stamp (`/wl close`). It counts for nothing, and that is final.',
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
      'Submitted, and something that a stamp needs is not so at this head: each criterion has a box. `override="reason"` stamps all the same.',
  },
  {
    about: { state: { is: 'in-review' }, criteria: waits },
    means: 'Submitted; all that is missing are checks that still run.',
  },
  {
    about: { state: { is: 'in-review' } },
    means: 'Submitted, and nothing is missing but a stamp: `/wl stamp quality=4` by who may.',
  },
  {
    about: { state: { is: 'in-review' }, deferred },
    means:
      'A stamp was said and waits for the merge (`stamp-on: merge`). It is given if this is the work that is merged; if not, its author is asked again.',
  },
  {
    about: { state: { is: 'entered' } },
    means:
      'Submitted for an open bounty, beside others or not. Checks, criteria and deferred stamps are as in review; the first stamp decides.',
  },
  {
    about: { state: { is: 'stamped', stamps: [stamp] } },
    means: 'The work has its stamp, and the evidence is frozen. Later pushes, a close or a merge move nothing.',
  },
  {
    about: { state: { is: 'stamped', stamps: [{ ...stamp, stale: true }] } },
    means:
      'Something else was pushed after every stamp; each says **stale**. The stamps stay. A rebase or squash of the same lines does not do this.',
  },
  {
    about: { state: { is: 'stamped', stamps: [stamp] }, reverts: ['https://github.com/acme/app/pull/9'] },
    means:
      'The work was reverted. The stamp stays, the work is flagged, and who stamped is asked once. The revert of the revert clears it.',
  },
]

const CONCLUSIONS: Record<ShownCheck['conclusion'], string> = {
  action_required: 'action required',
  waits: 'in progress',
  neutral: 'neutral',
  success: 'success',
}

/** One row a state: what the comment says in bold, the check's conclusion and title, what it means. */
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
