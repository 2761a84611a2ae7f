import type { LocalGitHub } from '../../local-github/local-github.ts'
import type { Act } from './acts.ts'

/** A kind of act. */
export type Doing = keyof typeof PLANS

/** Where a history is played: a repository, items and people of its own; ada owns it, mia and max maintain it. */
export interface Scene {
  gh: LocalGitHub
  repo: string
  repositoryId: number
  items: readonly [string, string]
  /** An outsider, with a fork, and a collaborator who may write and no more. */
  people: readonly [string, string]
  /** Number of each pull request that is open or was. */
  pulls: (number | undefined)[]
  /** Pull requests that take back: of pull n, the last one is the one that stands. */
  reverts: number[][]
  /** Pull requests whose head branch is deleted. */
  branchless: Set<number>
  issue?: number
  made: number
}

/** An act that can be done now. */
export interface Plan {
  says: string
  run(): void
  /** Items that it may give, take or move. */
  moves: string[]
  /**
   * It is carried out by what GitHub says then: `judges` the work as it is, with all that came before; `alone` must
   * also be heard after that; `binds` besides makes what becomes of its item hang on what comes first.
   */
  command?: 'judges' | 'alone' | 'binds'
}

const MAINTAINERS = ['mia', 'max'] as const
const METHODS = ['merge', 'squash', 'rebase'] as const

export function newScene(gh: LocalGitHub, name: string, items: readonly [string, string]): Scene {
  const people = [`ann-${name}`, `bob-${name}`] as const
  for (const login of [...people, ...MAINTAINERS, 'eve']) gh.user(login)
  const repo = `ada/${name}`
  const collaborators = { mia: 'maintain', max: 'maintain', [people[1]]: 'write' } as const
  const { id: repositoryId } = gh.repository(repo, { files: { 'src/a.ts': 'one\ntwo\nthree\n' }, collaborators })
  return { gh, repo, repositoryId, items, people, pulls: [], reverts: [], branchless: new Set(), made: 0 }
}

/** The items that a pull request names by its labels, and by a line of its description. */
export function namedIn({ labels, body }: { labels: { name: string }[]; body: string | null }) {
  const byLabel = labels.flatMap(({ name }) => {
    const id = /^(?:wl:)?(w-[0-9a-f]{10})$/i.exec(name)?.[1]?.toLowerCase()
    return id === undefined ? [] : [{ id, label: name }]
  })
  const byLine = [...(body ?? '').matchAll(/^Wanted: (w-[0-9a-f]{10})$/gm)].map(([, id]) => id!)
  return { byLabel, byLine, all: [...new Set([...byLabel.map(({ id }) => id), ...byLine])] }
}

/** Undefined where GitHub would refuse it, or nothing would change. */
export function planOf(scene: Scene, act: Act): Plan | undefined {
  const number = scene.pulls[act.pull]
  const plan = PLANS[act.does]
  if (act.does === 'open') return number === undefined ? PLANS.open(at(scene, act, 0)) : undefined
  if (number === undefined && act.does !== 'claim' && act.does !== 'unclaim') return undefined
  return plan(at(scene, act, number ?? 0))
}

function at(scene: Scene, { pull: n, item: i, way }: Act, number: number) {
  const { gh, repo } = scene
  const author = scene.people[n % 2]!
  // oxlint-disable-next-line typescript/no-explicit-any -- GitHub's JSON
  const pull: any = number === 0 ? undefined : gh.pull(repo, number)
  const item = scene.items[i % 2]!
  const named = pull === undefined ? [] : namedIn(pull).all
  const isOpen = pull?.state === 'open'
  return { scene, gh, repo, n, number, author, pull, item, named, isOpen, way, is: `#${number} of ${author}` }
}

type At = ReturnType<typeof at>

function file({ scene, author }: At): Record<string, string> {
  const n = ++scene.made
  return { [`src/${author}-${n}.ts`]: `export const n${n} = ${n}\n` }
}

function hasBranch({ scene, n }: At): boolean {
  return !scene.branchless.has(n)
}

