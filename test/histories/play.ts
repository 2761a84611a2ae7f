import type { Act, Fate, History } from './acts.ts'
import { namedIn, newScene, type Plan, planOf, type Scene } from './plans.ts'
import type { Delivery, LocalGitHub } from '../../local-github/local-github.ts'

/**
 * A history on its way. Between two rests deliveries may come in any order, twice, or late; at a rest the bridge has
 * heard of all. The bridge promises order within a pull request, judges a command by what GitHub says when it is
 * carried out, and gives an item to the pull request of which it hears first. So the play rests
 *
 *   before and after whatever moves an item that several want, or that a command has bound;
 *   before a command, where the bridge may not have heard of the head that it judges: it asks again then;
 *   after a command, but for the merge of what was stamped, which is a note or evidence by design.
 *
 * Everything else is free to meet in one stretch.
 */
export interface Played {
  scene: Scene
  /** What happened, as people read it. */
  lines: string[]
  /** Does the next act; `rest` when the bridge must hear of all before, `end` after the last. */
  step(): 'done' | 'rest' | 'end'
}

const MOVE_HEAD: ReadonlySet<string> = new Set(['open', 'push', 'forcePush'])
const DELAYED: ReadonlySet<Fate> = new Set(['late', 'swapped', 'failed', 'lost'])

/** Told of the deliveries of each act, at once. */
export type Dispatch = (guids: readonly string[], fate: Fate, lane: string) => void

export function play(
  gh: LocalGitHub,
  name: string,
  items: readonly [string, string],
  history: History,
  dispatch: Dispatch,
): Played {
  const scene = newScene(gh, name, items)
  const namers = new Map<string, Set<number>>()
  const bound = new Set<string>()
  const lines: string[] = []
  let next = 0
  let stretch = emptyStretch()

  /** Whether what becomes of it depends on who is heard first. */
  function isContested(act: Act, plan: Plan): boolean {
    return plan.moves.some((id) => bound.has(id) || new Set([...(namers.get(id) ?? []), act.pull]).size > 1)
  }

  function mayFollow(act: Act, plan: Plan): boolean {
    if (stretch.acts === 0) return true
    if (plan.command === 'judges' && stretch.unseen.has(act.pull)) return false
    if (stretch.closed) return act.does === 'merge' && act.pull === stretch.stamped && !isContested(act, plan)
    return (plan.command ?? 'judges') === 'judges' && !isContested(act, plan)
  }

  function carryOut(act: Act, plan: Plan) {
    const from = gh.deliveries.length
    const alone = plan.command !== undefined || isContested(act, plan)
    plan.run()
    const told = Map.groupBy(gh.deliveries.slice(from), (delivery) => fateOf(delivery, act.fate))
    for (const [fate, deliveries] of told) {
      const guids = deliveries.map(({ guid }) => guid)
      dispatch(guids, fate, scene.repo)
    }
    if (plan.command === 'binds') for (const id of plan.moves) bound.add(id)
    if (plan.command === undefined) for (const id of plan.moves) note(id, act.pull)
    // An event of a pull request tells of its head: heard of after the next push, it tells of the head before.
    if (DELAYED.has(act.fate) && plan.command === undefined) stretch.delayed.add(act.pull)
    if (MOVE_HEAD.has(act.does) && stretch.delayed.has(act.pull)) stretch.unseen.add(act.pull)
    stretch = {
      ...stretch,
      acts: stretch.acts + 1,
      closed: stretch.closed || alone,
      stamped: act.does === 'stamp' ? act.pull : undefined,
    }
    lines.push(`${plan.says}${act.fate === 'once' ? '' : ` (${act.fate})`}`)
  }

  function note(id: string, pull: number) {
    const number = scene.pulls[pull]
    if (number === undefined || !namedIn(gh.pull(scene.repo, number)).all.includes(id)) return
    namers.set(id, (namers.get(id) ?? new Set()).add(pull))
  }

  return {
    scene,
    lines,
    step() {
      for (; next < history.length; next++) {
        const act = history[next]!
        const plan = planOf(scene, act)
        if (plan === undefined) continue
        if (!mayFollow(act, plan)) {
          stretch = emptyStretch()
          lines.push('— the bridge hears of all —')
          return 'rest'
        }
        carryOut(act, plan)
        next++
        return 'done'
      }
      return 'end'
    },
  }
}

/** GitHub keeps a delivery's GUID. Under another one a command that was refused is a new one, and may be granted. */
function fateOf({ event }: Delivery, fate: Fate): Fate {
  return fate === 'again' && event === 'issue_comment' ? 'twice' : fate
}

interface Stretch {
  acts: number
  closed: boolean
  stamped: number | undefined
  /** Pull requests with events that the bridge hears of later. */
  delayed: Set<number>
  /** Pull requests whose newest head may not be the one that the bridge heard of last. */
  unseen: Set<number>
}

function emptyStretch(): Stretch {
  return { acts: 0, closed: false, stamped: undefined, delayed: new Set(), unseen: new Set() }
}
