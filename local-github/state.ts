import { deserialize, serialize } from 'node:v8'
import { createClock } from './clock.ts'
import type { Delivery } from './courier.ts'
import { createGit, type Commit } from './git.ts'
import { createIds } from './ids.ts'
import { createPeople, type People } from './people/people.ts'
import type { World } from './world.ts'

/** The saved state of a local GitHub, without its listeners and requests under way. */
type State = Pick<World, 'app' | 'accounts' | 'repositories' | 'installations' | 'lastIds'> &
  Pick<People, 'count' | 'today' | 'told'> & { time: string; commits: Commit[]; deliveries: Delivery[] }

/** In V8's format, which later versions of Node read too, because it has maps and sets. */
export function saveState(world: World, deliveries: Delivery[]): Buffer {
  const { app, accounts, repositories, installations, lastIds, clock, git, people } = world
  const { count, today, told } = people
  const commits = [...git.commits.values()]
  const time = clock.iso()
  const state: State = {
    app,
    accounts,
    repositories,
    installations,
    lastIds,
    count,
    today,
    told,
    time,
    commits,
    deliveries,
  }
  return serialize(state)
}

/** The world as it was when it was saved; its time goes on from there. */
export function loadState(saved: Buffer): { world: World; deliveries: Delivery[] } {
  const { app, accounts, repositories, installations, lastIds, ...state } = deserialize(saved) as State
  const clock = createClock()
  clock.set(state.time)
  const today = new Date(state.today).toISOString()
  const world: World = {
    url: '',
    clock,
    id: createIds(lastIds),
    lastIds,
    git: createGit(state.commits),
    app,
    accounts,
    repositories,
    installations,
    people: createPeople({ accounts, clock }, { count: state.count, today }, state.told),
    emit: () => {},
  }
  return { world, deliveries: state.deliveries }
}
