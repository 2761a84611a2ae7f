import { z } from 'zod'
import { readEvidence } from '../domain/evidence.ts'
import { completionId } from '../domain/ids.ts'
import { entityUri, type Rig } from '../domain/rig.ts'
import { ledgerTime } from '../domain/time.ts'
import type { Wanted } from '../domain/wanted.ts'
import { findCommit } from '../github/pull-requests.ts'
import { findCompletion, insertCompletion } from '../ledger/completions.ts'
import { findWanted, moveWanted } from '../ledger/wanted.ts'
import { commandHasRun } from '../operations/ledger-index.ts'
import { contendersFor } from '../operations/pull-request-items.ts'
import { quote } from '../replies/markdown.ts'
import { recordedFor } from '../replies/status.ts'
import { command, type CommandRooms, type Situation } from './command.ts'
import { enter } from './enter.ts'
import { findTarget } from './item.ts'
import { neededLine, wantedId } from './options.ts'
import { record } from './record.ts'

const EXAMPLE = '/wl done w-0123456789 evidence=https://example.org/report'

export const done = command({
  name: 'done',
  group: 'work',
  usage: '/wl done [w-…] evidence=<link, commit SHA or "text">',
  summary: 'submits work that is no pull request',
  who: 'who holds the claim',
  examples: [
    '/wl done evidence=https://example.org/report.html',
    '/wl done evidence="Asked twelve users, notes in #42"',
  ],
  on: 'both',
  words: ['item'],
  options: z.strictObject({ item: wantedId.optional(), evidence: neededLine(1000) }),
  async run(rooms, situation, args, id) {
    const entered = await enter(rooms, situation)
    if ('refused' in entered) return entered.refused
    if (situation.on === 'pull request' && args.item === undefined) return { ok: false, text: ON_PULL }
    const target = await findTarget(rooms, situation, args.item, EXAMPLE)
    if ('refused' in target) return target.refused
    const wanted = target.item.id
    const completion = completionId(rooms.host, situation.comment, wanted, entered.rig.handle)
    const said = submitted(completion, entered.rig)
    if (await commandHasRun(rooms.store, rooms.ledger, id)) return { ok: true, text: said }
    const read = await readGiven(situation, args.evidence)
    if ('refused' in read) return { ok: false, text: read.refused }
    return record(rooms, situation, id, said, async (db) => {
      const item = await findWanted(db, wanted)
      const refused = item === undefined ? GONE : await refusalNow(rooms, situation, item, entered.rig)
      if (refused !== undefined) return { refuse: refused }
      const { handle, hopUri } = entered.rig
      await moveWanted(db, 'done', wanted, { holder: handle, evidence: read.evidence, at: situation.at })
      await insertCompletion(db, {
        id: completion,
        wantedId: wanted,
        completedBy: handle,
        evidence: read.evidence,
        hopUri: hopUri ?? entityUri(rooms.host, situation.author),
        completedAt: ledgerTime(situation.at),
      })
      return {
        subject: `wl done: ${wanted}`,
        stands: async (after) => (await findCompletion(after, completion)) !== undefined,
      }
    })
  },
})

const ON_PULL =
  'A pull request is submitted by marking it ready for review. For other work, name the item: ' +
  '`/wl done w-0123456789 evidence=…`.'
const GONE = 'There is no such item on this board now. `/wl board` lists the open ones.'

function submitted(completion: string, rig: Rig): string {
  return (
    `Submitted as ${quote(completion)}. Next: a maintainer, or a rig of trust level 3, comments \`/wl stamp quality=4\` on the issue of ` +
    `the item, or \`/wl reject reason="…"\`.\n\n${recordedFor([rig.handle])}`
  )
}

/** Why the item takes no work from this rig now. */
async function refusalNow(
  rooms: CommandRooms,
  { author }: Situation,
  { id, status, claimedBy }: Wanted,
  { handle }: Rig,
): Promise<string | undefined> {
  if (status === 'open') return `Nobody holds ${quote(id)}. Take it first, \`/wl claim ${id}\`, then say this again.`
  if (status === 'withdrawn')
    return `${quote(id)} was taken off the board by its poster, so it takes no work. \`/wl board\` lists open items.`
  if (status === 'completed')
    return `${quote(id)} is completed, so it takes no more work. \`/wl board\` lists open items.`
  if (claimedBy !== handle)
    return `${quote(claimedBy ?? 'somebody else')} holds ${quote(id)}, and only who holds it may submit work. \`/wl board\` lists open items.`
  if (status !== 'claimed') return `${quote(id)} is in review already. A maintainer stamps or rejects it next.`
  const pull = (await contendersFor(rooms.store, id)).find(
    (one) => one.host === rooms.host && one.author_id === author.id,
  )
  if (pull === undefined) return undefined
  return (
    `Your pull request ${quote(`${pull.owner}/${pull.repo}#${pull.number}`)} names ${quote(id)} and is the work on it: mark it ready for ` +
    'review, and it is submitted. If it is not, take the label or the `Wanted:` line away and claim the item again.'
  )
}

const SHA = /^[0-9a-f]{7,40}$/i
const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i
/** A name and a password before the host, wherever a link stands. */
const CREDENTIALS = /:\/\/[^\s/?#]*@/

/** The evidence as it is kept: a link is never fetched, a SHA is GitHub's to confirm. */
async function readGiven(
  { place, repository }: Situation,
  text: string,
): Promise<{ evidence: string } | { refused: string }> {
  if (CREDENTIALS.test(text))
    return { refused: 'A link with a user name or password in it is not kept: the ledger is public. Give it without.' }
  if (readEvidence(text) !== undefined)
    return {
      refused: `A pull request is submitted by itself: give it a label or a line \`Wanted: w-…\`, and mark it ready.`,
    }
  if (SHA.test(text)) {
    const commit = await findCommit(place.client, place.name, text)
    if (commit !== undefined) return { evidence: commit.url }
    return {
      refused: `GitHub knows no commit ${quote(text)} in ${quote(repository.fullName)}. Check the SHA; work that lies elsewhere is given as a link.`,
    }
  }
  const isLink = SCHEME.test(text) && !text.includes(' ')
  if (isLink && !(URL.canParse(text) && new URL(text).protocol === 'https:'))
    return { refused: `${quote(text)} is no https link. Give one that begins with \`https://\`, or a text in quotes.` }
  return { evidence: text }
}
