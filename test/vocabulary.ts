import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Private words that had a standard one: none comes back into `src`. Run by `npm run check`; prints each place and ends
 * with 1 when there is one.
 */
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
  [/\brooms\b|Rooms\b|start-rooms/, 'deps, `XDeps`; compose.ts wires'],
  [
    /[sS]teward|enterAs|\bletGo\b|authorization.gate/,
    'checkAdmission, requireParticipant, requireItemManager, findOrRegisterRig, release',
  ],
  [/[sS]ituation|[oO]ccasion/, 'ActionContext, CommandContext'],
  [
    /\battend(?!s\b)|Attend|[rR]ivals|[nN]amesake(?!\/)|\bsignalsOf|\blookAt\b|lookFirst|tellIssue|standingEvent/,
    'sync, snapshot, competing pull requests, handle collision, review metrics, notify, permission events',
  ],
  [/\b[sS]eals\b|openBoss|[^-/]\bboss\b/, 'signed markers, pgBoss'],
  [
    /TurnResult|TurnSet|InSet\b|lookFirst|writer-line|forTurn|writer's turn/,
    'transaction, batch, conflict keys, verify, write queue',
  ],
  // here
]

const root = new URL('../src/', import.meta.url).pathname
const places = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => join(entry.parentPath, entry.name))
  .flatMap((path) =>
    [path, ...readFileSync(path, 'utf8').split('\n')].flatMap((line, at) =>
      STANDARD.filter(([word]) => word.test(at === 0 ? path.slice(root.length) : line)).map(
        ([word, standard]) => `src/${path.slice(root.length)}:${at}: ${word.exec(line)?.[0]} — write ${standard}`,
      ),
    ),
  )
for (const place of places) console.log(place)
process.exitCode = places.length === 0 ? 0 : 1
