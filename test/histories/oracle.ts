import { completionId, stampId } from '../../src/domain/ids.ts'
import type { Delivery } from '../../local-github/local-github.ts'
import { namedIn } from './plans.ts'

/**
 * What the ledger must hold, by design.md's table "Pull request to completion" and nothing of the bridge's: GitHub's
 * own record of what happened to a repository's pull requests and of what was said there is replayed, event by event,
 * as if each had been carried out before the next one.
 */
export interface Expected {
  items: Map<string, { status: string; holder: string | null; completions: ExpectedCompletion[] }>
  /** Ids of pull requests that name an item at the end. */
  naming: { number: number; id: number }[]
}

export interface ExpectedCompletion {
  id: string
  by: string
  url: string
  head: string
  /** Merged when it was stamped, or not stamped yet. */
  merge: string | undefined
  /** Merged after the first stamp: it stands in the evidence or, as it is frozen, in a note. */
  mergedAfter: string | undefined
  /** Closed without a merge after the first stamp: told in a note. */
  closedAfter: string | undefined
  stamps: { id: string; author: string; quality: number }[]
  /** Pull requests whose reverts of this work stand, `pull_request/<id>`. */
  reverts: string[]
}

interface Pull {
  id: number
  number: number
  url: string
  author: string
  open: boolean
  draft: boolean
  merged: boolean
  merge: string | undefined
  head: string
  closedAt: string | null
  body: string
  names: string[]
  /** Where it stands in each item's line: since when it is labelled, or has had a line while it was open. */
  since: Map<string, number>
  labelledAt: Map<string, number>
}

interface Item {
  status: 'open' | 'claimed' | 'in_review' | 'completed'
  holder: string | null
  completions: Map<string, Work>
}

interface Work {
  id: string
  pull: Pull
  by: string
  head: string
  merge: string | undefined
  stamps: { id: string; author: string; quality: number }[]
}

type Goal = 'none' | 'claim' | 'done' | 'spent'

export function expect(
  host: string,
  items: readonly string[],
  judges: ReadonlySet<string>,
  timeline: readonly Delivery[],
): Expected {
  const story = new Replay(host, items, judges)
  for (const delivery of timeline) story.happen(delivery)
  return story.end()
}

class Replay {
  readonly #host: string
  readonly #judges: ReadonlySet<string>
  readonly #items: Map<string, Item>
  readonly #pulls = new Map<number, Pull>()
  /** `<completion> <head>` of work that was sent back. */
  readonly #rejected = new Set<string>()
  /** Stamps in the order in which a contributor got them. */
  readonly #passbooks = new Map<string, string[]>()
  readonly #reverts: { pull: Pull; revert: string; by: string; stands: boolean }[] = []

  constructor(host: string, items: readonly string[], judges: ReadonlySet<string>) {
    this.#host = host
    this.#judges = judges
    this.#items = new Map(items.map((id) => [id, { status: 'open', holder: null, completions: new Map() }]))
  }

  happen({ event, action, payload, createdAt }: Delivery) {
    if (event === 'pull_request') this.#change(payload, action ?? '', Date.parse(createdAt) / 1000)
    else if (event === 'issue_comment' && action === 'created') this.#hear(payload)
  }

  // oxlint-disable-next-line typescript/no-explicit-any -- GitHub's JSON
  #change(payload: any, action: string, at: number) {
    const { pull_request: told } = payload
    const before = this.#pulls.get(told.number)
    const named = namedIn(told)
    const pull: Pull = before ?? ({ since: new Map(), labelledAt: new Map(), names: [] } as unknown as Pull)
    const left = pull.names.filter((id) => !named.all.includes(id))
    Object.assign(pull, {
      id: told.id,
      number: told.number,
      url: told.html_url,
      author: told.user.login.toLowerCase(),
      open: told.state === 'open',
      draft: told.draft,
      merged: told.merged,
      merge: told.merged ? told.merge_commit_sha : undefined,
      head: told.head.sha,
      closedAt: told.closed_at,
      body: told.body ?? '',
      names: named.all,
    })
    this.#pulls.set(told.number, pull)
    if (action === 'labeled') pull.labelledAt.set(payload.label.name, at)
    for (const { label } of named.byLabel) if (!pull.labelledAt.has(label)) pull.labelledAt.set(label, at)
    for (const [label] of pull.labelledAt)
      if (!told.labels.some((one: { name: string }) => one.name === label)) pull.labelledAt.delete(label)
    const stood = new Set(pull.since.keys())
    for (const id of new Set([...named.all, ...left])) {
      const label = named.byLabel.find((one) => one.id === id)?.label
      if (!this.#stands(pull, id)) pull.since.delete(id)
      else if (label !== undefined) pull.since.set(id, pull.labelledAt.get(label)!)
      else pull.since.set(id, pull.since.get(id) ?? at)
    }
    for (const id of new Set([...named.all, ...left])) this.#settle(pull, id, stood.has(id))
    if (action === 'closed' && pull.merged) this.#takeBack(pull)
  }

