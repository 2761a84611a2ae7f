import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/*
 * Run by `npm run check`: prints each place where a name or a docstring of `src` is not what it should be, and ends with
 * 1 where there is one.
 */

/** Private words that had a standard one. None comes back. */
const STANDARD: readonly (readonly [word: RegExp, standard: string])[] = [
  [/patien(?:ce|t(?:ly)?)/i, 'retry, timeout'],
  [/beginWork|freshness|stillOurs|ops\/stops/, 'suspend guard: runGuarded, assertNotSuspended'],
  [/readTogether|(?:read|write)InSets|\bgather(?:One|s|ed)?\b/, 'batch, batched read'],
  [
    /overhear|\b[pP]ace\b|\b[pP]auses?\b|[pP]aceFor|createPa(?:ce|uses)/,
    'rate limit monitor, request throttle, circuit breaker',
  ],
  [/\basked(?:Maybe|Twice)|await asked\(/, 'call, callOrNotFound, callRetryingNotFound'],
  [/\bmemory\.ts|\brecall\b|createMemory|memory-drops|dropsOf/, 'cache: getOrFetch, invalidate'],
  [/[sS]weep|\bswept\b/, 'scheduled job, poll'],
  [/\brooms\b|Rooms(?:Of)?\b|roomsOf|start-rooms/, 'deps, `XDeps`; compose.ts wires'],
  [
    /[sS]teward|enterAs|\bletGo\b|authorization.gate/,
    'checkAdmission, requireParticipant, requireItemManager, findOrRegisterRig, release',
  ],
  [/[sS]ituation|[oO]ccasion/, 'ActionContext, CommandContext'],
  [
    /\battend(?!s\b)|Attend|[rR]ivals|[nN]amesake(?!\/)|\bsignalsOf|\blookAt\b|lookFirst|tellIssue|standingEvent/,
    'sync, snapshot, competing pull requests, handle collision, review metrics, notify, permission events',
  ],
  [
    /\bunheard[A-Z(]|\bhear\(|\btell[A-Z(]|lookAt[A-Z]|forget(?:Person|Lost|Check|Process)\b|[bB]eginForgetting/,
    'notify, missed, revisit, inspect; erase of a person, drop or invalidate of a cache',
  ],
  [/\bPile\b|[a-z]Pile\b|\bpile[A-Z]/, 'profile store, profiles; the database keeps its name `pile`'],
  [/\b[sS]eals\b|pgBoss|PgBoss/, 'signed markers, jobs'],
  [
    /\bpress(?:e[ds]|ing)?\b(?!'|`| a button)|[hH]eldStamp|heldOn\b|shownHeld/,
    'deferred stamp: deferStamp, giveDeferred; `stamp-on: merge`',
  ],
  [
    /TurnResult|TurnSet|InSet\b|lookFirst|writer-line|forTurn|writer's turn/,
    'transaction, batch, conflict keys, verify, write queue',
  ],
  [
    /\blook(?!Up)[A-Z]|[a-z]Look(?!up|Up)|\bLook(?!Up)[A-Z]|\bLOOKS?_|\blook(?:ed|ing)?(?:\(|\.[a-z]| = )|\blookedAt\b|-look\b/,
    'inspect, check, find, scan cursor, poll, revisit; lookup and lookUp are standard',
  ],
]

const root = new URL('../src/', import.meta.url).pathname
const files = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => join(entry.parentPath, entry.name))
  .map((path) => ({ name: path.slice(root.length), lines: readFileSync(path, 'utf8').split('\n') }))

const words = files.flatMap(({ name, lines }) =>
  [name, ...lines].flatMap((line, at) =>
    STANDARD.filter(([word]) => word.test(line)).map(
      ([word, standard]) => `src/${name}:${at}: ${word.exec(line)?.[0]} — write ${standard}`,
    ),
  ),
)

/** Each type has one name, and each name one meaning. */
const types = files.flatMap(({ name, lines }) =>
  lines.flatMap((line, at) => {
    const type = /^(?:export )?(?:interface|type|class) (\w+)/.exec(line)?.[1]
    return type === undefined ? [] : [{ type, place: `src/${name}:${at + 1}` }]
  }),
)
const twice = [...Map.groupBy(types, ({ type }) => type)].flatMap(([type, places]) =>
  places.length < 2 ? [] : [`type ${type} is defined in ${places.map(({ place }) => place).join(' and ')}`],
)

/** Docstrings of exports that begin with a clause where the thing's own noun belongs. */
const unclear = files.flatMap(({ name, lines }) =>
  [...lines.join('\n').matchAll(/^\/\*\*\s+(?:\* )?(Who|Whose|What|As|Of)\b(?:(?!\*\/)[^])*\*\/\nexport /gm)].map(
    ({ 1: word, index }) =>
      `src/${name}:${lines.join('\n').slice(0, index).split('\n').length}: a docstring begins with ${word}; say what the thing is, by a noun`,
  ),
)

const faults = [...words, ...twice, ...unclear]
for (const fault of faults) console.log(fault)
process.exitCode = faults.length === 0 ? 0 : 1
