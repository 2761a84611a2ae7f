import type { StampRefusal } from '../domain/refusals.ts'
import { MOST_COMMITS } from '../github/commits.ts'
import { quote } from './markdown.ts'
import { EXAMPLE_ID, NOT_IN_REVIEW } from './status.ts'
import type { ItemState } from './shown-item.ts'

const ANOTHER = 'Somebody else with the GitHub role admin or maintain here, or of trust level 3, may.'

const ELSEWHERE = 'The work lies elsewhere, so a role here does not count: say it there.'

const NOT_SUBMITTED: Readonly<Record<string, string>> = {
  open: 'nobody has handed in work on it. That is a pull request with a line `Wanted: w-…` in its description; or somebody takes it with `/wl claim` and says `/wl done`.',
  claimed: 'the work is not submitted yet. Who holds it says `/wl done evidence=…`, or marks the pull request ready.',
  in_review: 'it has just changed. Try again.',
  completed: 'its poster closed it without a stamp, and that is final.',
  withdrawn: 'its poster took it off the board.',
}

/** Refusals of commands, most of which judge work. Each says the rule and what to do. */
export const refusal = {
  noItem:
    'This pull request names no wanted item, so there is nothing to judge. ' +
    `Give it a label such as \`wl:${EXAMPLE_ID}\`, or a line \`Wanted: ${EXAMPLE_ID}\` in its description.`,
  stampedAlready:
    'You have stamped this work already, and a stamp is final: editing its comment changes nothing. To change what you gave, ' +
    'comment `/wl correct quality=… reason="…"`, once; `/wl undo` takes it back within a day, while it is the last stamp that the contributor got.',
  /** `judged`: the head at the time of the command, where that is known. */
  pushedSince(head: string, judged: string | undefined, line: string | undefined): string {
    const what =
      judged === undefined
        ? 'The pull request was pushed to since, or its base was changed, and it is not known what this command was about, so it was not run.'
        : `The pull request was pushed to since: this command was about \`${judged.slice(0, 10)}\`, so it was not run.`
    return `${what} Its head is \`${head.slice(0, 10)}\` now. Look at that, and say the command again in a new comment${line === undefined ? '' : `: ${quote(line)}`}.`
  },
  otherItem(given: string, items: readonly string[]): string {
    return `${quote(given)} is not an item of this pull request. It names ${items.map((item) => quote(item)).join(', ')}.`
  },
  whichItem(items: readonly string[], example: string): string {
    return `Several items are in review here: ${items.map((item) => quote(item)).join(', ')}. Name one: \`${example}\`.`
  },
  notInReview(item: string, state: ItemState): string {
    return `${quote(item)} cannot be judged: ${NOT_IN_REVIEW[state]}`
  },
  isBounty(item: string): string {
    return `${quote(item)} is an open bounty: its work is judged on the pull request that is to win. \`/wl status\` here lists them.`
  },
  notAdoptedYet(item: string): string {
    return (
      `${quote(item)} is an open bounty, and this work is not adopted yet, so its co-authors have no shares. A stamp without a name, ` +
      '`/wl stamp quality=4`, adopts it; then theirs can be stamped.'
    )
  },
  strangeBranch(item: string): string {
    return (
      `The work on ${quote(item)} cannot be adopted: its branch in the ledger holds more than its own row, or contradicts what is ` +
      'recorded. Its operator looks at the branch; nothing was recorded.'
    )
  },
  /** For work that is submitted by `/wl done`. */
  notSubmitted(item: string, status: string): string {
    return `${quote(item)} has nothing to judge: ${NOT_SUBMITTED[status] ?? 'its state is one that this bridge does not know.'}`
  },
  /** For work that is a pull request. Only there the authors of its commits are known, who may not judge it. */
  isPull(item: string, url: string): string {
    return `The work on ${quote(item)} is a pull request. Say it there: ${quote(url)}.`
  },
  noCompletion(id: string): string {
    return `There is no completion ${quote(id)} now: it was never submitted, or was rejected or withdrawn. \`/wl status\` says where the item stands.`
  },
  whichCompletion(completions: readonly { id: string; completedBy: string }[], example: string): string {
    const list = completions.map(({ id, completedBy }) => `${quote(id)} by ${quote(completedBy)}`).join(', ')
    return `Several completions are here: ${list}. Name one: \`${example}\`.`
  },
  noAccount(login: string): string {
    return `GitHub knows no ${quote(`@${login}`)}. Check its spelling.`
  },
  /** For work of another person than the one named. */
  notTheirs(login: string, completion: string, owner: string): string {
    return `${quote(completion)} is the work of ${quote(owner)} and not of ${quote(`@${login}`)}. Leave the name out, or name who did it.`
  },
  /** For a word without `@` that is the name of an author here. */
  maybePerson(word: string, line: string | undefined): string {
    const example =
      line === undefined ? '' : ` Write ${quote(`@${word}`)} for whose share you mean, or leave the word out.`
    return `${quote(word)} is the name of an author here, and is not read without an ${quote('@')}, so nothing was stamped.${example}`
  },
  noAuthor(login: string): string {
    return (
      `${quote(`@${login}`)} wrote none of the commits of this pull request that GitHub resolves to an account, so there is nothing of ` +
      'theirs to stamp. Without a name, its author is meant.'
    )
  },
  declinedCoAuthor(login: string): string {
    return `${quote(`@${login}`)} declined to take part, so nothing is recorded for them.`
  },
  /** For an item of another repository, where the person may validate only in this one. */
  postedElsewhere(repository: string, act: string): string {
    return (
      `This item was posted in ${quote(repository)}, so to ${act} work on it takes the GitHub role admin or maintain there too, or trust level 3. ` +
      'Ask one of those people; or its poster lets others judge it: `/wl update w-… judged=anywhere`.'
    )
  },
  otherFolder({ folder, isCut }: { folder: string; isCut: boolean }, repository: string, act: string): string {
    if (isCut)
      return (
        `GitHub does not list all files of this pull request, so it may change ${quote(folder)}, and the settings of ${quote(repository)} ` +
        `(\`stampers.paths\`) leave it to others to ${act} work there. Ask somebody whom every folder of the settings names, or have the pull request split.`
      )
    return (
      `This pull request changes ${quote(folder)}, and the settings of ${quote(repository)} (\`stampers.paths\`) leave it to others to ${act} ` +
      'work there. Ask one of those that they name, or have the file changed.'
    )
  },
  stamp(refused: StampRefusal, repository: string, act: 'stamp' | 'reject' | 'correct' = 'stamp'): string {
    switch (refused.rule) {
      case 'role':
        return (
          `Only people with the GitHub role admin or maintain in ${quote(repository)}, or of trust level 3, may ${act}. ` +
          (refused.roleName === undefined
            ? ELSEWHERE
            : `Your role here is ${quote(refused.roleName)}. Ask one of them.`)
        )
      case 'narrowed':
        if (refused.loginOfAnother)
          return (
            `The settings of ${quote(repository)} (\`stampers\` in \`.github/wasteland.yml\`) allow only some people to stamp. Your login is among ` +
            'them, but it means the account that had it when it was listed, or nobody if there was none, and not you. If you are meant, have ' +
            'the entry taken out, and added again by a later commit.'
          )
        return (
          `The settings of ${quote(repository)} (\`stampers\` in \`.github/wasteland.yml\`) allow only some people to stamp, and you are ` +
          'not among them. Ask one of those that they name, or have the file changed.'
        )
      case 'untold':
        return (
          `GitHub does not tell this App now who may ${act} in ${quote(repository)} (it answered ${refused.status} where the settings, or a team that ` +
          'they name, were asked for), so nobody may, and `override=` changes nothing. An owner gives the App its permissions ' +
          '(contents: read, members: read) or lets it through the IP allow list; then say the command again.'
        )
      case 'suspended':
        return (
          `You are suspended, so you cannot ${act}; stamps that you gave before stay. ` +
          `Somebody of trust level 3, or the operator, may lift it. ${ANOTHER}`
        )
      case 'unowned-agent':
        return (
          `${quote(refused.agent)} is an agent without a human, so its work cannot be stamped. Its human comments \`/wl own @agent\` ` +
          'here, somebody else who validates here agrees with `/wl own @agent by=@human`, then stamp again.'
        )
      case 'agent':
        return `An agent cannot ${act}: only a person may do that. ${ANOTHER}`
      case 'yearbook-self':
        return `Nobody ${act}s their own work (the yearbook rule). ${ANOTHER}`
      case 'yearbook-owner':
        return `Nobody ${act}s the work of a rig of the same owner (the yearbook rule), and ${quote(refused.rig)} is one of yours, or was while this work was done. ${ANOTHER}`
      case 'yearbook-author':
        return (
          `Nobody ${act}s work they helped to write (the yearbook rule): commit \`${refused.sha.slice(0, 10)}\` is yours, and your ` +
          `commits are at least ${Math.round(refused.share * 100)} % of the changed lines. ${ANOTHER}`
        )
      case 'yearbook-unseen':
        return (
          `Nobody ${act}s work they helped to write (the yearbook rule), and the authors of this pull request are not all known: it has ` +
          `more than ${MOST_COMMITS.toLocaleString('en-GB')} commits, GitHub does not list them all, it does not tell whom they name as co-authors, or it does not show all that a merge of yours changed. Its author can split it into smaller ones.`
        )
      default:
        return refused satisfies never
    }
  },
} as const

/** The reply for a fault of the bridge. The log has the details under this id. */
export function ourFault(id: string): string {
  return `Something went wrong on our side and this was given up after several tries. What was recorded before stands. The operator finds it as \`${id}\`.`
}
