import { commandId } from '../domain/ids.ts'
import { DIMENSIONS, fullValence } from '../domain/stamp.ts'
import { findComment } from '../github/comments.ts'
import { endHeld, type HeldStamp, heldOn } from '../operations/held-stamps.ts'
import { textFormsSince } from '../operations/text-forms.ts'
import { attend, type Attended, type Place } from '../pull-requests/attend.ts'
import { lookAt, once } from '../pull-requests/look.ts'
import type { Cause } from '../pull-requests/follow.ts'
import { quote } from '../replies/markdown.ts'
import type { CommandRooms } from './command.ts'
import { heldGiven, NOT_PRESSED, PRESSED, readHeldKey, sayEnded } from './hold.ts'
import { parseCommands } from './parse.ts'
import { readCommand } from './read.ts'
import { giveStamp, stamp, type StampArgs } from './stamp.ts'
import { tokenize } from './tokens.ts'

/** Looks at a pull request, and presses the stamps that waited for its merge. */
export async function attendAndPress(
  rooms: CommandRooms,
  place: Place,
  cause: Cause,
): Promise<Awaited<ReturnType<typeof attend>>> {
  const attended = await attend(rooms, place, cause)
  if (attended === undefined || 'refused' in attended || !attended.pull.merged) return attended
  // It is looked at again by itself; until then a stamp would be refused for what is not known.
  if (attended.undecided) return attended
  const { held, known } = await heldOn(rooms.store, rooms.host, attended.pull.id)
  const waits =
    attended.settings.press === 'merge' && attended.items.some(({ rest }) => rest === 'in-review' || rest === 'entered')
  const sealed = waits ? await readHeld(rooms, place, attended) : []
  const stamps = [...held, ...sealed.filter(({ command }) => !known.has(command))]
  let isOver = true
  for (const one of stamps) isOver = (await press(rooms, place, attended, cause, one)) && isOver
  // A stamp that was given has shown itself; one that was not pressed is held no more.
  return isOver ? attended : attend(rooms, place, cause)
}

/** Gives a held stamp as its author would now; where that cannot be, they are asked again, once. */
async function press(
  rooms: CommandRooms,
  place: Place,
  { pull }: Attended,
  cause: Cause,
  held: HeldStamp,
): Promise<boolean> {
  const { author_id: id, login: name, comment_kind: kind, comment_id, wanted_id: wanted } = held
  const args = await toPress(held, await textFormsSince(rooms.store))
  const situation = {
    place,
    on: 'pull request' as const,
    look: once(() => lookAt(rooms, place)),
    repository: pull.repository,
    comment: { kind, id: comment_id },
    author: { id, login: name, type: 'User' as const },
    at: pull.mergedAt!,
    delivery: cause.delivery,
  }
  const item = args?.item?.startsWith('c-') === true ? args.item : wanted
  const answer =
    args === undefined
      ? { ok: false, text: unreadable(held) }
      : await giveStamp(rooms, situation, { ...args, item }, held.command, held)
  await sayEnded(rooms, place, held, answer.ok ? PRESSED : NOT_PRESSED)
  // A comment of its own, for an edit tells nobody.
  if (!answer.ok)
    await rooms.reply(place, `unpressed/${held.command}`, `**Not pressed**, @${name}: ${answer.text ?? ''}`)
  await endHeld(rooms.store, held.command, answer.ok ? 'pressed' : 'asked')
  return answer.ok
}

function unreadable({ wanted_id: wanted, line }: HeldStamp): string {
  return (
    `${quote(line)} was held by an earlier version of this bridge, which may have read it otherwise, so it is not ` +
    `known what it gives. Say it again, for example: \`/wl stamp ${wanted} quality=4\`.`
  )
}

async function readLine(line: string): Promise<{ args: StampArgs; isPlain: boolean } | undefined> {
  const [written] = (await parseCommands(line)) ?? []
  const read = written && readCommand([stamp], written)
  return read === undefined || 'error' in read
    ? undefined
    : { args: read.args, isPlain: read.isPlain && written?.isPlain === true }
}

/**
 * What a held stamp gives. A line that an earlier version of this bridge may have read otherwise gives what that
 * version kept of it, and the options that are written as every version reads them. Undefined where that does not tell.
 */
export async function toPress(
  { line, given, said_at }: Pick<HeldStamp, 'line' | 'given' | 'said_at'>,
  since: Date,
): Promise<StampArgs | undefined> {
  const read = await readLine(line)
  if (read?.isPlain === true || new Date(said_at) >= since) return read?.args
  const args = { ...(await plainOptions(line)), ...given } as StampArgs
  return fullValence(args) === undefined ? undefined : args
}

const SCORES: ReadonlySet<string> = new Set(DIMENSIONS)

/** The options of a line, but its scores, as far as they are written as help writes them. */
async function plainOptions(line: string): Promise<Partial<StampArgs>> {
  const rest = (await parseCommands(line))?.[0]?.rest ?? ''
  const { tokens } = tokenize(rest, (name) => Object.hasOwn(stamp.options.shape, name))
  const found = tokens.flatMap((token) => {
    if (token.kind !== 'option' || !token.isPlain || SCORES.has(token.key)) return []
    const value = stamp.options.shape[token.key]?.safeParse(token.value)
    return value?.success === true ? [[token.key, value.data] as const] : []
  })
  return Object.fromEntries(found)
}

/** The held stamps of a pull request as the seals in our answers and the comments of their authors tell them. */
async function readHeld(rooms: CommandRooms, place: Place, { pull, items }: Attended): Promise<HeldStamp[]> {
  const keys = await rooms.seals.read(place, 'held/')
  const found = await Promise.all(
    keys.map(async (key): Promise<HeldStamp[]> => {
      const told = readHeldKey(key)
      const said = told && (await findComment(place.client, place.name, place.number, told.comment))
      const line = told && said && (await lineOf(rooms.host, told, said.body))
      // Gone, or changed since: what was said then is not known.
      if (line === undefined || said?.author === undefined) return []
      const { command, head, diff, comment } = told!
      const read = await readLine(line)
      const item = read?.args.item
      // What an earlier version read in another line is lost with the store.
      const isKnown = read?.isPlain === true || new Date(said.at) >= (await textFormsSince(rooms.store))
      const { id: author_id, login: name } = said.author
      return [
        {
          command,
          host: rooms.host,
          pull_request_id: pull.id,
          wanted_id: item !== undefined && item.startsWith('w-') ? item : items[0]!.wanted,
          comment_kind: comment.kind,
          comment_id: comment.id,
          author_id,
          login: name,
          line,
          given: isKnown ? heldGiven(read?.args ?? {}) : {},
          head,
          diff,
          said_at: said.at,
        },
      ]
    }),
  )
  return found.flat()
}

/** The line of a comment that is this command: its id has the hash of it. */
async function lineOf(
  host: string,
  { command, comment }: NonNullable<ReturnType<typeof readHeldKey>>,
  body: string,
): Promise<string | undefined> {
  const nth = Number(command.slice(command.lastIndexOf('/') + 1))
  return ((await parseCommands(body)) ?? []).find(
    ({ line }) => commandId(host, comment, stamp.name, line, nth) === command,
  )?.line
}
