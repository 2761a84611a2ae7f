import leven from 'leven'
import { SEVERAL_MEANINGS } from '../../replies/unread.ts'
import type { Command } from '../command.ts'

/**
 * Words that people write for a command, with the commands that they may mean, as written after `/wl`. No command is
 * ever run for another word.
 */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  approve: ['stamp'],
  approved: ['stamp'],
  lgtm: ['stamp'],
  rate: ['stamp'],
  rating: ['stamp'],
  review: ['stamp'],
  score: ['stamp'],
  grade: ['stamp'],
  quality: ['stamp'],
  endorse: ['stamp'],
  merge: ['stamp'],
  validate: ['stamp'],
  ok: ['stamp'],
  take: ['claim'],
  assign: ['claim'],
  pick: ['claim'],
  start: ['claim'],
  work: ['claim'],
  drop: ['unclaim'],
  unassign: ['unclaim'],
  release: ['unclaim'],
  abandon: ['unclaim'],
  unstamp: ['undo'],
  revoke: ['undo'],
  revert: ['undo'],
  create: ['post'],
  new: ['post'],
  add: ['post'],
  open: ['post'],
  want: ['post'],
  wanted: ['post'],
  offer: ['post'],
  bounty: ['post bounty'],
  edit: ['update'],
  change: ['update'],
  modify: ['update'],
  set: ['update'],
  submit: ['done'],
  complete: ['done'],
  finish: ['done'],
  finished: ['done'],
  profile: ['sheet'],
  passbook: ['sheet'],
  me: ['sheet'],
  whoami: ['sheet'],
  rig: ['sheet'],
  stamps: ['sheet'],
  reputation: ['sheet'],
  leaderboard: ['sheet', 'board'],
  list: ['board'],
  items: ['board'],
  browse: ['board'],
  search: ['board'],
  info: ['status'],
  show: ['status'],
  state: ['status'],
  view: ['status'],
  fix: ['correct'],
  restamp: ['correct'],
  amend: ['correct'],
  deny: ['reject'],
  refuse: ['reject'],
  ban: ['suspend'],
  block: ['suspend'],
  trust: ['promote'],
  commands: ['help'],
  usage: ['help'],
  register: ['join'],
  signup: ['join'],
  optin: ['join'],
  rejoin: ['join'],
  return: ['join'],
  back: ['join'],
  undecline: ['join'],
  unforget: ['join'],
  optout: ['decline'],
  unregister: ['decline'],
  leave: ['decline'],
  quit: ['decline'],
}

/**
 * Commands that end something, which a typo must not end. A misspelt name is taken for one only if its letters are the
 * same, and a line to copy is never offered.
 */
const ENDING = new Set([
  'undo',
  'withdraw',
  'decline',
  'forget',
  'close',
  'suspend',
  'unlink',
  'disown',
  'unclaim',
  'reject',
])
/** Whether a command ends or takes back something. */
export function endsSomething(name: string): boolean {
  return ENDING.has(name)
}

/** The longest text that is compared with names: nothing longer is near one, and comparing takes time by the length. */
const LONGEST_NAME = 40

/** The meaning of a name that no command has. */
export type Meant =
  | { lines: readonly string[] }
  /** A command that ends something: it is named, never given as a line to copy. */
  | { ends: string }
  | { words: string }
  | undefined

export function meantBy(commands: readonly Command[], name: string): Meant {
  const words = Object.hasOwn(SEVERAL_MEANINGS, name) ? SEVERAL_MEANINGS[name] : undefined
  if (words !== undefined) return { words }
  const lines = Object.hasOwn(SYNONYMS, name) ? SYNONYMS[name] : undefined
  if (lines !== undefined) return asMeant(lines)
  const near = nearest(commands, name)
  return near === undefined ? undefined : asMeant([near])
}

function asMeant(lines: readonly string[]): Meant {
  const [first] = lines
  return first !== undefined && ENDING.has(first) ? { ends: first } : { lines }
}

function nearest(commands: readonly Command[], name: string): string | undefined {
  if (name.length > LONGEST_NAME || name.length < 2) return undefined
  const names = commands.flatMap((command) => [command.name, ...(command.aliases ?? [])])
  const near = names.toSorted((a, b) => leven(a, name) - leven(b, name))[0]!
  const distance = leven(near, name)
  if (distance > 2 || distance * 2 >= name.length) return undefined
  // A word two letters away from `undo` may mean anything; with swapped or doubled letters it is still `undo`.
  const isSame = name.startsWith(near[0]!) && distance <= (near.length > 5 ? 2 : 1) && letters(name) === letters(near)
  if (ENDING.has(near) && !isSame) return undefined
  // `unstamp` is not `stamp`.
  if (/^(?:un|dis|no|re|de)/.test(name) !== /^(?:un|dis|no|re|de)/.test(near)) return undefined
  return near
}

function letters(word: string): string {
  return [...new Set(word)].toSorted((a, b) => a.localeCompare(b)).join('')
}