  #goal(pull: Pull, id: string): Goal {
    if (!pull.names.includes(id)) return 'none'
    if (pull.merged) {
      const completion = this.#completionOf(pull, id)
      const isBack = this.#rejected.has(`${completion} ${pull.head}`)
      return isBack && !this.#items.get(id)?.completions.has(completion) ? 'spent' : 'done'
    }
    if (!pull.open) return 'none'
    return pull.draft ? 'claim' : 'done'
  }

  #stands(pull: Pull, id: string): boolean {
    const goal = this.#goal(pull, id)
    return goal === 'claim' || goal === 'done'
  }

  #completionOf(pull: Pull, id: string): string {
    return completionId(this.#host, { kind: 'pull_request', id: pull.id }, id, pull.author)
  }

  /** Who waits for an item, the oldest label first. */
  #line(id: string): Pull[] {
    const waiting = [...this.#pulls.values()].filter((pull) => pull.since.has(id))
    return waiting.toSorted((a, b) => a.since.get(id)! - b.since.get(id)! || a.id - b.id)
  }

  /** Brings an item after one pull request; should it be open then, the one whose label is oldest takes it. */
  #settle(pull: Pull, id: string, stood: boolean) {
    const item = this.#items.get(id)
    if (item === undefined) return
    this.#follow(pull, id, item, stood)
    for (let next = this.#line(id)[0]; item.status === 'open' && next !== undefined; next = this.#line(id)[0])
      this.#follow(next, id, item, true)
  }

  #follow(pull: Pull, id: string, item: Item, stood: boolean) {
    const own = this.#completionOf(pull, id)
    const work = item.completions.get(own)
    if (work !== undefined && work.stamps.length > 0) return
    const goal = this.#goal(pull, id)
    if (goal === 'none') return this.#letGo(pull, id, item, work, stood)
    if (item.status === 'completed' || goal === 'spent') return
    if (item.status === 'in_review' && work !== undefined && item.holder === pull.author) {
      if (goal === 'done') return void Object.assign(work, { head: pull.head, merge: pull.merge })
      item.completions.delete(own)
      Object.assign(item, { status: 'open', holder: null })
    }
    if (item.status === 'open') {
      if (this.#line(id)[0] !== pull) return
      Object.assign(item, { status: 'claimed', holder: pull.author })
    }
    if (item.status !== 'claimed' || item.holder !== pull.author || goal === 'claim') return
    if (this.#rejected.has(`${own} ${pull.head}`)) return
    item.status = 'in_review'
    item.completions.set(own, { id: own, pull, by: pull.author, head: pull.head, merge: pull.merge, stamps: [] })
  }

  #letGo(pull: Pull, id: string, item: Item, work: Work | undefined, stood: boolean) {
    if (item.holder !== pull.author) return
    if (item.status === 'in_review' && work !== undefined) item.completions.delete(work.id)
    else if (item.status !== 'claimed' || !stood) return
    else if (this.#line(id).some((other) => other.author === pull.author)) return
    Object.assign(item, { status: 'open', holder: null })
  }

  /** What a merged pull request takes back, or brings back by taking back what took it: work named later as well. */
  #takeBack(pull: Pull) {
    const number = Number(/^Reverts \S+#(\d+)$/m.exec(pull.body)?.[1])
    const target = this.#pulls.get(number)
    if (target?.merged !== true) return
    const by = `pull_request/${pull.id}`
    for (const revert of this.#reverts)
      if (revert.by === `pull_request/${target.id}`) Object.assign(revert, { by, stands: !revert.stands })
    this.#reverts.push({ pull: target, revert: by, by, stands: true })
  }

  // oxlint-disable-next-line typescript/no-explicit-any -- GitHub's JSON
  #hear({ issue, comment }: any) {
    const [, name, item = '', rest = ''] = /^\/wl (\w+)(?: (w-[0-9a-f]{10}))?(.*)$/.exec(comment.body) ?? []
    const author = comment.user.login.toLowerCase()
    const pull = this.#pulls.get(issue.number)
    const isJudge = this.#judges.has(author) && pull !== undefined
    if (name === 'stamp' && isJudge) this.#stamp(pull, item, author, comment.id, Number(/quality=(\d)/.exec(rest)?.[1]))
    if (name === 'reject' && isJudge) this.#reject(pull, item)
    if (name === 'undo' && isJudge) this.#undo(pull, author)
    if (name === 'claim') this.#claim(item, author)
    if (name === 'unclaim') this.#unclaim(item, author)
  }

  #stamp(pull: Pull, id: string, author: string, comment: number, quality: number) {
    const item = this.#items.get(id)
    const work = item?.completions.get(this.#completionOf(pull, id))
    if (item === undefined || work === undefined || work.stamps.some((one) => one.author === author)) return
    if (work.stamps.length === 0) item.status = 'completed'
    const stamp = stampId(this.#host, { kind: 'issue_comment', id: comment }, work.id, work.by)
    work.stamps.push({ id: stamp, author, quality })
    this.#passbooks.set(work.by, [...(this.#passbooks.get(work.by) ?? []), stamp])
  }

  #reject(pull: Pull, id: string) {
    const item = this.#items.get(id)
    const work = item?.completions.get(this.#completionOf(pull, id))
    if (item === undefined || work === undefined || work.stamps.length > 0) return
    this.#rejected.add(`${work.id} ${pull.head}`)
    item.completions.delete(work.id)
    item.status = 'claimed'
    if (!this.#stands(pull, id)) pull.since.delete(id)
    this.#settle(pull, id, true)
  }

  /** Of one's stamps on this pull request's work the only one, while it is the last of its contributor's. */
  #undo(pull: Pull, author: string) {
    const given = [...this.#items].flatMap(([id, item]) => {
      const work = item.completions.get(this.#completionOf(pull, id))
      const stamp = work?.stamps.find((one) => one.author === author)
      return work === undefined || stamp === undefined ? [] : [{ id, item, work, stamp }]
    })
    const [one] = given
    if (one === undefined || given.length > 1) return
    const { id, item, work, stamp } = one
    const passbook = this.#passbooks.get(work.by)!
    if (passbook.at(-1) !== stamp.id) return
    passbook.pop()
    work.stamps = work.stamps.filter((other) => other !== stamp)
    if (work.stamps.length > 0) return
    item.status = 'in_review'
    this.#settle(pull, id, true)
  }

  #claim(id: string, author: string) {
    const item = this.#items.get(id)
    if (item === undefined || item.status !== 'open') return
    Object.assign(item, { status: 'claimed', holder: author })
    for (const pull of this.#line(id)) this.#settle(pull, id, true)
  }

  #unclaim(id: string, author: string) {
    const item = this.#items.get(id)
    if (item?.status !== 'claimed' || item.holder !== author) return
    if (this.#line(id).some((pull) => pull.author === author)) return
    Object.assign(item, { status: 'open', holder: null })
    const [next] = this.#line(id)
    if (next !== undefined) this.#settle(next, id, true)
  }

  end(): Expected {
    const items = [...this.#items].map(([id, { status, holder, completions }]) => {
      const works = [...completions.values()].map((work) => this.#shown(work))
      return [id, { status, holder, completions: works }] as const
    })
    const naming = [...this.#pulls.values()].filter(({ names }) => names.some((id) => this.#items.has(id)))
    return { items: new Map(items), naming: naming.map(({ number, id }) => ({ number, id })) }
  }

  #shown({ id, pull, by, head, merge, stamps }: Work): ExpectedCompletion {
    const isStamped = stamps.length > 0
    return {
      id,
      by,
      url: pull.url,
      head,
      merge,
      mergedAfter: isStamped && pull.merge !== merge ? pull.merge : undefined,
      closedAfter: isStamped && !pull.open && !pull.merged ? (pull.closedAt ?? undefined) : undefined,
      stamps,
      reverts: this.#reverts.flatMap((one) => (one.pull === pull && one.stands ? [one.revert] : [])),
    }
  }
}