function say({ gh, repo, number }: At, login: string, line: string) {
  gh.as(login).comment(repo, number, line)
}

/** The thread of an issue, made when it is first needed. */
function thread({ scene, gh, repo }: At): number {
  return (scene.issue ??= gh.as('ada').openIssue(repo, { title: 'Talk' }).number)
}

const PLANS = {
  open(a: At): Plan {
    const line = a.way % 3 === 0 ? `Wanted: ${a.item}` : ''
    // An outsider's labels GitHub drops: somebody else puts them on.
    const label = a.way % 3 === 1 ? `wl:${a.item}` : undefined
    const draft = a.way >= 3
    const how = line !== '' ? ` with ${line}` : label === undefined ? '' : ` labelled ${label}`
    return {
      says: `${a.author} opens a ${draft ? 'draft' : 'pull request'}${how}`,
      moves: a.way % 3 === 2 ? [] : [a.item],
      run() {
        const { number } = a.gh.as(a.author).openPullRequest({
          repo: a.repo,
          title: 'Count',
          body: line,
          head: `work-${a.n}`,
          draft,
          labels: label === undefined ? [] : [label],
          commits: [{ message: 'Count', files: file(a) }],
        })
        a.scene.pulls[a.n] = number
        if (label !== undefined && a.gh.pull(a.repo, number).labels.length === 0)
          a.gh.as('ada').label(a.repo, number, label)
      },
    }
  },
  label(a: At): Plan | undefined {
    const label = [`wl:${a.item}`, a.item, `WL:${a.item.toUpperCase()}`][a.way % 3]!
    const has = a.pull.labels.some(({ name }: { name: string }) => name.toLowerCase() === label.toLowerCase())
    if (has) return undefined
    const run = () => a.gh.as('ada').label(a.repo, a.number, label)
    return { says: `ada labels ${a.is} ${label}`, moves: [...a.named, a.item], run }
  },
  unlabel(a: At): Plan | undefined {
    const label = namedIn(a.pull).byLabel[0]?.label
    if (label === undefined) return undefined
    const run = () => a.gh.as('ada').unlabel(a.repo, a.number, label)
    return { says: `ada takes ${label} off ${a.is}`, moves: a.named, run }
  },
  relabel(a: At): Plan | undefined {
    const old = namedIn(a.pull).byLabel[0]
    const next = a.scene.items.find((id) => id !== old?.id)!
    if (old === undefined || a.named.includes(next)) return undefined
    return {
      says: `ada takes ${old.label} off ${a.is} and puts wl:${next} on`,
      moves: [...a.named, next],
      run() {
        a.gh.as('ada').unlabel(a.repo, a.number, old.label)
        a.gh.as('ada').label(a.repo, a.number, `wl:${next}`)
      },
    }
  },
  line(a: At): Plan | undefined {
    const body = a.way % 2 === 0 ? `Wanted: ${a.item}` : ''
    if ((a.pull.body ?? '') === body) return undefined
    const run = () => a.gh.as(a.author).editBody(a.repo, a.number, body)
    return { says: `${a.author} edits the description of ${a.is}: "${body}"`, moves: [...a.named, a.item], run }
  },
  push(a: At): Plan | undefined {
    if (!a.isOpen || !hasBranch(a)) return undefined
    const run = () => void a.gh.as(a.author).push(a.repo, a.number, { message: 'More', files: file(a) })
    return { says: `${a.author} pushes to #${a.number}`, moves: [], run }
  },
  forcePush(a: At): Plan | undefined {
    if (!a.isOpen || !hasBranch(a)) return undefined
    const run = () => void a.gh.as(a.author).forcePush(a.repo, a.number, { message: 'Anew', files: file(a) })
    return { says: `${a.author} pushes to #${a.number} by force`, moves: [], run }
  },
  toDraft(a: At): Plan | undefined {
    if (!a.isOpen || a.pull.draft) return undefined
    const run = () => a.gh.as(a.author).convertToDraft(a.repo, a.number)
    return { says: `${a.author} makes #${a.number} a draft`, moves: a.named, run }
  },
  ready(a: At): Plan | undefined {
    if (!a.isOpen || !a.pull.draft) return undefined
    const run = () => a.gh.as(a.author).readyForReview(a.repo, a.number)
    return { says: `#${a.number} is ready for review`, moves: a.named, run }
  },
  merge(a: At): Plan | undefined {
    if (!a.isOpen || a.pull.draft) return undefined
    const method = METHODS[a.way % 3]!
    return {
      says: `ada merges ${a.is} (${method})`,
      moves: a.named,
      run: () => void a.gh.as('ada').merge(a.repo, a.number, method),
    }
  },
  close(a: At): Plan | undefined {
    if (!a.isOpen) return undefined
    const by = a.way % 2 === 0 ? a.author : 'mia'
    const run = () => a.gh.as(by).close(a.repo, a.number)
    return { says: `${by} closes ${a.is}`, moves: a.named, run }
  },
  reopen(a: At): Plan | undefined {
    if (a.isOpen || a.pull.merged || !hasBranch(a)) return undefined
    const run = () => a.gh.as(a.author).reopen(a.repo, a.number)
    return { says: `${a.author} reopens #${a.number}`, moves: a.named, run }
  },
  deleteBranch(a: At): Plan | undefined {
    if (!hasBranch(a)) return undefined
    return {
      says: `${a.author} deletes the branch of #${a.number}`,
      moves: a.isOpen ? a.named : [],
      run() {
        a.scene.branchless.add(a.n)
        a.gh.as(a.author).deleteBranch(a.pull.head.repo.full_name, a.pull.head.ref)
      },
    }
  },
  stamp(a: At): Plan {
    const by = MAINTAINERS[a.way % 2]!
    const run = () => say(a, by, `/wl stamp ${a.item} quality=${1 + (a.way % 5)} skills=typescript`)
    return { says: `${by} stamps ${a.item} on ${a.is}`, moves: [a.item], command: 'judges', run }
  },
  reject(a: At): Plan {
    const by = MAINTAINERS[a.way % 2]!
    const run = () => say(a, by, `/wl reject ${a.item} reason="Not yet"`)
    return { says: `${by} rejects ${a.item} on ${a.is}`, moves: [a.item], command: 'binds', run }
  },
  undo(a: At): Plan {
    const by = MAINTAINERS[a.way % 2]!
    const run = () => say(a, by, '/wl undo')
    return { says: `${by} undoes the stamp on ${a.is}`, moves: [...a.scene.items], command: 'alone', run }
  },
  /** What nobody may who is no maintainer: it must change nothing. */
  meddle(a: At): Plan {
    const [ann, bob] = a.scene.people
    const by = ['eve', ann, bob, a.author][a.way % 4]!
    const line = a.way < 4 ? `/wl stamp ${a.item} quality=5` : `/wl reject ${a.item} reason="Mine"`
    return { says: `${by} says on ${a.is}: ${line}`, moves: [], run: () => say(a, by, line) }
  },
  claim(a: At): Plan {
    const run = () => say({ ...a, number: thread(a) }, a.author, `/wl claim ${a.item}`)
    return { says: `${a.author} claims ${a.item}`, moves: [a.item], command: 'binds', run }
  },
  unclaim(a: At): Plan {
    const run = () => say({ ...a, number: thread(a) }, a.author, `/wl unclaim ${a.item}`)
    return { says: `${a.author} lets ${a.item} go`, moves: [a.item], command: 'binds', run }
  },
  /** A merged pull request that takes the work back; done again, that one is taken back. */
  revert(a: At): Plan | undefined {
    if (!a.pull.merged) return undefined
    const chain = (a.scene.reverts[a.n] ??= [])
    const target = chain.at(-1) ?? a.number
    return {
      says: `ada merges a revert of #${target}`,
      moves: [...a.scene.items],
      command: 'alone',
      run() {
        const ada = a.gh.as('ada')
        const { number } = ada.revertPullRequest(a.repo, target)
        ada.merge(a.repo, number, METHODS[a.way % 3])
        chain.push(number)
      },
    }
  },
}
